"""Decisions and actions: records with numbers that stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked, wait_turn
from app.network.models import City
from app.notes.enums import ActionState, DecisionStatus
from app.notes.errors import ChangedMeanwhile, TextMissing
from app.notes.models import Action, Decision, Note, NoteSet
from app.notes.signals import action_turned

Record = TypeVar("Record", Decision, Action)


@dataclass(frozen=True)
class Owner:
    """Who does it: a person, a city, or a role in words. All empty: nobody yet."""

    user: User | None = None
    city: City | None = None
    label: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.user or self.city or self.label)


def decide(
    note_set: NoteSet,
    words: str,
    note: Note | None = None,
    status: DecisionStatus = DecisionStatus.ADOPTED,
) -> Decision:
    """Record a decision under the next number of the year."""
    now = utcnow()
    decision = Decision(
        note_set_id=note_set.id,
        note_id=note.id if note else None,
        year=now.year,
        number=_next_number(Decision, now.year),
        text=_required(words),
        status=status,
        created_at=now,
    )
    return _kept(decision)


def change_decision(
    decision: Decision,
    words: str,
    status: DecisionStatus,
    note: Note | None,
    lock_version: int,
) -> None:
    decision = _current(Decision, decision.id, lock_version)
    decision.text = _required(words)
    decision.status = status
    decision.note_id = note.id if note else None


def withdraw(decision: Decision, lock_version: int) -> None:
    """The number stays, the record says that it no longer holds."""
    _current(Decision, decision.id, lock_version).status = DecisionStatus.WITHDRAWN


def promise(
    note_set: NoteSet,
    words: str,
    owner: Owner,
    due_on: date | None,
    note: Note | None = None,
) -> Action:
    """Record an action under the next number of the year. Owner and date may come later."""
    now = utcnow()
    action = Action(
        note_set_id=note_set.id,
        note_id=note.id if note else None,
        year=now.year,
        number=_next_number(Action, now.year),
        text=_required(words),
        due_on=due_on,
        created_at=now,
    )
    give(action, owner)
    return _kept(action)


def change_action(
    action: Action,
    words: str,
    owner: Owner,
    due_on: date | None,
    note: Note | None,
    lock_version: int,
) -> None:
    action = _current(Action, action.id, lock_version)
    action.text = _required(words)
    action.due_on = due_on
    action.note_id = note.id if note else None
    give(action, owner)


def finish(action: Action, lock_version: int) -> None:
    _turn(action, lock_version, ActionState.DONE)


def drop(action: Action, lock_version: int) -> None:
    """It will not be done; the record stays."""
    _turn(action, lock_version, ActionState.DROPPED)


def reopen(action: Action, lock_version: int) -> None:
    _turn(action, lock_version, ActionState.OPEN)


def hand_over_actions(old_owner_id: int, owner: User) -> int:
    """Give somebody's open actions to a successor. Return how many there were."""
    mine = select(Action).where(
        Action.owner_user_id == old_owner_id, Action.state == ActionState.OPEN
    )
    actions = db.session.scalars(locked(mine.order_by(Action.id))).all()
    for action in actions:
        action.owner_user_id = owner.id
        action.lock_version += 1
    db.session.flush()
    return len(actions)


def number_of(record: Decision | Action) -> str:
    """D-2026-014 or A-2026-014."""
    letter = "D" if isinstance(record, Decision) else "A"
    return f"{letter}-{record.year}-{record.number:03d}"


def _turn(action: Action, lock_version: int, state: ActionState) -> None:
    action = _current(Action, action.id, lock_version)
    action.state = state
    action.done_at = utcnow() if state == ActionState.DONE else None
    action_turned.send(action)


def give(action: Action, owner: Owner) -> None:
    action.owner_user_id = owner.user.id if owner.user else None
    action.owner_city_id = owner.city.id if owner.city else None
    action.owner_label = owner.label


def _required(words: str) -> str:
    if not words.strip():
        raise TextMissing
    return words


def _next_number(table: type[Record], year: int) -> int:
    """The next free number; the others wait for it until this transaction ends."""
    wait_turn(f"number of {table.__tablename__}")
    highest = select(func.max(table.number)).where(table.year == year)
    return (db.session.scalar(highest) or 0) + 1


def _current(table: type[Record], record_id: int, lock_version: int) -> Record:
    """The locked row. Raise ChangedMeanwhile when the form was made from an older one."""
    record = db.session.scalars(locked(select(table).where(table.id == record_id))).one()
    if record.lock_version != lock_version:
        raise ChangedMeanwhile
    record.lock_version += 1
    return record


def _kept(record: Record) -> Record:
    db.session.add(record)
    db.session.flush()
    return record
