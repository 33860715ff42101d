"""The registers as tables for a spreadsheet, with the same rows as the pages."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from sqlalchemy import Select

from app.accounts.models import User
from app.core.db import db
from app.core.i18n import _, in_language
from app.core.links import absolute_url
from app.notes.anchoring import anchor_of
from app.notes.composing import action_state, decision_status
from app.notes.deciding import number_of
from app.notes.models import Action, Decision
from app.notes.registers import AT_ONCE, day_of_meeting, in_portions
from app.webinars.exporting import BOM, harmless, separator


def write_decisions(target: TextIO, found: Select[Decision]) -> None:
    """`target` is opened with newline="" as csv wants it."""
    rows = db.session.scalars(found.execution_options(yield_per=AT_ONCE))
    head = [_("Number"), _("Decision"), _("Status"), *_head()]
    _write(target, head, ([*_said(one), decision_status(one.status), *_place(one)] for one in rows))


def write_actions(target: TextIO, viewer: User | None, found: Select[Action]) -> None:
    """The same with owners as far as this reader may know them."""
    head = [_("Number"), _("Action"), _("Owner"), _("Due"), _("Status"), *_head()]
    rows = (
        [
            *_said(one.action),
            one.owner,
            one.action.due_on.isoformat() if one.action.due_on else "",
            action_state(one.action.state),
            *_place(one.action),
        ]
        for one in in_portions(viewer, found)
    )
    _write(target, head, rows)


def _write(target: TextIO, head: list[str], rows: Iterable[list[str]]) -> None:
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    target.write(BOM)
    table.writerow([harmless(cell) for cell in head])
    table.writerows([harmless(cell) for cell in row] for row in rows)


def _head() -> list[str]:
    return [_("Topic"), _("Webinar"), _("Day"), _("Address")]


def _said(record: Decision | Action) -> list[str]:
    return [number_of(record), record.text]


def _place(record: Decision | Action) -> list[str]:
    webinar = record.note_set.webinar
    day = day_of_meeting(record)
    return [
        in_language(webinar.topic.names) if webinar.topic else "",
        webinar.title,
        day.isoformat() if day else str(webinar.year or ""),
        absolute_url("summaries.show", webinar_id=webinar.id, _anchor=anchor_of(record)),
    ]
