from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.core.i18n import speaking
from app.webinars.hours import clock_warning, elsewhere

BRUSSELS, LONDON, SEOUL = "Europe/Brussels", "Europe/London", "Asia/Seoul"
NEW_YORK = "America/New_York"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("today", "day", "words"),
    [
        ("2026-03-01", "2026-04-01", "The clocks change on 29 March, before this webinar."),
        ("2026-10-20", "2026-10-30", "The clocks change on 25 October, before this webinar."),
        ("2027-03-01", "2027-07-01", "The clocks change on 28 March, before this webinar."),
        ("2027-10-30T23:00", "2027-10-31T01:00",
         "The clocks change on 31 October, before this webinar."),
        ("2027-10-30T23:00", "2027-10-31T00:59", ""),
        ("2026-10-26", "2026-11-30", ""),
        ("2026-05-01", "2026-04-01", ""),
    ],
)  # fmt: skip
def test_day_on_which_clocks_change_is_named(app: Flask, today: str, day: str, words: str) -> None:
    with speaking("en"):
        assert clock_warning(at(today), at(day), [BRUSSELS, LONDON]) == words


@pytest.mark.any_engine
def test_each_day_is_named_where_continents_differ(app: Flask) -> None:
    with speaking("en"):
        words = clock_warning(at("2027-03-01"), at("2027-04-01"), [BRUSSELS, NEW_YORK, SEOUL])

    assert words == "The clocks change on 14 March and 28 March, before this webinar."


@pytest.mark.any_engine
def test_zone_without_summer_time_changes_nothing(app: Flask) -> None:
    with speaking("en"):
        assert clock_warning(at("2026-03-01"), at("2026-07-01"), [SEOUL]) == ""


@pytest.mark.any_engine
def test_every_zone_is_told_its_hour_once_and_its_day_where_it_is_another(app: Flask) -> None:
    zones = [BRUSSELS, "Europe/Vienna", LONDON, "Europe/Athens", SEOUL, NEW_YORK]
    with speaking("en"):
        words = elsewhere(at("2027-01-20T16:00"), BRUSSELS, zones)

    assert words == "17:00 Brussels, 16:00 London, 18:00 Athens, Thu 01:00 Seoul, 11:00 New York"


@pytest.mark.any_engine
def test_sentence_ends_with_the_warning(app: Flask) -> None:
    with speaking("en"):
        words = elsewhere(at("2026-04-01T08:00"), BRUSSELS, [LONDON], since=at("2026-03-01"))

    assert words == (
        "10:00 Brussels, 09:00 London. The clocks change on 29 March, before this webinar."
    )


@pytest.mark.any_engine
def test_warning_is_in_the_language_of_the_reader(app: Flask) -> None:
    with speaking("de"):
        words = elsewhere(at("2026-04-01T08:00"), BRUSSELS, [LONDON])

    assert words == "10:00 Brüssel, 09:00 London"
