"""How often one account may do something, counted in the database: a restart forgives nothing.

Time is cut into windows that stand still. How much was done in the last minute is this minute's
count and the share of the last one that is not yet a minute old: one short row instead of a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    and_,
    bindparam,
    delete,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.core.periodic import periodic
from app.core.prepared import Prepared, dialect_insert

MINUTE, HOUR, DAY = 60, 3600, 86_400
FORGOTTEN_AFTER = 2 * DAY  # the longest window and the one before it

Key = tuple[str, str, int]
NAMES = ("act", "who", "window")


class RateCount(Base):
    """How often `who` did `act` in the window that began at this unix second.

    `act` carries the window's length ("upload/60"): a minute and a day may begin together.
    """

    __tablename__ = "rate_count"

    act: Mapped[str] = mapped_column(String(40), primary_key=True)
    who: Mapped[str] = mapped_column(String(80), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    count: Mapped[int]


@dataclass(frozen=True)
class Allowance:
    """So often in so many seconds, a day's at most."""

    most: int
    seconds: int


@dataclass(frozen=True)
class Spending:
    """What one allowance has seen. All in whole seconds, so that nothing is lost in rounding."""

    allowance: Allowance
    current: int  # in the window that runs
    previous: int  # in the one before
    elapsed: int  # seconds since the present window began

    @property
    def left(self) -> int:
        seconds = self.allowance.seconds
        carried = self.previous * (seconds - self.elapsed)
        return max(0, (self.allowance.most - self.current) - -(-carried // seconds))

    @property
    def wait(self) -> int:
        """Seconds until one more is allowed; 0: now."""
        most, seconds = self.allowance.most, self.allowance.seconds
        if self.left > 0:
            return 0
        if self.current < most:
            return seconds - (most - self.current - 1) * seconds // self.previous - self.elapsed
        fades = seconds - (most - 1) * seconds // self.current  # in the window to come
        return seconds - self.elapsed + fades


class AllowanceSpent(DomainError):
    """Somebody did something too often. `seconds` until it works again."""

    status = 429

    def __init__(self, seconds: int, field: str | None = None) -> None:
        super().__init__(self.say(seconds), field)
        self.seconds = seconds

    def say(self, seconds: int) -> str:
        return f"{_('You have done this very often.')} {when_again(seconds)}"


def when_again(seconds: int) -> str:
    """A sentence, as exact as a person needs it."""
    if seconds < 90:
        return ngettext(
            "You can go on in %(num)s second.", "You can go on in %(num)s seconds.", seconds
        )
    if seconds <= 90 * MINUTE:
        return ngettext(
            "You can go on in %(num)s minute.",
            "You can go on in %(num)s minutes.",
            -(-seconds // MINUTE),
        )
    if seconds <= DAY:
        return ngettext(
            "You can go on in %(num)s hour.", "You can go on in %(num)s hours.", -(-seconds // HOUR)
        )
    return _("You can go on tomorrow.")


def spend(act: str, who: str, *allowances: Allowance) -> None:
    """Count one more inside `write()`. Raise AllowanceSpent, counting nothing, when it is too much.

    The counted row is held until the transaction ends: two at the same moment come one by one.
    """
    now = int(utcnow().timestamp())
    keys = [_key(act, who, allowance, now) for allowance in allowances]
    befores = [_before(*pair) for pair in zip(keys, allowances, strict=True)]
    current, previous = _add_one(keys), _counts_of(befores)
    waits = [
        _spending(allowance, now, current[key] - 1, previous.get(before, 0)).wait
        for key, before, allowance in zip(keys, befores, allowances, strict=True)
    ]
    if wait := max(waits, default=0):
        _take_back(keys)
        raise AllowanceSpent(wait)


def left(act: str, who: str, allowance: Allowance) -> int:
    """How often it still works now."""
    now = int(utcnow().timestamp())
    key = _key(act, who, allowance, now)
    before = _before(key, allowance)
    counts = _counts_of([key, before])
    return _spending(allowance, now, counts.get(key, 0), counts.get(before, 0)).left


@periodic("core.forget_rate_counts", every=timedelta(hours=6))
def forget_old() -> None:
    oldest = int(utcnow().timestamp()) - FORGOTTEN_AFTER
    db.session.execute(delete(RateCount).where(RateCount.window < oldest))


def forgive() -> None:
    """Begin to count anew: what people of a story did is not held against anybody."""
    db.session.execute(delete(RateCount))


def _spending(allowance: Allowance, now: int, current: int, previous: int) -> Spending:
    return Spending(allowance, current, previous, now % allowance.seconds)


def _key(act: str, who: str, allowance: Allowance, now: int) -> Key:
    return f"{act}/{allowance.seconds}", who, now - now % allowance.seconds


def _before(key: Key, allowance: Allowance) -> Key:
    return key[0], key[1], key[2] - allowance.seconds


def _add_one(keys: Sequence[Key]) -> dict[Key, int]:
    """Count one more everywhere, in one statement; what each says now."""
    db.session.flush()
    return {row[:3]: row[3] for row in _raised.rows((len(keys),), **_named(keys))}


@Prepared
def _raised(how_many: int) -> Any:
    rows = [dict(zip(NAMES, place, strict=True)) | {"count": 1} for place in _places(how_many)]
    first = dialect_insert(RateCount).values(rows)
    return first.on_conflict_do_update(
        index_elements=[RateCount.act, RateCount.who, RateCount.window],
        set_={"count": RateCount.count + 1},
    ).returning(RateCount.act, RateCount.who, RateCount.window, RateCount.count)


def _counts_of(keys: Sequence[Key]) -> dict[Key, int]:
    return {row[:3]: row[3] for row in _counts.rows((len(keys),), **_named(keys))}


@Prepared
def _counts(how_many: int) -> Any:
    columns = (RateCount.act, RateCount.who, RateCount.window)
    wanted = [
        and_(*(column == value for column, value in zip(columns, place, strict=True)))
        for place in _places(how_many)
    ]
    return select(*columns, RateCount.count).where(or_(*wanted))


def _places(how_many: int) -> list[list[Any]]:
    return [[bindparam(f"{name}_{place}") for name in NAMES] for place in range(how_many)]


def _named(keys: Sequence[Key]) -> dict[str, Any]:
    return {
        f"{name}_{place}": value
        for place, key in enumerate(keys)
        for name, value in zip(NAMES, key, strict=True)
    }


def _take_back(keys: list[Key]) -> None:
    """A caller may catch the error and commit all the same."""
    db.session.execute(
        update(RateCount).where(_is(*keys)).values(count=RateCount.count - 1),
        execution_options={"synchronize_session": False},
    )


def _is(*keys: Key) -> ColumnElement[bool]:
    return tuple_(RateCount.act, RateCount.who, RateCount.window).in_(keys)
