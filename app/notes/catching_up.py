"""One page for whoever was not there: decided, promised, asked, to be seen (idea 10).

Only what the public part of the summary says: it goes out by mail, to people with and without
account, and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select

from app.core.db import db
from app.core.jobs import enqueue
from app.core.templating import day
from app.materials.showing import Shelf
from app.materials.telling import shelf_of
from app.notes.deciding import number_of
from app.notes.enums import ActionState, DecisionStatus, NotesStatus
from app.notes.models import Action, Decision, Note, NoteSet, SummaryVersion
from app.questions.showing import Reader, listing_for
from app.webinars import reminding
from app.webinars.models import Registration, Webinar
from app.webinars.participants import reload

DECISIONS, QUESTIONS = 3, 5

Record = TypeVar("Record", Decision, Action)


@dataclass(frozen=True)
class CatchUp:
    """`actions` are those of the person's own city, and their own."""

    decisions: list[str]
    actions: list[str]
    questions: list[str]
    shelf: Shelf


def catch_up_for(registration: Registration) -> CatchUp | None:
    """None before a summary is published."""
    webinar = registration.webinar
    if not db.session.scalar(_published(webinar)):
        return None
    return CatchUp(
        decisions=decided(webinar),
        actions=[_line(one) for one in db.session.scalars(_promised(webinar, registration))],
        questions=[row.body for row in listing_for(webinar, Reader(False, False), QUESTIONS).rows],
        shelf=shelf_of(registration),
    )


def decided(webinar: Webinar) -> list[str]:
    """The first decisions that everybody may read."""
    return [_line(one) for one in db.session.scalars(_decided(webinar))]


def note_read(registration: Registration) -> None:
    """The person says so: with that the summary reached their city. Twice is once."""
    reload(registration)
    registration.opened_summary = True


def go_round(webinar: Webinar, version_id: int, after_id: int = 0) -> int | None:
    """Queue the mail of each person who had a place. Return where to go on."""
    people = reminding.people_reminded(webinar, after_id)
    for registration in people:
        queue_mail(registration, version_id)
    return people[-1].id if len(people) == reminding.AT_ONCE else None


def queue_mail(registration: Registration, version_id: int) -> None:
    """Not within three hours of another mail about the webinar."""
    later = reminding.quiet_until(registration)
    key = f"{registration.id}:{version_id}:{later.isoformat() if later else ''}"
    enqueue("notes.send_summary", key, run_at=later,
            registration_id=registration.id, version_id=version_id)  # fmt: skip


def _published(webinar: Webinar) -> Select[int]:
    return (
        select(SummaryVersion.id)
        .join(SummaryVersion.note_set)
        .where(NoteSet.webinar_id == webinar.id, NoteSet.status == NotesStatus.PUBLISHED)
        .limit(1)
    )


def _decided(webinar: Webinar) -> Select[Decision]:
    here = _records(webinar, Decision).where(Decision.status == DecisionStatus.ADOPTED)
    return here.order_by(Decision.year, Decision.number).limit(DECISIONS)


def _promised(webinar: Webinar, registration: Registration) -> Select[Action]:
    mine: list[ColumnElement[bool]] = []
    if registration.city_id is not None:
        mine.append(Action.owner_city_id == registration.city_id)
    if registration.user_id is not None:
        mine.append(Action.owner_user_id == registration.user_id)
    here = _records(webinar, Action).where(Action.state == ActionState.OPEN)
    return here.where(or_(false(), *mine)).order_by(Action.year, Action.number)


def _records(webinar: Webinar, table: type[Record]) -> Select[Record]:
    """Those of the published summary that everybody may read."""
    closed = select(Note.id).where(or_(Note.is_for_practitioners, Note.removed_at.is_not(None)))
    published = (
        select(SummaryVersion.id)
        .where(SummaryVersion.note_set_id == table.note_set_id)
        .where(SummaryVersion.published_at >= table.created_at)
        .exists()
    )
    return (
        select(table)
        .join(NoteSet, NoteSet.id == table.note_set_id)
        .where(NoteSet.webinar_id == webinar.id, NoteSet.status == NotesStatus.PUBLISHED)
        .where(published)
        .where(or_(table.note_id.is_(None), table.note_id.not_in(closed)))
    )


def _line(record: Decision | Action) -> str:
    due = f" ({day(record.due_on)})" if isinstance(record, Action) and record.due_on else ""
    return f"{number_of(record)}: {record.text}{due}"
