"""What speaks against a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from app.core.i18n import speaking
from app.datepolls.hints import Country, hint_for, holiday_name

AUSTRIA, BRITAIN = Country("AT", "Europe/Vienna"), Country("GB", "Europe/London")
GEORGIA = Country("GE", "Asia/Tbilisi")
HOUR = timedelta(hours=1)


def test_a_public_holiday_is_named_in_the_readers_language(app: Flask) -> None:
    starts_at = datetime(2027, 10, 26, 9, tzinfo=UTC)

    with speaking("de"):
        hint = hint_for(starts_at, starts_at + HOUR, [AUSTRIA, BRITAIN])

    assert hint.holidays == (("AT", "Nationalfeiertag"),)


def test_the_holiday_is_that_of_the_local_day(app: Flask) -> None:
    late = datetime(2027, 5, 25, 21, tzinfo=UTC)  # 26 May in Georgia, its Independence Day

    assert [code for code, _ in hint_for(late, late + HOUR, [GEORGIA]).holidays] == ["GE"]


def test_feasts_that_people_keep_elsewhere_are_told(app: Flask) -> None:
    orthodox_easter_monday = datetime(2027, 5, 3, 9, tzinfo=UTC)

    found = hint_for(orthodox_easter_monday, orthodox_easter_monday + HOUR, [AUSTRIA]).holidays

    assert [code for code, _ in found] == ["GR"]


def test_a_day_of_another_state_is_not(app: Flask) -> None:
    oxi_day = datetime(2027, 10, 28, 9, tzinfo=UTC)

    assert hint_for(oxi_day, oxi_day + HOUR, [AUSTRIA]).holidays == ()


def test_hours_outside_the_office(app: Flask) -> None:
    early = datetime(2027, 6, 9, 6, tzinfo=UTC)  # 08:00 Vienna, 07:00 London, 10:00 Tbilisi

    hint = hint_for(early, early + HOUR, [AUSTRIA, BRITAIN, GEORGIA])

    assert hint.away == ("GB",)


def test_a_weekend_is_outside_the_office(app: Flask) -> None:
    saturday = datetime(2027, 6, 12, 9, tzinfo=UTC)

    assert hint_for(saturday, saturday + HOUR, [AUSTRIA]).away == ("AT",)


def test_clocks_that_change_in_the_week_before_are_told(app: Flask) -> None:
    after = datetime(2027, 3, 30, 9, tzinfo=UTC)

    hint = hint_for(after, after + HOUR, [AUSTRIA, GEORGIA])

    assert hint.clock_zones == ("Europe/Vienna",)
    week_later = after + timedelta(days=7)
    assert hint_for(week_later, week_later + HOUR, [AUSTRIA]).clock_zones == ()


def test_a_country_the_library_does_not_have_has_no_holidays() -> None:
    assert holiday_name("ZZ", date(2027, 1, 1), "en") == ""
