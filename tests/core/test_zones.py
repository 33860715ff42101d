"""Wall-clock times that exist once, in zones that exist."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from app.core.zones import (
    TimeDoesNotExist,
    TimeHappensTwice,
    UnknownZone,
    to_local,
    to_utc,
    zone,
    zone_names,
)

pytestmark = pytest.mark.any_engine


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("local", "tzid", "moment"),
    [
        ("2026-11-18T10:00", "Europe/Vienna", "2026-11-18T09:00+00:00"),
        ("2026-07-18T10:00", "Europe/Vienna", "2026-07-18T08:00+00:00"),
        ("2026-03-29T03:00", "Europe/Vienna", "2026-03-29T01:00+00:00"),
        ("2026-10-25T03:00", "Europe/Vienna", "2026-10-25T02:00+00:00"),
        ("2026-11-18T10:00", "Asia/Kathmandu", "2026-11-18T04:15+00:00"),
        ("2026-11-18T10:00", "UTC", "2026-11-18T10:00+00:00"),
    ],
)
def test_wall_clock_becomes_a_moment(local: str, tzid: str, moment: str) -> None:
    assert to_utc(wall(local), tzid) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("tzid", ["Europe/Vienna", "Europe/London", "America/New_York"])
def test_moment_and_wall_clock_agree(tzid: str) -> None:
    moment = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)

    assert to_utc(to_local(moment, tzid).replace(tzinfo=None), tzid) == moment


def test_skipped_hour_is_no_time(app: Flask) -> None:
    with pytest.raises(TimeDoesNotExist) as caught:
        to_utc(wall("2026-03-29T02:30"), "Europe/Vienna")

    assert caught.value.field == "start_local"


def test_repeated_hour_is_two_times(app: Flask) -> None:
    with pytest.raises(TimeHappensTwice) as caught:
        to_utc(wall("2026-10-25T02:30"), "Europe/Vienna")

    assert caught.value.field == "start_local"


@pytest.mark.parametrize("tzid", ["", "CEST", "Europe", "Europe/Gratz", "../etc/passwd", "\x00"])
def test_unknown_zones_are_refused(app: Flask, tzid: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone(tzid)

    assert caught.value.field == "tzid"


def test_zones_are_places_and_utc() -> None:
    assert {"UTC", "Europe/Vienna", "Atlantic/Reykjavik"} <= zone_names()
    assert [name for name in zone_names() if "/" not in name] == ["UTC"]


@given(some.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001
def test_every_moment_has_a_wall_clock_time(moment: datetime) -> None:
    assert to_local(moment, "Europe/Lisbon").astimezone(UTC) == moment
