"""What was counted is kept minute by minute, once for each machine, for a bounded time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.cells import Cells, held, load_json, machine
from app.core.measures import BY_STATUS, Measures
from app.core.minutes import (
    HOUR,
    KEPT,
    MINUTE,
    Measure,
    keep_minute,
    keep_minute_survived,
    measured,
    memory_of,
)
from app.core.tally import Tally
from config import Settings

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def numbers(app: Flask, tmp_path: Path) -> Iterator[Measures]:
    """Numbers of a machine of their own, in the place of the application's."""
    own = Measures(app, tmp_path / "measures")
    before, app.extensions["measures"] = app.extensions["measures"], own
    yield own
    app.extensions["measures"] = before


def ask(numbers: Measures, times: int = 1) -> None:
    for _ in range(times):
        numbers.count_request("GET /", 200, 0.01, 100, Tally("12345678"))


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def kept(minutes: int) -> list[tuple[datetime, float]]:
    """(when, pages asked for) of each row."""
    rows = measured(minutes, NOON - timedelta(days=365))
    return [
        (row.at, sum(row.counts["totals"].get("route:GET /", [0] * 9)[BY_STATUS])) for row in rows
    ]


def test_each_minute_is_written_once(numbers: Measures, settings: Settings) -> None:
    ask(numbers, 3)
    with at(NOON + timedelta(seconds=5)):
        written = [keep_minute(numbers, settings) for _ in range(2)]
    ask(numbers, 2)
    with at(NOON + timedelta(seconds=59)):
        written.append(keep_minute(numbers, settings))
    with at(NOON + timedelta(seconds=61)):
        written.append(keep_minute(numbers, settings))

    assert written == [True, False, False, True]
    assert kept(MINUTE) == [(NOON - timedelta(minutes=1), 3), (NOON, 2)]
    assert kept(HOUR) == [(NOON - timedelta(hours=1), 3), (NOON, 2)]


def test_another_process_of_the_machine_goes_on_where_one_stopped(
    app: Flask, numbers: Measures, settings: Settings
) -> None:
    other = Measures(app, numbers.folder)
    ask(numbers, 3)
    with at(NOON):
        keep_minute(numbers, settings)
        second = keep_minute(other, settings)
    ask(numbers, 1)
    ask(other, 1)
    with at(NOON + timedelta(minutes=1)):
        keep_minute(other, settings)

    assert second is False
    assert kept(MINUTE) == [(NOON - timedelta(minutes=1), 3), (NOON, 2)]


def test_who_finds_the_lock_taken_lets_the_other_write(
    numbers: Measures, settings: Settings
) -> None:
    ask(numbers)
    with held(numbers.folder / "minute.lock"), at(NOON):
        assert keep_minute(numbers, settings) is False
    with at(NOON):
        assert keep_minute(numbers, settings) is True


def test_old_rows_go(numbers: Measures, settings: Settings) -> None:
    for minutes in (0, 60, 60 * 24 * 15):
        with at(NOON + timedelta(minutes=minutes)):
            ask(numbers)
            keep_minute(numbers, settings)

    last = NOON + timedelta(days=15) - timedelta(minutes=1)
    assert kept(MINUTE) == [(last, 1)]
    assert kept(HOUR) == [(last.replace(minute=0), 1)]
    assert set(KEPT) == {MINUTE, HOUR}


def test_row_says_how_the_machine_is(numbers: Measures, settings: Settings) -> None:
    ask(numbers)
    with at(NOON):
        keep_minute(numbers, settings)

    (row,) = measured(MINUTE, NOON - timedelta(hours=1))
    about = row.counts["about"]
    assert row.machine == machine()
    assert [about["web"], about["workers"], about["versions"]] == [1, 0, ["0.1.0"]]
    assert about["memory"] == pytest.approx(memory_of(os.getpid()), rel=0.2)
    assert 0 < about["disk_free"] <= about["disk_size"]
    assert row.counts["levels"]["level:pool_size"][0] >= 0


def test_what_could_not_be_written_comes_with_the_next_minute(
    app: Flask, numbers: Measures, settings: Settings
) -> None:
    ask(numbers, 3)
    sa.event.listen(Measure, "before_insert", _refuse)
    try:
        with at(NOON):
            keep_minute_survived(app)
    finally:
        sa.event.remove(Measure, "before_insert", _refuse)
    with at(NOON + timedelta(minutes=1)):
        keep_minute_survived(app)

    assert kept(MINUTE) == [(NOON, 3)]


def _refuse(*_: object) -> None:
    raise OSError("no room")


@pytest.mark.any_engine
def test_without_a_folder_there_is_no_history(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    wall = tmp_path / "file"
    wall.touch()
    numbers = Measures(app, wall / "in")
    ask(numbers)

    assert keep_minute(numbers, settings) is False
    assert numbers.totals()[0]["route:GET /"][0] == 1
    assert load_json(wall / "in" / "minute.json") == {}
    assert memory_of(2**30) == 0
    assert Cells(wall / "in", [("a", 1)], "1").totals() == {}
