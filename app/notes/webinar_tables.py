"""Decisions and actions of one summary as tables for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO, TypeVar

from app.core.i18n import _
from app.core.links import absolute_url
from app.notes.anchoring import anchor_of
from app.notes.composing import action_state, decision_status
from app.notes.contents import actions_of, decisions_of
from app.notes.deciding import number_of
from app.notes.documents.blocks import Document, Table, text_of
from app.notes.models import Action, Decision, NoteSet
from app.notes.naming import load_owners, naming_of, owner_words
from app.webinars.exporting import BOM, harmless, separator

Row = list[str]
Record = TypeVar("Record", Decision, Action)


@dataclass(frozen=True)
class Source:
    """A document as one reader has it, and the notes that it was made from."""

    note_set: NoteSet
    document: Document
    is_whole: bool


def write_decisions(target: TextIO, sources: Iterable[Source]) -> None:
    """`target` is opened with newline="" as csv wants it."""
    head = [_("Number"), _("Decision"), _("Agenda item"), _("Status"), *_place_head()]
    _write(target, head, (row for one in sources for row in _decisions(one)))


def write_actions(target: TextIO, sources: Iterable[Source]) -> None:
    head = [_("Number"), _("Action"), _("Owner"), _("Due"), _("Status"), *_place_head()]
    _write(target, head, (row for one in sources for row in _actions(one)))


def _decisions(source: Source) -> Iterator[Row]:
    headings = {n.id: n.heading for n in source.note_set.notes if n.removed_at is None}
    for one in _told(source, decisions_of(source.note_set)):
        heading = headings.get(one.note_id or 0, "")
        said = [number_of(one), one.text, heading, decision_status(one.status)]
        yield [*said, *_place(source, one)]


def _actions(source: Source) -> Iterator[Row]:
    naming = naming_of(source.note_set, public=not source.is_whole)
    actions = _told(source, actions_of(source.note_set))
    load_owners(actions)
    for one in actions:
        due = one.due_on.isoformat() if one.due_on else ""
        said = [number_of(one), one.text, owner_words(one, naming), due, action_state(one.state)]
        yield [*said, *_place(source, one)]


def _told(source: Source, records: Sequence[Record]) -> list[Record]:
    """As they are today, but only those that the document has."""
    tables = (block for block in source.document.blocks if isinstance(block, Table))
    numbers = {text_of(row[0]) for one in tables for row in one.rows if row}
    closed = {note.id for note in source.note_set.notes if note.is_for_practitioners}
    return [
        one
        for one in records
        if number_of(one) in numbers and (source.is_whole or one.note_id not in closed)
    ]


def _place_head() -> Row:
    return [_("Webinar"), _("Address")]


def _place(source: Source, record: Decision | Action) -> Row:
    webinar = source.note_set.webinar
    address = absolute_url("summaries.show", webinar_id=webinar.id, _anchor=anchor_of(record))
    return [webinar.title, address]


def _write(target: TextIO, head: Row, rows: Iterable[Row]) -> None:
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    target.write(BOM)
    table.writerow([harmless(cell) for cell in head])
    table.writerows([harmless(cell) for cell in row] for row in rows)
