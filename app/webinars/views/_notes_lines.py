"""What the page of a webinar says of its notes to those who write or correct them.

The page is kept for many readers: it holds these lines as marks, and each reader gets their own.
Who gets which is the table in `notes.permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.db import db
from app.notes.note_takers import note_takers_of
from app.notes.queries import notes_of_webinar
from app.notes.reviewing import end_words, takes_corrections
from app.webinars.enums import RegistrationState
from app.webinars.glancing import Glance

THERE = "was-there"
TAKER = "takes-notes-"


@dataclass(frozen=True)
class NotesLines:
    """`review_until` is empty for a review without an end; `takers` are names of marks."""

    is_in_review: bool
    review_until: str
    takers: list[str]


def notes_lines(webinar: Any, *, is_past: bool) -> NotesLines:
    found = db.session.scalars(notes_of_webinar(webinar)) if is_past else iter(())
    note_set = next(iter(found), None)
    is_open = note_set is not None and takes_corrections(note_set)
    until = end_words(note_set) if is_open and note_set else ""
    return NotesLines(is_open, until, [taker_mark(one) for one in note_takers_of(webinar)])


def taker_mark(person: Any) -> str:
    return f"{TAKER}{person.id}"


def is_of_notes(mark: str) -> bool:
    return mark == THERE or mark.startswith(TAKER)


def own_lines(person: Any, glance: Glance, asked: set[str]) -> set[str]:
    """Those who take notes do not need the link for reading them."""
    if person is None:
        return set()
    if person.is_approved and taker_mark(person) in asked:
        return {taker_mark(person)}
    has_place = glance.place is not None and glance.place[1] == RegistrationState.CONFIRMED
    return {THERE} if has_place or glance.speaks else set()
