"""What becomes of the corrections that those who were there propose."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.core.markup import render
from app.forum.comparing import Piece, compare
from app.notes.clashing import Clashing, whole
from app.notes.contents import heads_of
from app.notes.enums import CorrectionState, Naming, RevisionKind
from app.notes.errors import AnsweredMeanwhile, AnswerMissing
from app.notes.merging import Clean, Conflict, merge, paragraphs
from app.notes.models import Correction, Note, NoteRevision, NoteSet
from app.notes.naming import naming_of, person_words
from app.notes.reviewing import hold
from app.notes.signals import correction_answered
from app.notes.writing import Clash, revision_of, save_note
from app.webinars.models import Registration

LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Waiting:
    """A correction without an answer, as those who answer see it."""

    correction: Correction
    changes: list[Piece]
    proposed_by: str
    place: int | None
    """The paragraph of the newest text; None: it changed since."""


def accept(
    correction: Correction, lock_version: int, actor: User, answer: str = ""
) -> Conflict | None:
    """Put the proposed words into the text. A conflict with newer words changes nothing."""
    hold(correction.note.note_set)
    note = _note_held(correction)
    held = _open(correction, lock_version)
    base, head = revision_of(note, held.base), revision_of(note, note.head)
    if head and note.removed_at is not None:
        head = revision_of(note, head.base)  # the section comes back with what stood in it
    body = body_with(held, base.body if base else "")
    merged = merge(base.body if base else "", body, head.body if head else "")
    if isinstance(merged, Conflict):
        return merged
    save_note(note, body, render(body).html, held.base, actor, RevisionKind.CORRECTED)
    _answer(held, CorrectionState.ACCEPTED, answer, actor)
    return None


def settle(
    correction: Correction, lock_version: int, body: str, base: int, actor: User
) -> Clash | None:
    """Save what the choices on the page of the conflict make. Another one keeps it open."""
    hold(correction.note.note_set)
    note = _note_held(correction)
    held = _open(correction, lock_version)
    outcome = save_note(note, body, render(body).html, base, actor, RevisionKind.CORRECTED)
    if isinstance(outcome, Clash):
        return outcome
    _answer(held, CorrectionState.ACCEPTED, "", actor)
    return None


def reject(correction: Correction, lock_version: int, answer: str, actor: User) -> None:
    """With a line for who proposed it."""
    if not answer.strip():
        raise AnswerMissing
    hold(correction.note.note_set)
    _answer(_open(correction, lock_version), CorrectionState.REJECTED, answer, actor)


def body_with(correction: Correction, body: str) -> str:
    """The text with the proposed words in place of the paragraph; all else stays as it is."""
    start = 0
    found = paragraphs(body)
    for text in found[: correction.paragraph]:
        start = body.index(text, start) + len(text)
    start = body.index(correction.was, start)
    end = start + len(correction.was)
    if correction.proposed.strip():
        return body[:start] + correction.proposed + body[end:]
    return "\n\n".join(one for one in (body[:start].rstrip("\n"), body[end:].lstrip("\n")) if one)


def waiting(note_set: NoteSet) -> list[Waiting]:
    """Those without an answer, in the order of the text, the oldest first in each paragraph."""
    found = db.session.scalars(_waiting_at(note_set)).all()
    naming = naming_of(note_set, public=False)
    heads = heads_of(note_set) if found else {}
    texts = {note_id: paragraphs(head.body) for note_id, head in heads.items()}
    return [_shown(one, naming, texts.get(one.note_id, [])) for one in found]


def clash_of(correction: Correction) -> Clashing:
    """The proposal, as "mine", laid beside the newest text."""
    note = correction.note
    base, theirs = revision_of(note, correction.base), revision_of(note, note.head)
    before = base.body if base else ""
    mine = NoteRevision(number=0, base=correction.base, body=body_with(correction, before), html="")
    merged = merge(before, mine.body, theirs.body if theirs else "")
    pieces = whole(merged) if isinstance(merged, Clean) else merged.pieces
    return Clashing(0, note.head, pieces, mine, theirs)


def one_correction(note: Note, correction_id: int) -> Select[Correction]:
    return select(Correction).where(Correction.note_id == note.id, Correction.id == correction_id)


def correction_by_id(correction_id: int) -> Select[Correction]:
    """For work that was queued."""
    return select(Correction).where(Correction.id == correction_id)


def _shown(correction: Correction, naming: Naming, now: list[str]) -> Waiting:
    """Beside the paragraph as it was; the nearest one, when the same words stand there twice."""
    person = correction.user or correction.registration
    places = [number for number, text in enumerate(now) if text == correction.was]
    return Waiting(
        correction,
        compare(correction.was, correction.proposed),
        person_words(person, naming) if person else "",
        min(places, key=lambda place: abs(place - correction.paragraph), default=None),
    )


def _waiting_at(note_set: NoteSet) -> Select[Correction]:
    person = joinedload(Correction.registration)
    return (
        select(Correction)
        .join(Correction.note)
        .where(Note.note_set_id == note_set.id, Note.removed_at.is_(None))
        .where(Correction.state == CorrectionState.OPEN)
        .options(joinedload(Correction.note), joinedload(Correction.user))
        .options(person.joinedload(Registration.city))
        .order_by(Note.position, Correction.paragraph, Correction.id)
    )


def _note_held(correction: Correction) -> Note:
    mine = select(Note).where(Note.id == correction.note_id)
    return db.session.scalars(locked(mine)).one()


def _open(correction: Correction, lock_version: int) -> Correction:
    """Its row, locked. Raise AnsweredMeanwhile when somebody else was first."""
    mine = select(Correction).where(Correction.id == correction.id)
    held = db.session.scalars(locked(mine)).one()
    if held.state != CorrectionState.OPEN or held.lock_version != lock_version:
        raise AnsweredMeanwhile(held.state)
    return held


def _answer(held: Correction, state: CorrectionState, answer: str, actor: User) -> None:
    held.state, held.answer = state, answer.strip()[:LONGEST_ANSWER]
    held.answered_by_id, held.answered_at = actor.id, utcnow()
    held.lock_version += 1
    audit.record(actor.id, f"notes.correction_{state.value}", f"correction:{held.id}")
    enqueue("notes.tell_correction", str(held.id), correction_id=held.id)
    correction_answered.send(held)
