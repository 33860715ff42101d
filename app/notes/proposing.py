"""What those who were there want to read instead of a paragraph of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.rate_limit import HOUR, Allowance, spend
from app.notes.enums import CorrectionState
from app.notes.errors import (
    AnsweredMeanwhile,
    CorrectionsOver,
    CorrectionTooLong,
    NothingCorrected,
    ParagraphGone,
    TooManyCorrections,
)
from app.notes.merging import paragraphs
from app.notes.models import Correction, Note, NoteSet
from app.notes.reviewing import end_words, hold, takes_corrections
from app.notes.signals import correction_proposed
from app.notes.writing import revision_of
from app.webinars.models import Registration

PROPOSALS = Allowance(30, HOUR)
MOST_OPEN = 40
"""That one person waits for, at one webinar."""
LONGER_BY = 2_000


@dataclass(frozen=True)
class Proposer:
    """Somebody who was there: by account, by a personal link, or known by both."""

    user: User | None = None
    registration: Registration | None = None

    @property
    def key(self) -> str:
        if self.user:
            return f"user:{self.user.id}"
        return f"registration:{self.registration.id if self.registration else 0}"

    def owns(self, correction: Correction) -> bool:
        if self.user and correction.user_id == self.user.id:
            return True
        return bool(self.registration and correction.registration_id == self.registration.id)


def propose(
    note: Note, base: int, paragraph: int, proposed: str, reason: str, who: Proposer
) -> Correction:
    """Raise why it cannot be taken: too late, too long, too many, nothing changed, no such place.

    An empty proposal means that the paragraph should go.
    """
    note_set = hold(note.note_set)
    if not takes_corrections(note_set):
        raise CorrectionsOver(end_words(note_set))
    was = paragraph_of(note, base, paragraph)
    _check(was, proposed, note_set, who)
    spend("correct", who.key, PROPOSALS)
    correction = Correction(
        note_id=note.id,
        base=base,
        paragraph=paragraph,
        was=was,
        proposed=proposed,
        reason=reason,
        user_id=who.user.id if who.user else None,
        registration_id=who.registration.id if who.registration else None,
        created_at=utcnow(),
    )
    db.session.add(correction)
    db.session.flush()
    correction_proposed.send(correction)
    return correction


def withdraw(correction: Correction) -> None:
    """By who proposed it, while nobody answered."""
    mine = select(Correction).where(Correction.id == correction.id)
    held = db.session.scalars(locked(mine)).one()
    if held.state == CorrectionState.WITHDRAWN:
        return
    if held.state != CorrectionState.OPEN:
        raise AnsweredMeanwhile(held.state)
    held.state = CorrectionState.WITHDRAWN
    held.lock_version += 1


def paragraph_of(note: Note, number: int, paragraph: int) -> str:
    """What stands there in a revision. Raise ParagraphGone when nothing does."""
    revision = revision_of(note, number)
    found = paragraphs(revision.body) if revision else []
    if not 0 <= paragraph < len(found):
        raise ParagraphGone
    return found[paragraph]


def own_corrections(note_set: NoteSet, who: Proposer) -> Sequence[Correction]:
    """What this person proposed, the newest first."""
    mine = _of(who)
    return db.session.scalars(
        select(Correction)
        .join(Correction.note)
        .where(Note.note_set_id == note_set.id, mine)
        .options(joinedload(Correction.note))
        .order_by(Correction.id.desc())
    ).all()


def _check(was: str, proposed: str, note_set: NoteSet, who: Proposer) -> None:
    if proposed.strip() == was.strip():
        raise NothingCorrected
    if len(proposed) > len(was) + LONGER_BY:
        raise CorrectionTooLong(len(was) + LONGER_BY)
    if _open_count(note_set, who) >= MOST_OPEN:
        raise TooManyCorrections


def _open_count(note_set: NoteSet, who: Proposer) -> int:
    found = (
        select(func.count())
        .select_from(Correction)
        .join(Correction.note)
        .where(Note.note_set_id == note_set.id, _of(who))
        .where(Correction.state == CorrectionState.OPEN)
    )
    return db.session.scalar(found) or 0


def _of(who: Proposer) -> ColumnElement[bool]:
    """By account or by link: who has both may have used either."""
    mine = []
    if who.user:
        mine.append(Correction.user_id == who.user.id)
    if who.registration:
        mine.append(Correction.registration_id == who.registration.id)
    return or_(*mine)
