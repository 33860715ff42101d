"""Sections that writers add, name, move, take out and bring back."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.notes import arranging, prefilling, writing
from app.notes.enums import NoteKind
from app.notes.errors import HeadingMissing, SectionStays
from app.notes.models import Note, NoteSet

TEMPLATES = ("purpose", "shared", "needs", "questions", "next")
"""The sections that are offered by name."""


def add_section(note_set: NoteSet, heading: str, template: str = "") -> Note:
    """Add one at the end, under its own heading or one that is offered. Raise HeadingMissing."""
    note_set = _held(note_set)
    if not heading:
        with prefilling.in_language_of(note_set):
            heading = template_names().get(template, "")
    if not heading:
        raise HeadingMissing
    return writing.add_part(note_set, heading, _kind(note_set, template))


def template_names() -> dict[str, str]:
    """In the language that is being spoken."""
    return {
        "purpose": _("Purpose"),
        "shared": _("What cities shared"),
        "needs": _("Needs expressed"),
        "questions": _("Open questions"),
        "next": _("Next date"),
    }


def rename_section(note: Note, heading: str) -> None:
    """Raise SectionStays for a section of the agenda, HeadingMissing."""
    note = _own(note)
    if not heading:
        raise HeadingMissing
    note.heading = heading


def move_section(note: Note, step: int) -> bool:
    """One place up (-1) or down (1) among those that are shown. False at the edge."""
    note = _own(note)
    other = arranging.neighbour(note, step)
    if other is None:
        return False
    arranging.swap(note, other)
    return True


def remove_section(note: Note, actor: User) -> None:
    """Take it out of every output; its texts stay. Raise SectionStays."""
    note = _own(note)
    if note.removed_at is None:
        writing.bury(note, actor)
        note.removed_at = utcnow()


def bring_back(note: Note, actor: User) -> bool:
    """Undo that, with the text that stood there. False when it is there."""
    note = _own(note)
    if note.removed_at is None:
        return False
    writing.unbury(note, actor)
    return True


def _own(note: Note) -> Note:
    """The section, while nobody else arranges these notes."""
    _held(note.note_set)
    db.session.refresh(note)
    if not arranging.is_own(note):
        raise SectionStays
    return note


def _held(note_set: NoteSet) -> NoteSet:
    return db.session.scalars(locked(select(NoteSet).where(NoteSet.id == note_set.id))).one()


def _kind(note_set: NoteSet, template: str) -> NoteKind:
    """There is one section of open questions; the audience's go there."""
    is_first = all(note.kind != NoteKind.QUESTIONS for note in note_set.notes)
    return NoteKind.QUESTIONS if template == "questions" and is_first else NoteKind.EXTRA
