"""What one set of notes holds, whoever asks: texts, versions, decisions, actions."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.notes.enums import NotesStatus
from app.notes.models import (
    Action,
    Decision,
    Note,
    NoteRevision,
    NoteSet,
    SummaryVersion,
)


def versions_of(note_set: NoteSet) -> list[SummaryVersion]:
    """Newest first."""
    order = (SummaryVersion.major.desc(), SummaryVersion.minor.desc())
    found = select(SummaryVersion).where(SummaryVersion.note_set_id == note_set.id)
    return list(db.session.scalars(found.order_by(*order)))


def version_to_tell_of(version_id: int) -> Select[SummaryVersion]:
    """For work that was queued: nothing while the summary is taken back."""
    found = select(SummaryVersion).join(SummaryVersion.note_set)
    is_out = NoteSet.status == NotesStatus.PUBLISHED
    return found.where(SummaryVersion.id == version_id, is_out)


def newest_version_id(version: SummaryVersion) -> int:
    """Whoever is told of an older version now is told what the newest one says."""
    newest = select(func.max(SummaryVersion.id))
    return db.session.scalars(newest.where(SummaryVersion.note_set_id == version.note_set_id)).one()


def version_by_id(version_id: int) -> Select[SummaryVersion]:
    """For who was asked before whether they may."""
    return select(SummaryVersion).where(SummaryVersion.id == version_id)


def earlier_version(webinar_id: int, major: int, minor: int) -> Select[SummaryVersion]:
    """One version by its number, for those who write the notes."""
    return (
        select(SummaryVersion)
        .join(SummaryVersion.note_set)
        .where(NoteSet.webinar_id == webinar_id)
        .where(SummaryVersion.major == major, SummaryVersion.minor == minor)
    )


def note_set_by_id(note_set_id: int) -> Select[NoteSet]:
    """For work that was queued."""
    return select(NoteSet).where(NoteSet.id == note_set_id)


def published_notes(webinar_id: int) -> Select[NoteSet]:
    """For telling people of a summary; nothing when it was taken back."""
    return select(NoteSet).where(
        NoteSet.webinar_id == webinar_id, NoteSet.status == NotesStatus.PUBLISHED
    )


def one_note(note_set: NoteSet, note_id: int) -> Select[Note]:
    return select(Note).where(Note.note_set_id == note_set.id, Note.id == note_id)


def heads_of(note_set: NoteSet) -> dict[int, NoteRevision]:
    """The current revision of each note that has text, by note."""
    found = (
        select(NoteRevision)
        .join(Note, and_(Note.id == NoteRevision.note_id, Note.head == NoteRevision.number))
        .where(Note.note_set_id == note_set.id)
        .options(joinedload(NoteRevision.author))
    )
    return {revision.note_id: revision for revision in db.session.scalars(found)}


def revisions_of(note: Note) -> list[NoteRevision]:
    """Newest first, with authors."""
    found = (
        select(NoteRevision)
        .where(NoteRevision.note_id == note.id)
        .options(joinedload(NoteRevision.author))
        .order_by(NoteRevision.number.desc())
    )
    return list(db.session.scalars(found))


def one_revision(note: Note, number: int) -> Select[NoteRevision]:
    return select(NoteRevision).where(
        NoteRevision.note_id == note.id, NoteRevision.number == number
    )


def decisions_of(note_set: NoteSet) -> list[Decision]:
    order = (Decision.year, Decision.number)
    return list(
        db.session.scalars(
            select(Decision).where(Decision.note_set_id == note_set.id).order_by(*order)
        )
    )


def one_decision(note_set: NoteSet, decision_id: int) -> Select[Decision]:
    return select(Decision).where(Decision.note_set_id == note_set.id, Decision.id == decision_id)


def actions_of(note_set: NoteSet) -> list[Action]:
    return list(
        db.session.scalars(
            select(Action)
            .where(Action.note_set_id == note_set.id)
            .options(joinedload(Action.owner_user), joinedload(Action.owner_city))
            .order_by(Action.year, Action.number)
        )
    )


def one_action(note_set: NoteSet, action_id: int) -> Select[Action]:
    return select(Action).where(Action.note_set_id == note_set.id, Action.id == action_id)
