"""Which sections notes have, and in which order."""

from __future__ import annotations

from app.core.db import db
from app.notes.enums import NoteKind
from app.notes.models import Note, NoteSet
from app.webinars.models import AgendaItem


def follow_agenda(note_set: NoteSet, general: str, agenda: list[AgendaItem]) -> None:
    """A section for each item, in the order of the agenda, and a general one before all.

    Sections that somebody added, and those of items that are gone, stay where they are.
    """
    if all(note.kind != NoteKind.GENERAL for note in note_set.notes):
        add_note(note_set, NoteKind.GENERAL, general, 0)
    known = {note.agenda_item_id: note for note in note_set.notes if note.agenda_item_id}
    _in_order_of(note_set, [known[item.id] for item in agenda if item.id in known])
    before: Note | None = None
    for item in agenda:
        note = known.get(item.id) or _add_item(note_set, item, before)
        note.heading = item.title
        if item.carries_actions:
            note.kind = NoteKind.EARLIER
        before = note
    db.session.flush()


def add_note(
    note_set: NoteSet, kind: NoteKind, heading: str, place: int, item: AgendaItem | None = None
) -> Note:
    """Add a section at this place among the others, which make room."""
    arranged = list(note_set.notes)
    note = Note(note_set_id=note_set.id, kind=kind, heading=heading, position=place)
    note.agenda_item_id = item.id if item else None
    db.session.add(note)
    arranged.insert(place, note)
    _number(arranged)
    db.session.flush()
    db.session.expire(note_set, ["notes"])
    return note


def swap(one: Note, other: Note) -> None:
    one.position, other.position = other.position, one.position
    db.session.flush()
    db.session.expire(one.note_set, ["notes"])


def is_own(note: Note) -> bool:
    """Not the general one, and of no item that is on the agenda: it can be renamed and moved."""
    return note.kind != NoteKind.GENERAL and note.agenda_item_id is None


def neighbour(note: Note, step: int) -> Note | None:
    """The section that is shown before (-1) or after (1); nothing stands before the general one."""
    shown = [one for one in note.note_set.shown if one is note or one.kind != NoteKind.GENERAL]
    place = shown.index(note) + step
    return shown[place] if 0 <= place < len(shown) else None


def _add_item(note_set: NoteSet, item: AgendaItem, before: Note | None) -> Note:
    """After the section of the item before it; the first stands after the general one."""
    place = note_set.notes.index(before) + 1 if before else 1
    return add_note(note_set, NoteKind.ITEM, item.title, place, item)


def _in_order_of(note_set: NoteSet, items: list[Note]) -> None:
    """The places that items have among the others are filled in the agenda's order."""
    following = iter(items)
    arranged = [next(following) if note in items else note for note in note_set.notes]
    _number(arranged)
    db.session.flush()
    db.session.expire(note_set, ["notes"])


def _number(arranged: list[Note]) -> None:
    for position, note in enumerate(arranged):
        note.position = position
