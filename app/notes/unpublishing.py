"""Taking a summary back: it is a draft again, and in no output any more."""

from __future__ import annotations

from app.accounts.models import User
from app.core import audit
from app.notes.enums import NotesStatus
from app.notes.errors import NotPublished, ReasonMissing
from app.notes.models import NoteSet
from app.notes.reviewing import hold
from app.notes.signals import summary_unpublished


def unpublish(note_set: NoteSet, reason: str, actor: User) -> None:
    """Its versions stay, for those who write it; the next one needs to say what changed."""
    if not reason.strip():
        raise ReasonMissing
    note_set = hold(note_set)
    if note_set.status != NotesStatus.PUBLISHED:
        raise NotPublished
    note_set.status, note_set.review_until = NotesStatus.DRAFT, None
    audit.record(actor.id, "notes.unpublish", f"note_set:{note_set.id}", reason=reason)
    summary_unpublished.send(note_set, actor=actor)
