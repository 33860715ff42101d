"""What a person promised, as whole days in a calendar (spec/ideas-webinars 7)."""

from __future__ import annotations

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
from app.notes.deciding import number_of
from app.notes.models import Action
from app.notes.queries import open_actions_of
from app.webinars import itip
from app.webinars.events import AHEAD, BACK, MOST
from app.webinars.feeds import CalendarFile, calendar_file

LONGEST = 150
SHOWS = ("notes", "webinars", "topics", "people", "network")


def action_feed(reader: User) -> CalendarFile:
    """Open actions of the reader and of their city, each on the day it is due."""
    changes, today = generations(*SHOWS), utcnow().date()
    key = ("action feed", language(), absolute_url("home.show"), reader.id, today, changes)
    content = fragment(key, lambda: _written(reader, today)).encode()
    return calendar_file(content, [at for _value, at in changes if at is not None])


def _written(reader: User, today: date) -> str:
    found = open_actions_of(reader, today - BACK, today + AHEAD).limit(MOST)
    deadlines = [itip.shown_deadline(_deadline(action)) for action in db.session.scalars(found)]
    name = _("Interurban: my actions")
    return itip.feed_of(deadlines, name, reader.timezone).decode()


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
        page_url=absolute_url("summaries.show", webinar_id=webinar.id),
    )
