"""The days and hours of a series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.webinars.enums import Repeat
from app.webinars.errors import NoSessions, SessionTimeWrong, TooManySessions
from app.webinars.series_days import days_of, same_weekday, slots_on
from app.webinars.times import Slot, slot

pytestmark = pytest.mark.any_engine


def on(day: str, start: str, end: str, tzid: str = "Europe/Brussels") -> Slot:
    return slot(
        datetime.fromisoformat(f"{day}T{start}"), datetime.fromisoformat(f"{day}T{end}"), tzid
    )


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        (Repeat.WEEKLY, ["2027-03-23", "2027-03-30", "2027-04-06"]),
        (Repeat.FORTNIGHTLY, ["2027-03-23", "2027-04-06", "2027-04-20"]),
        (Repeat.MONTHLY, ["2027-03-23", "2027-04-27", "2027-05-25"]),
    ],
)
def test_days_follow_each_other(repeat: Repeat, days: list[str]) -> None:
    found = days_of(date(2027, 3, 23), repeat, 3)

    assert [day.isoformat() for day in found] == days


def test_own_days_are_put_in_order_and_each_is_once() -> None:
    first, later, last = date(2027, 3, 23), date(2027, 4, 1), date(2027, 6, 1)

    assert days_of(first, Repeat.DAYS, 0, [last, later, first, last]) == [first, later, last]


@pytest.mark.parametrize(
    ("first", "months", "day"),
    [
        ("2027-01-12", 1, "2027-02-09"),  # the second Tuesday
        ("2027-01-29", 1, "2027-02-26"),  # the fifth Friday: there is none, so the last
        ("2027-11-30", 1, "2027-12-28"),  # the fifth Tuesday, across no year
        ("2027-12-01", 1, "2028-01-05"),  # the first Wednesday, across a year
        ("2027-01-01", 0, "2027-01-01"),
    ],
)
def test_the_same_weekday_of_a_later_month(first: str, months: int, day: str) -> None:
    assert same_weekday(date.fromisoformat(first), months) == date.fromisoformat(day)


def test_the_local_hour_stays_across_both_clock_changes_of_2027() -> None:
    spring = slots_on(
        [date(2027, 3, 24), date(2027, 3, 31)], on("2027-03-24", "10:00:00", "11:00:00")
    )
    autumn = slots_on(
        [date(2027, 10, 27), date(2027, 11, 3)], on("2027-10-27", "10:00:00", "11:00:00")
    )

    assert [one.start_local.hour for one in (*spring, *autumn)] == [10] * 4
    assert [one.starts_at for one in (*spring, *autumn)] == [
        datetime(2027, 3, 24, 9, tzinfo=UTC),
        datetime(2027, 3, 31, 8, tzinfo=UTC),
        datetime(2027, 10, 27, 8, tzinfo=UTC),
        datetime(2027, 11, 3, 9, tzinfo=UTC),
    ]


def test_a_session_in_the_skipped_hour_is_refused_with_its_day(app: Flask) -> None:
    first = on("2027-03-21", "02:30:00", "03:30:00")

    with pytest.raises(SessionTimeWrong) as caught:
        slots_on(days_of(date(2027, 3, 21), Repeat.WEEKLY, 2), first)

    assert caught.value.message.startswith("Sunday, 28 March 2027: ")
    assert "does not exist" in caught.value.message


def test_a_session_in_the_repeated_hour_is_asked_about(app: Flask) -> None:
    first, days = (
        on("2027-10-24", "02:30:00", "03:30:00"),
        days_of(date(2027, 10, 24), Repeat.WEEKLY, 2),
    )

    with pytest.raises(SessionTimeWrong) as caught:
        slots_on(days, first)
    turns = [slots_on(days, first, turn)[1].starts_at for turn in (0, 1)]

    assert "happens twice" in caught.value.message
    assert turns[1] - turns[0] == timedelta(hours=1)


def test_a_session_over_midnight_keeps_its_length() -> None:
    first = slot(wall("2027-03-24T23:00"), wall("2027-03-25T01:00"), "Europe/Brussels")

    [_first, second] = slots_on([date(2027, 3, 24), date(2027, 3, 31)], first)

    assert second.end_local == wall("2027-04-01T01:00")


def test_one_session_is_no_series_and_a_year_is_the_longest(app: Flask) -> None:
    with pytest.raises(NoSessions):
        days_of(date(2027, 3, 21), Repeat.WEEKLY, 1)
    with pytest.raises(NoSessions):
        days_of(date(2027, 3, 21), Repeat.DAYS, 0, [])
    with pytest.raises(TooManySessions):
        days_of(date(2027, 3, 21), Repeat.WEEKLY, 10**9)
