"""What organisers do when, counted back from the start (spec/ideas-webinars 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.core.jobs import insert_once
from app.webinars.access_card import unanswered
from app.webinars.enums import Recording, RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import ChecklistTick

BY_HAND = ("sound", "run_sheet", "materials")
"""Lines that only people can know to be done."""


@dataclass(frozen=True)
class Afterwards:
    """What the notes, the questions and the room say; their domains know."""

    has_room: bool = False
    has_notes: bool = False
    has_review: bool = False
    has_summary: bool = False
    has_followup: bool = False
    has_recording: bool = False
    has_attendance: bool = False


@dataclass(frozen=True)
class Line:
    """One thing to do. `step` names it, and with it the page or button that does it."""

    step: str
    text: str
    due_at: datetime
    is_done: bool

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.due_at < utcnow()

    @property
    def is_by_hand(self) -> bool:
        return self.step in BY_HAND


def checklist(webinar: Webinar, after: Afterwards) -> list[Line]:
    """All lines by date; none for a webinar whose hour is not known."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return []
    lines = [*_before(webinar, webinar.starts_at, after), *_behind(webinar.ends_at, after)]
    if webinar.recording != Recording.NONE:
        publish = _("Publish the recording")
        lines.append(_line("recording", publish, webinar.ends_at, -7, after.has_recording))
    return sorted(lines, key=lambda line: line.due_at)


def turn(webinar: Webinar, step: str, actor_id: int) -> None:
    """Tick a line by hand, or take the tick back when it has one."""
    mine = (ChecklistTick.webinar_id == webinar.id) & (ChecklistTick.line == step)
    gone = db.session.execute(delete(ChecklistTick).where(mine).returning(ChecklistTick.line))
    if not gone.all():
        row = {"webinar_id": webinar.id, "line": step, "ticked_by_id": actor_id, "at": utcnow()}
        insert_once(ChecklistTick, row)


def _before(webinar: Webinar, start: datetime, known: Afterwards) -> Iterator[Line]:
    ticked = _ticked(webinar)
    yield _line("publish", _("Publish it"), start, 28, webinar.status != Status.DRAFT)
    yield _line("programme", _("Write the programme"), start, 28, bool(webinar.agenda))
    yield _line("access", _("Say how people with different needs can take part"), start, 28,
                not unanswered(webinar))  # fmt: skip
    yield _line("speakers_asked", _("Ask the speakers"), start, 21, _all_asked(webinar))
    yield _line("speakers_agreed", _("Have an answer from every speaker"), start, 14,
                _all_answered(webinar))  # fmt: skip
    yield _line(
        "room",
        _("Save the address of the room"),
        start,
        7,
        known.has_room or bool(webinar.room_url),
    )
    yield _line("approve", _("Answer everybody who waits for approval"), start, 3,
                not _waits_for_approval(webinar))  # fmt: skip
    yield _line("sound", _("Try sound and picture with the speakers"), start, 2,
                "sound" in ticked)  # fmt: skip
    yield _line("materials", _("Collect slides and texts"), start, 1, "materials" in ticked)
    yield _line("run_sheet", _("Print the run sheet"), start, 1, "run_sheet" in ticked)


def _behind(end: datetime, after: Afterwards) -> Iterator[Line]:
    yield _line("notes", _("Begin the notes"), end, 0, after.has_notes or after.has_summary)
    yield _line("attendance", _("Note who was there"), end, -1, after.has_attendance)
    yield _line("follow_up", _("Take open questions to the forum"), end, -1, after.has_followup)
    yield _line("review", _("Let those who were there check the notes"), end, -2,
                after.has_review or after.has_summary)  # fmt: skip
    yield _line("summary", _("Publish the summary"), end, -5, after.has_summary)


def _line(step: str, text: str, moment: datetime, days_before: int, is_done: bool) -> Line:
    return Line(step, text, moment - timedelta(days=days_before), is_done)


def _ticked(webinar: Webinar) -> set[str]:
    mine = ChecklistTick.webinar_id == webinar.id
    return set(db.session.scalars(select(ChecklistTick.line).where(mine)))


def _all_asked(webinar: Webinar) -> bool:
    with_address = [speaker for speaker in webinar.speakers if speaker.email]
    return all(speaker.state != SpeakerState.LISTED for speaker in with_address)


def _all_answered(webinar: Webinar) -> bool:
    return all(speaker.state != SpeakerState.INVITED for speaker in webinar.speakers)


def _waits_for_approval(webinar: Webinar) -> bool:
    waiting = select(func.count()).where(
        Registration.webinar_id == webinar.id,
        Registration.state == RegistrationState.PENDING_APPROVAL,
    )
    return bool(db.session.scalar(waiting))
