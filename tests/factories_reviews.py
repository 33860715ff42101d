"""Notes in review, for tests of what those who were there propose."""

from __future__ import annotations

from app.accounts.models import User
from app.core.db import db, write
from app.notes import proposing, reviewing
from app.notes.models import Correction, Note, NoteSet
from app.notes.proposing import Proposer
from tests.factories_notes import make_notes, note_at, save

TEXT = "Rents rose by a third.\n\nGraz counts them each year.\n\nLund asks people."


def make_review(organiser: User, text: str = TEXT, days: int = 7, **changes: object) -> NoteSet:
    """Notes with a text in their first section that those who were there may correct."""
    note_set = make_notes(organiser, **changes)  # type: ignore[arg-type]
    save(note_at(note_set, 1), text, organiser)
    with write():
        reviewing.open_review(note_set, days, organiser)
    db.session.refresh(note_set)
    return note_set


def propose(
    note: Note,
    proposed: str,
    who: Proposer,
    paragraph: int = 0,
    base: int | None = None,
    reason: str = "",
) -> Correction:
    with write():
        number = note.head if base is None else base
        correction = proposing.propose(note, number, paragraph, proposed, reason, who)
    db.session.refresh(correction)
    return correction
