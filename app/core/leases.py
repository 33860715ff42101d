"""Rows that workers take turns with: claimed for a while, given back when something went wrong."""

from __future__ import annotations

import random
from collections.abc import Hashable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from sqlalchemy import (
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    not_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import UTCDateTime, utcnow
from app.core.db import db, locked, write
from app.core.prepared import Prepared

MOST_TRIES = 9
MOST_LOST_LEASES = 3
GROWTH = 2.7  # with 10 s at first, nine tries take between four and five hours


class Leased:
    """`lost_leases` counts workers that died over this row; the third one buries it."""

    READY: ClassVar[StrEnum]
    BUSY: ClassVar[StrEnum]
    DEAD: ClassVar[StrEnum]

    id: Mapped[int] = mapped_column(primary_key=True)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    locked_by: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    lost_leases: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_error: Mapped[str | None] = mapped_column(Text)

    if TYPE_CHECKING:
        state: Mapped[Any]


L = TypeVar("L", bound=Leased)
NOW = bindparam("now", type_=UTCDateTime())


def claim(table: type[L], worker: str, seconds: int) -> int | None:
    """Take the row that is due longest; None when nothing is due.

    One short transaction: the work itself starts after it.
    """
    now, kind = utcnow(), cast(Hashable, table)
    db.session.rollback()  # an older snapshot would not show what others queued since
    due: Any = _due_now.first((kind,), now=now)
    if due is None:
        return None
    until = now + timedelta(seconds=seconds)
    with write() as session:
        if due.state == table.BUSY:  # only what somebody had before can be poison
            _bury_poison(session, table, now)
        for state in (due.state, _other(table, due.state)):
            taken = _taken.first((kind, state), now=now, worker=worker, until=until)
            if taken is not None:
                return cast(int, taken[0])
    return None


@Prepared
def _due_now(table: type[Leased]) -> Select[Any]:
    """The first of each state, so that an index finds it however many wait."""
    firsts = (select(_first(table, state).subquery()) for state in (table.READY, table.BUSY))
    both = union_all(*firsts).subquery()
    return select(both.c.id, both.c.state).order_by(both.c.run_at, both.c.id).limit(1)


@Prepared
def _taken(table: type[Leased], state: StrEnum) -> Any:
    """Never a poisoned row: it stays until it is the first that is due, and is buried then."""
    one = _first(table, state).where(not_(_is_poison(table, NOW))).with_only_columns(table.id)
    return (
        update(table)
        .where(table.id == one.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=table.BUSY,
            locked_by=bindparam("worker", type_=String),
            lease_until=bindparam("until", type_=UTCDateTime()),
            attempts=table.attempts + 1,
            lost_leases=table.lost_leases + _lost(table),
        )
        .returning(table.id)
    )


def _first(table: type[Leased], state: StrEnum) -> Select[Any]:
    waiting = and_(table.state == table.READY, table.run_at <= NOW)
    return (
        select(table.id, table.state, table.run_at)
        .where(_abandoned(table, NOW) if state == table.BUSY else waiting)
        .order_by(table.run_at, table.id)
        .limit(1)
    )


def _other(table: type[Leased], state: StrEnum) -> StrEnum:
    return table.READY if state == table.BUSY else table.BUSY


def _abandoned(table: type[Leased], now: Any) -> Any:
    return and_(table.state == table.BUSY, table.lease_until < now)


def _is_poison(table: type[Leased], now: Any) -> Any:
    return and_(_abandoned(table, now), table.lost_leases >= MOST_LOST_LEASES - 1)


def _lost(table: type[Leased]) -> Any:
    """1 for a row whose last worker never came back."""
    return case((table.state == table.BUSY, 1), else_=0)


def _bury_poison(session: Session, table: type[Leased], now: datetime) -> None:
    poison = select(table.id).where(_is_poison(table, now)).with_for_update(skip_locked=True)
    session.execute(
        update(table)
        .where(table.id.in_(poison))
        .values(
            state=table.DEAD,
            lost_leases=table.lost_leases + 1,
            locked_by=None,
            lease_until=None,
            last_error=f"{MOST_LOST_LEASES} workers died while they had it",
        )
        .execution_options(synchronize_session=False)
    )


def held(table: type[L], row_id: int, worker: str) -> L | None:
    """The row, locked, if this worker still has it. Call inside `write()`."""
    return db.session.scalars(
        locked(select(table).where(table.id == row_id, table.locked_by == worker))
    ).one_or_none()


def finish(row: Leased, state: StrEnum) -> None:
    row.state = state
    row.locked_by = row.lease_until = row.last_error = None


def give_back(
    table: type[L], row_id: int, worker: str, error: BaseException, first_wait: float, final: bool
) -> None:
    """Keep the error and try again later; bury the row when it is final or was tried enough."""
    with write():
        row = held(table, row_id, worker)
        if row is None:
            return
        buried = final or row.attempts >= MOST_TRIES
        finish(row, table.DEAD if buried else table.READY)
        row.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
        row.run_at = utcnow() + timedelta(seconds=wait_seconds(row.attempts, first_wait))


def let_go(table: type[L], worker: str) -> None:
    """Free what this worker has claimed without knowing it: the answer was lost on the way."""
    with write() as session:
        session.execute(
            update(table)
            .where(table.state == table.BUSY, table.locked_by == worker)
            .values(state=table.READY, locked_by=None, lease_until=None)
            .execution_options(synchronize_session=False)
        )


def wait_seconds(attempts: int, first_wait: float) -> float:
    """How long to wait after this many tries; scattered, so that not all come back at once."""
    return first_wait * GROWTH ** (attempts - 1) * random.uniform(0.8, 1.2)  # noqa: S311
