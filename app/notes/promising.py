"""Owners say themselves what became of what they promised."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.accounts.models import User
from app.accounts.queries import seats_of
from app.core import audit
from app.core.db import db, locked
from app.notes import deciding
from app.notes.enums import ActionState
from app.notes.errors import ActionDropped
from app.notes.models import Action
from app.notes.queries import actions_visible_to


def own_city_ids(person: User | None) -> frozenset[int]:
    """The cities that somebody has a seat of today."""
    if person is None or not person.is_approved:
        return frozenset()
    return frozenset(seat.city_id for seat in seats_of(person) if seat.city_id is not None)


def is_owner(person: User | None, action: Action, cities: frozenset[int]) -> bool:
    """The person who promised it; of what a city promised everybody with a seat there."""
    if person is None or not person.is_approved:
        return False
    return action.owner_user_id == person.id or action.owner_city_id in cities


def one_promise(viewer: User | None, action_id: int) -> Select[Action]:
    """Whatever its state, by the rule of the register."""
    return actions_visible_to(viewer).where(Action.id == action_id)


def finish(action: Action, actor: User, lock_version: int) -> None:
    """Twice is once. Raise ChangedMeanwhile when it is not any more as its owner saw it."""
    if not _is_already(action, ActionState.DONE):
        deciding.finish(action, lock_version)
        audit.record(actor.id, "notes.finish_action", f"action:{action.id}")


def reopen(action: Action, actor: User, lock_version: int) -> None:
    """The same the other way. What organisers dropped stays so."""
    if not _is_already(action, ActionState.OPEN):
        deciding.reopen(action, lock_version)
        audit.record(actor.id, "notes.reopen_action", f"action:{action.id}")


def _is_already(action: Action, state: ActionState) -> bool:
    """Raise ActionDropped for what its organisers gave up."""
    now_is = db.session.scalars(locked(select(Action).where(Action.id == action.id))).one()
    if now_is.state == ActionState.DROPPED:
        raise ActionDropped
    return now_is.state == state
