"""Owners say themselves what became of what they promised."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from app.accounts.models import User
from app.accounts.queries import one_user, seats_of
from app.core import audit
from app.core.db import db, locked
from app.core.seals import seal, unseal
from app.core.tokens import LinkUnknown, sign, unsign
from app.notes import deciding
from app.notes.enums import ActionState
from app.notes.errors import ActionDropped
from app.notes.models import Action
from app.notes.queries import actions_visible_to
from app.webinars.permissions import can_manage

PURPOSE = "notes.promise"
LIVES_HOURS = 60 * 24
STOP = "notes.action_mails"
STOP_SUMMARIES = "notes.summary_mails"
ID_BYTES, PROOF_BYTES = 5, 20


@dataclass(frozen=True)
class Meant:
    """What a link of a mail leads to. Not current: the action is due on another day since."""

    action: Action
    person: User
    is_current: bool


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


def may_turn(person: User, action: Action) -> bool:
    """Its owner; where that is a role in words, or is gone, the organisers of the webinar."""
    if is_owner(person, action, own_city_ids(person)):
        return True
    is_here = action.owner_user is not None and action.owner_user.is_approved
    is_theirs = not is_here and action.owner_city_id is None
    return is_theirs and can_manage(person, action.note_set.webinar)


def link_token(action: Action, person: User) -> str:
    """What stands in a mail: for this action, this person and the day it is due."""
    return sign(PURPOSE, action.id, person.id, action.due_on.isoformat() if action.due_on else "")


def stop_token(person: User, purpose: str = STOP) -> str:
    """What ends all mails of a kind to a person, however old the mail is."""
    return seal(purpose, person.id.to_bytes(ID_BYTES, "big"), PROOF_BYTES)


def reader_stopping(token: str, purpose: str = STOP) -> User:
    """Raise LinkUnknown for what we never gave away, and for a closed account."""
    payload = unseal(purpose, token, ID_BYTES, PROOF_BYTES)
    number = int.from_bytes(payload, "big") if payload is not None else 0
    person = db.session.scalars(one_user(number)).first()
    if person is None or not person.active:
        raise LinkUnknown
    return person


def promise_meant(token: str) -> Meant:
    """Raise LinkExpired or LinkUnknown. What the person does not see any more is unknown."""
    action_id, user_id, due_on = unsign(PURPOSE, token, LIVES_HOURS)
    person = db.session.scalars(one_user(user_id)).first()
    if person is None or not person.is_approved:
        raise LinkUnknown
    action = db.session.scalars(one_promise(person, action_id)).first()
    if action is None or not may_turn(person, action):
        raise LinkUnknown
    is_current = action.due_on is not None and action.due_on.isoformat() == due_on
    return Meant(action, person, is_current)


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
