"""One clock, and times that come back as they went in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy.dialects import postgresql, sqlite

from app.core.clock import UTCDateTime, standing_at, utcnow

pytestmark = pytest.mark.any_engine

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IN_GRAZ = NOON.astimezone(timezone(timedelta(hours=1)))


def test_now_is_aware_and_in_utc() -> None:
    with time_machine.travel(NOON, tick=False):
        assert (utcnow(), utcnow().tzinfo) == (NOON, UTC)


def test_clock_stands_inside_the_block_only() -> None:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        with standing_at(NOON):
            with standing_at(NOON - timedelta(hours=1)):
                assert utcnow() == NOON - timedelta(hours=1)
            assert utcnow() == NOON
        assert utcnow() == NOON + timedelta(days=1)


def test_clock_goes_on_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), standing_at(NOON):
        _ = 1 / 0

    assert utcnow() != NOON


def test_clock_of_other_threads_goes_on() -> None:
    seen: list[datetime] = []
    with standing_at(NOON):
        thread = threading.Thread(target=lambda: seen.append(utcnow()))
        thread.start()
        thread.join()

    assert seen != [NOON]


@pytest.mark.parametrize(
    ("dialect", "stored"),
    [(sqlite.dialect(), NOON.replace(tzinfo=None)), (postgresql.dialect(), NOON)],
)
def test_moments_are_stored_in_utc(dialect: object, stored: datetime) -> None:
    column = UTCDateTime()

    assert column.process_bind_param(IN_GRAZ, dialect) == stored
    assert column.process_result_value(stored, dialect) == NOON
    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="naive time"):
        UTCDateTime().process_bind_param(datetime(2026, 1, 1), sqlite.dialect())  # noqa: DTZ001
