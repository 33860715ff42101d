"""Tries at sign-in, sign-up and reset, counted in the database: a restart forgives nothing.

Counted per person or per address of a visitor, never per address of somebody signed in:
a whole town hall sits behind one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Select, delete, func, select

from app.accounts.errors import TooManyTries
from app.accounts.models import SignInFailure
from app.core.clock import utcnow
from app.core.db import db, wait_turn

Limits = tuple[tuple[int, timedelta], ...]

SIGN_IN_PER_ADDRESS: Limits = ((6, timedelta(minutes=1)), (30, timedelta(hours=1)))
SIGN_IN_PER_ACCOUNT: Limits = ((5, timedelta(minutes=30)),)
SIGN_UP_PER_ADDRESS: Limits = ((10, timedelta(hours=1)),)
MAIL_PER_ACCOUNT: Limits = ((2, timedelta(hours=1)), (5, timedelta(days=1)))
MAIL_PER_ADDRESS: Limits = ((10, timedelta(days=1)),)
LONGEST = timedelta(days=1)


def check(
    limits: tuple[tuple[int, timedelta], ...], *, identity: str = "", address: str = ""
) -> None:
    """Raise TooManyTries if one more would break a limit of what was counted under these names.

    Whoever tries at the same moment waits until this one is counted.
    """
    wait_turn(f"tries {identity}{address}")
    wait = max((_wait(most, span, identity, address) for most, span in limits), default=0)
    if wait > 0:
        raise TooManyTries(wait)


def count(*, identity: str = "", address: str = "") -> None:
    """Note one try."""
    db.session.add(SignInFailure(at=utcnow(), identity=identity[:254], address=address[:45]))


def forgive(identity: str) -> None:
    """Forget the failures of an account whose owner got in."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.identity == identity[:254]))


def forgive_last(address: str) -> None:
    """Take back the newest try of an address: colleagues behind it share the room for failures."""
    newest = select(func.max(SignInFailure.id)).where(SignInFailure.address == address[:45])
    db.session.execute(delete(SignInFailure).where(SignInFailure.id == newest.scalar_subquery()))


def forget_old() -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < utcnow() - LONGEST))


def _wait(most: int, span: timedelta, identity: str, address: str) -> int:
    """Seconds until the oldest try that counts is older than the span."""
    tries = _tries(span, identity, address).limit(1).offset(most - 1)
    decisive = db.session.scalars(tries).first()
    return ceil((decisive + span - utcnow()).total_seconds()) if decisive else 0


def _tries(span: timedelta, identity: str, address: str) -> Select[datetime]:
    tries = select(SignInFailure.at).where(SignInFailure.at > utcnow() - span)
    if identity:
        tries = tries.where(SignInFailure.identity == identity[:254])
    if address:
        tries = tries.where(SignInFailure.address == address[:45])
    return tries.order_by(SignInFailure.at.desc())
