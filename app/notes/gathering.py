"""What a document is made from, read from the database once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.attendance.presence import was_excused, was_there
from app.core.db import db
from app.materials.showing import shelf_for
from app.notes.contents import actions_of, decisions_of, heads_of
from app.notes.enums import ActionState, DecisionStatus
from app.notes.models import Action, Decision, Note, NoteSet
from app.notes.naming import load_owners
from app.notes.queries import holds, was_read
from app.webinars.attending import registrations_at
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar

TAKEN_BACK = {DecisionStatus.WITHDRAWN, ActionState.DROPPED}


@dataclass(frozen=True)
class Material:
    """`read` has the ids of decisions and of actions that some version holds already."""

    note_set: NoteSet
    bodies: dict[int, str]
    decisions: list[Decision]
    actions: list[Action]
    people: list[Registration]
    titles: list[str]
    read: dict[type[Decision] | type[Action], set[int]]

    def notes(self, *, public: bool) -> list[Note]:
        """Without what was removed, in their order."""
        here = [note for note in self.note_set.notes if note.removed_at is None]
        open_ones = (note for note in here if not (public and note.is_for_practitioners))
        return sorted(open_ones, key=lambda note: note.position)

    def is_shown(self, record: Decision | Action, *, public: bool) -> bool:
        """Not what belongs to a closed part, nor what was taken back before anybody read it."""
        closed = {note.id for note in self.note_set.notes if note.is_for_practitioners}
        return not (public and record.note_id in closed) and not self._is_unread(record)

    def _is_unread(self, record: Decision | Action) -> bool:
        state = record.status if isinstance(record, Decision) else record.state
        return state in TAKEN_BACK and record.id not in self.read[type(record)]


def material_of(note_set: NoteSet) -> Material:
    """All that a document of these notes is made from."""
    actions = actions_of(note_set)
    load_owners(actions)
    return Material(
        note_set=note_set,
        bodies={note_id: head.body for note_id, head in heads_of(note_set).items()},
        decisions=decisions_of(note_set),
        actions=actions,
        people=people_of(note_set.webinar),
        titles=[one.title for one in shelf_for(note_set.webinar, is_inside=False).materials],
        read={kind: _read_of(kind, note_set) for kind in (Decision, Action)},
    )


def people_of(webinar: Webinar) -> list[Registration]:
    everybody = registrations_at(webinar).options(joinedload(Registration.user))
    return [one for one in db.session.scalars(everybody) if _counts(one)]


def _counts(person: Registration) -> bool:
    """Who had a place, came without one, or said that they cannot come."""
    is_placed = person.state == RegistrationState.CONFIRMED
    return is_placed or was_there(person) or was_excused(person)


def _read_of(kind: type[Decision] | type[Action], note_set: NoteSet) -> set[int]:
    """Only of those which no longer hold: all others are shown anyway."""
    here = (kind.note_set_id == note_set.id, ~holds(kind), was_read(kind))
    return set(db.session.scalars(select(kind.id).where(*here)))
