"""The right to read one's own calendars without signing in: given, used, ended, each by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, Update, select, update

from app.accounts.models import User
from app.accounts.queries import one_user
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import insert_once
from app.core.seals import seal, unseal
from app.webinars.enums import FeedKind
from app.webinars.errors import CalendarEnded
from app.webinars.place_models import CalendarKey

Key = CalendarKey
Reader = User
"""Somebody whose program reads by key: nobody is signed in."""

PURPOSE = "webinars.calendar"
PROOF_BYTES = 20  # 160 bits that cannot be guessed
PERSON_BYTES, KIND_BYTES, SERIAL_BYTES = 5, 1, 3
PAYLOAD_BYTES = PERSON_BYTES + KIND_BYTES + SERIAL_BYTES
KINDS = [FeedKind.MINE, FeedKind.ORGANISED, FeedKind.ACTIONS]
"""In the order of their numbers in addresses: only ever add to the end."""

SEEN_AGAIN_AFTER = timedelta(hours=1)


def keys_of(person: User) -> dict[FeedKind, CalendarKey]:
    """Those that work now."""
    found = select(CalendarKey).where(
        CalendarKey.user_id == person.id, CalendarKey.revoked_at.is_(None)
    )
    return {key.kind: key for key in db.session.scalars(found)}


def calendar_token(key: CalendarKey) -> str:
    """What stands in the address of this calendar: the same until it is renewed."""
    payload = key.user_id.to_bytes(PERSON_BYTES, "big") + bytes([KINDS.index(key.kind)])
    return seal(PURPOSE, payload + key.serial.to_bytes(SERIAL_BYTES, "big"), PROOF_BYTES)


def renew(person: User, kind: FeedKind) -> CalendarKey:
    """Give a new address; the one of before stops working at once."""
    now = utcnow()
    values = {"user_id": person.id, "kind": kind, "serial": 0, "created_at": now}
    insert_once(CalendarKey, values)
    key = db.session.scalars(locked(_key(person.id, kind))).one()
    key.serial += 1
    key.created_at, key.last_used_at, key.revoked_at = now, None, None
    db.session.flush()
    return key


def revoke(person: User, kind: FeedKind) -> None:
    """End the address."""
    db.session.execute(_change(person.id, kind).values(revoked_at=utcnow()))


def reader_of(token: str) -> tuple[User, CalendarKey] | None:
    """Whose calendar a token opens, and which. None for what we never gave away.

    Raise CalendarEnded for an address that was renewed or ended, and for a closed account.
    """
    payload = unseal(PURPOSE, token, PAYLOAD_BYTES, PROOF_BYTES)
    if payload is None:
        return None
    user_id = int.from_bytes(payload[:PERSON_BYTES], "big")
    serial = int.from_bytes(payload[-SERIAL_BYTES:], "big")
    key = db.session.scalars(_key(user_id, KINDS[payload[PERSON_BYTES]])).first()
    if key is None or key.serial != serial or key.revoked_at is not None:
        raise CalendarEnded
    person = db.session.scalars(one_user(user_id)).first()
    if person is None or not person.is_approved:
        raise CalendarEnded
    return person, key


def is_worth_noting(key: CalendarKey) -> bool:
    """Calendars ask all day: the last use is kept to the hour."""
    return key.last_used_at is None or key.last_used_at < utcnow() - SEEN_AGAIN_AFTER


def note_use(user_id: int, kind: FeedKind) -> None:
    db.session.execute(_change(user_id, kind).values(last_used_at=utcnow()))


def _key(user_id: int, kind: FeedKind) -> Select[CalendarKey]:
    return select(CalendarKey).where(CalendarKey.user_id == user_id, CalendarKey.kind == kind)


def _change(user_id: int, kind: FeedKind) -> Update:
    return update(CalendarKey).where(CalendarKey.user_id == user_id, CalendarKey.kind == kind)
