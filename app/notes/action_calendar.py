"""What a person promised, as whole days in a calendar (spec/ideas-webinars 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

from app.accounts.models import User
from app.core import inbound
from app.core.clock import utcnow
from app.core.db import db
from app.core.fragments import fragment
from app.core.generations import generations
from app.core.i18n import _, language
from app.core.links import absolute_url
from app.notes.anchoring import anchor_of
from app.notes.deciding import number_of
from app.notes.enums import ActionState
from app.notes.models import Action
from app.notes.queries import open_actions_of, tasks_of
from app.webinars import itip
from app.webinars.events import AHEAD, BACK, MOST
from app.webinars.feeds import CalendarFile, calendar_file

LONGEST = 150
SHOWS = ("notes", "webinars", "topics", "people", "network")


def action_feed(reader: User) -> CalendarFile:
    """Open actions of the reader and of their city, each on the day it is due."""
    return _file(reader, "action feed", _written)


def task_feed(reader: User) -> CalendarFile:
    """The same as tasks, for programs that take some from an address; done ones are ticked off."""
    return _file(reader, "task feed", _written_as_tasks)


def _file(reader: User, name: str, write: Callable[[User, date], str]) -> CalendarFile:
    changes, today = generations(*SHOWS), utcnow().date()
    key = (name, language(), absolute_url("home.show"), reader.id, today, changes)
    content = fragment(key, lambda: write(reader, today)).encode()
    return calendar_file(content, [at for _value, at in changes if at is not None])


def _written(reader: User, today: date) -> str:
    found = open_actions_of(reader, today - BACK, today + AHEAD).limit(MOST)
    deadlines = [itip.shown_deadline(_deadline(action)) for action in db.session.scalars(found)]
    name = _("Interurban: my actions")
    return itip.feed_of(deadlines, name, reader.timezone).decode()


def _written_as_tasks(reader: User, today: date) -> str:
    found = tasks_of(reader, today - BACK, today + AHEAD).limit(MOST)
    tasks = [itip.shown_task(_task(action)) for action in db.session.scalars(found)]
    return itip.feed_of(tasks, _("Interurban: my tasks"), reader.timezone).decode()


def _task(action: Action) -> itip.Deadline:
    """Another UID than on the day it is due: both may come to one program."""
    is_done = action.state == ActionState.DONE
    return replace(
        _deadline(action),
        uid=f"task-{action.id}@{inbound.domain()}",
        stamp=(action.done_at if is_done else None) or action.created_at,
        summary=f"{number_of(action)} {action.text}"[:LONGEST],
        done_at=action.done_at if is_done else None,
    )


def _deadline(action: Action) -> itip.Deadline:
    """DTSTAMP is when it was written down: the file stays the same until something changes."""
    webinar = action.note_set.webinar
    return itip.Deadline(
        uid=f"action-{action.id}@{inbound.domain()}",
        sequence=action.lock_version - 1,
        stamp=action.created_at,
        created=action.created_at,
        day=cast(date, action.due_on),
        summary=_("Due: %(action)s", action=f"{number_of(action)} {action.text}")[:LONGEST],
        description=_(
            "%(action)s\n\nPromised at: %(webinar)s", action=action.text, webinar=webinar.title
        ),
        page_url=absolute_url("summaries.show", webinar_id=webinar.id, _anchor=anchor_of(action)),
    )
