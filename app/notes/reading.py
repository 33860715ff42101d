"""The notes page: what a reader of the working notes is shown."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.core.i18n import _
from app.notes.arranging import is_own
from app.notes.checking import Gap, gaps
from app.notes.contents import actions_of, decisions_of, heads_of, versions_of
from app.notes.models import Action, Decision, Note, NoteRevision, NoteSet, SummaryVersion
from app.notes.naming import load_owners
from app.notes.note_takers import note_takers_of
from app.notes.permissions import can_publish_notes, can_write_notes, reads_practitioners_part
from app.notes.prefilling import in_language_of
from app.notes.writing import revision_of
from app.webinars.agenda import Stop, stops


@dataclass(frozen=True)
class Section:
    """One note and its newest text; None while nothing is written.

    `stop` is its place in the programme, `is_own`: it can be renamed, moved and removed.
    """

    note: Note
    head: NoteRevision | None
    stop: Stop | None
    is_own: bool

    @property
    def anchor(self) -> str:
        return f"note-{self.note.position}"


@dataclass(frozen=True)
class RecordWords:
    """The words that make a line a record, in the language of the notes."""

    decision: str
    action: str


@dataclass(frozen=True)
class NotesPage:
    note_set: NoteSet
    sections: list[Section]
    removed: list[Note]
    decisions: list[Decision]
    actions: list[Action]
    versions: list[SummaryVersion]
    gaps: list[Gap]
    takers: list[User]
    can_write: bool
    can_publish: bool
    missing_items: int
    words: RecordWords


def notes_page(viewer: User | None, note_set: NoteSet, refused: Note | None = None) -> NotesPage:
    """Everything this viewer may read of the notes; what is closed to them is not there.

    `refused` is a section whose text comes back to its writer, also if it was removed meanwhile.
    """
    webinar = note_set.webinar
    can_write = can_write_notes(viewer, webinar)
    notes = _readable(viewer, note_set)
    if refused is not None and refused not in notes:
        notes = sorted([*notes, refused], key=lambda note: note.position)
    open_ids = {note.id for note in notes}
    known = {note.agenda_item_id for note in note_set.notes}
    actions = [a for a in actions_of(note_set) if a.note_id in open_ids | {None}]
    load_owners(actions)
    return NotesPage(
        note_set=note_set,
        sections=_sections(notes, note_set),
        removed=[note for note in note_set.notes if note.removed_at] if can_write else [],
        decisions=[d for d in decisions_of(note_set) if d.note_id in open_ids | {None}],
        actions=actions,
        versions=versions_of(note_set) if can_write else [],
        gaps=gaps(note_set) if can_write else [],
        takers=note_takers_of(webinar) if can_write else [],
        can_write=can_write,
        can_publish=can_publish_notes(viewer, webinar),
        missing_items=len({item.id for item in webinar.agenda} - known) if can_write else 0,
        words=record_words(note_set),
    )


def record_words(note_set: NoteSet) -> RecordWords:
    with in_language_of(note_set):
        return RecordWords(_("Decision"), _("Action"))


def section_of(note: Note) -> Section:
    """One section, for somebody who writes the notes."""
    return Section(
        note, revision_of(note, note.head), _stops(note.note_set).get(note.id), is_own(note)
    )


def _sections(notes: list[Note], note_set: NoteSet) -> list[Section]:
    heads, programme = heads_of(note_set), _stops(note_set)
    return [Section(one, heads.get(one.id), programme.get(one.id), is_own(one)) for one in notes]


def _stops(note_set: NoteSet) -> dict[int, Stop]:
    """The place in the programme of each note that has one."""
    by_item = {stop.item.id: stop for stop in stops(note_set.webinar)}
    found = {note.id: by_item.get(note.agenda_item_id or 0) for note in note_set.notes}
    return {note_id: stop for note_id, stop in found.items() if stop is not None}


def _readable(viewer: User | None, note_set: NoteSet) -> list[Note]:
    is_closed = any(note.is_for_practitioners for note in note_set.shown)
    if not is_closed or reads_practitioners_part(viewer, note_set.webinar):
        return note_set.shown
    return [note for note in note_set.shown if not note.is_for_practitioners]
