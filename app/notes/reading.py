"""The notes page: what a reader of the working notes is shown."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.notes.models import Action, Decision, Note, NoteRevision, NoteSet, SummaryVersion
from app.notes.permissions import can_write_notes, reads_whole_draft
from app.notes.publishing import Gap, gaps
from app.notes.queries import actions_of, decisions_of, heads_of, versions_of


@dataclass(frozen=True)
class Section:
    """One note and its newest text; None while nothing is written."""

    note: Note
    head: NoteRevision | None

    @property
    def anchor(self) -> str:
        return f"note-{self.note.position}"


@dataclass(frozen=True)
class NotesPage:
    note_set: NoteSet
    sections: list[Section]
    decisions: list[Decision]
    actions: list[Action]
    versions: list[SummaryVersion]
    gaps: list[Gap]
    can_write: bool
    missing_items: int


def notes_page(viewer: User | None, note_set: NoteSet) -> NotesPage:
    """Everything this viewer may read of the notes; what is closed to them is not there."""
    webinar = note_set.webinar
    can_write = can_write_notes(viewer, webinar)
    open_ids = _readable(viewer, note_set)
    heads = heads_of(note_set)
    notes = [note for note in note_set.notes if note.id in open_ids]
    known = {note.agenda_item_id for note in note_set.notes}
    return NotesPage(
        note_set=note_set,
        sections=[Section(note, heads.get(note.id)) for note in notes],
        decisions=[d for d in decisions_of(note_set) if d.note_id in open_ids | {None}],
        actions=[a for a in actions_of(note_set) if a.note_id in open_ids | {None}],
        versions=versions_of(note_set) if can_write else [],
        gaps=gaps(note_set) if can_write else [],
        can_write=can_write,
        missing_items=len({item.id for item in webinar.agenda} - known) if can_write else 0,
    )


def _readable(viewer: User | None, note_set: NoteSet) -> set[int]:
    closed = {note.id for note in note_set.notes if note.is_for_practitioners}
    everything = {note.id for note in note_set.notes}
    if not closed or reads_whole_draft(viewer, note_set.webinar):
        return everything
    return everything - closed
