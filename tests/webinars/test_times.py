"""Hours of a webinar: local to UTC, and what the clocks of other cities say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.zones import TimeDoesNotExist, TimeHappensTwice, UnknownZone
from app.webinars.errors import EndBeforeStart, TooLong, TooSoon, YearOutOfRange
from app.webinars.times import Clock, clocks, require_notice, slot

BRUSSELS = "Europe/Brussels"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return at(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "starts_at"),
    [
        ("2026-03-28T10:00", "2026-03-28T09:00"),
        ("2026-03-30T10:00", "2026-03-30T08:00"),
        ("2026-10-24T10:00", "2026-10-24T08:00"),
        ("2026-10-26T10:00", "2026-10-26T09:00"),
    ],
)
def test_ten_in_brussels_stays_ten_in_brussels(start: str, starts_at: str) -> None:
    found = slot(at(start), at(start).replace(hour=11), BRUSSELS)

    assert (found.starts_at, found.start_local) == (utc(starts_at), at(start))


def test_an_hour_that_is_skipped_is_refused() -> None:
    with pytest.raises(TimeDoesNotExist) as refused:
        slot(at("2026-03-29T02:30"), at("2026-03-29T03:30"), BRUSSELS)

    assert refused.value.field == "start_local"


def test_an_hour_that_happens_twice_is_refused() -> None:
    with pytest.raises(TimeHappensTwice):
        slot(at("2026-10-25T02:30"), at("2026-10-25T04:00"), BRUSSELS)


def test_an_end_in_the_skipped_hour_blames_the_end() -> None:
    with pytest.raises(TimeDoesNotExist) as refused:
        slot(at("2026-03-29T01:30"), at("2026-03-29T02:30"), BRUSSELS)

    assert refused.value.field == "end_local"


@pytest.mark.parametrize("end", ["2026-05-05T10:00", "2026-05-05T09:00"])
def test_the_end_is_after_the_start(end: str) -> None:
    with pytest.raises(EndBeforeStart):
        slot(at("2026-05-05T10:00"), at(end), BRUSSELS)


def test_eight_hours_are_the_most() -> None:
    start = at("2026-05-05T08:00")

    assert slot(start, at("2026-05-05T16:00"), BRUSSELS).ends_at == utc("2026-05-05T14:00")
    with pytest.raises(TooLong):
        slot(start, at("2026-05-05T16:01"), BRUSSELS)


@pytest.mark.parametrize("tzid", ["", "Mars/Base", "CET", "../etc/passwd", "Europe/Brussels\x00"])
def test_an_unknown_zone_is_refused(tzid: str) -> None:
    with pytest.raises(UnknownZone):
        slot(at("2026-05-05T10:00"), at("2026-05-05T11:00"), tzid)


@pytest.mark.parametrize("year", ["0001", "1999", "2101", "9999"])
def test_years_far_away_are_refused(year: str) -> None:
    with pytest.raises(YearOutOfRange):
        slot(at(f"{year}-12-31T23:00"), at(f"{year}-12-31T23:30"), "America/New_York")


def test_people_need_an_hour_of_notice() -> None:
    now = utc("2026-05-05T10:00")

    require_notice(utc("2026-05-05T11:00"), now)
    with pytest.raises(TooSoon):
        require_notice(utc("2026-05-05T10:59"), now)


def test_cities_of_one_hour_stand_together() -> None:
    cities = [
        ("York", "Europe/London"),
        ("Nuremberg", "Europe/Berlin"),
        ("Graz", "Europe/Vienna"),
        ("Athens", "Europe/Athens"),
    ]

    found = clocks(utc("2026-11-18T13:00"), BRUSSELS, cities)

    assert found == [
        Clock(at("2026-11-18T15:00"), ("Athens",), 0),
        Clock(at("2026-11-18T14:00"), ("Graz", "Nuremberg"), 0),
        Clock(at("2026-11-18T13:00"), ("York",), 0),
    ]


def test_another_day_is_marked() -> None:
    cities = [("Montréal", "America/Toronto"), ("Gwangju", "Asia/Seoul")]

    found = clocks(utc("2026-11-18T23:30"), BRUSSELS, cities)

    assert [(clock.cities, clock.day_shift) for clock in found] == [
        (("Gwangju",), 0),
        (("Montréal",), -1),
    ]


def test_the_day_after_is_marked() -> None:
    found = clocks(utc("2026-11-18T20:00"), BRUSSELS, [("Gwangju", "Asia/Seoul")])

    assert found[0].day_shift == 1


def test_a_long_list_of_cities_is_cut() -> None:
    cities = [(f"City {letter}", BRUSSELS) for letter in "ABCDEFGH"]

    clock = clocks(utc("2026-11-18T13:00"), BRUSSELS, cities)[0]

    assert (clock.first_cities.count(","), clock.more_count) == (5, 2)
