"""Days and hours as people write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from app.core.date_fields import Day, Hour, read_day, read_hour

pytestmark = pytest.mark.any_engine


class Slot(Form):
    day = Day("Day", [InputRequired("Choose the day.")])
    until = Day("Until", [Optional()])
    hour = Hour("Start", [Optional()])


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01", "2026-12-1", "2026/12/01", "2026.12.01", " 2026 12 01 ",
        "1.12.2026", "01.12.2026", "01. 12. 2026", "1/12/2026", "1-12-2026",
        "1,12,2026", "1 12 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written_in_europe(typed: str) -> None:
    assert read_day(typed) == date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    ["", "tomorrow", "2026-02-30", "31.31.2026", "12/25/2026", "1.12.26", "0000-01-01",
     "٢٠٢٦-12-01", "2026-12-01\x00", "9" * 10_000, "2026-12-01T10:00", "🚋"],
)  # fmt: skip
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        read_day(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:30", time(14, 30)), ("14.30", time(14, 30)), ("14,30", time(14, 30)),
        ("1430", time(14, 30)), ("14 30", time(14, 30)), ("14h30", time(14, 30)),
        ("14:30:00", time(14, 30)), ("14.30 h", time(14, 30)), (" 9:00 ", time(9)),
        ("09:00", time(9)), ("9", time(9)), ("930", time(9, 30)), ("00:00", time(0)),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_it_is_written_in_europe(typed: str, meant: time) -> None:
    assert read_hour(typed) == meant


@pytest.mark.parametrize("typed", ["", "noon", "24:00", "12:60", "1:2", "12345", "٩:٠٠", "-1:00"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        read_hour(typed)


def test_a_wrong_day_is_explained_and_stays_as_it_was_typed(app: Flask) -> None:
    with app.test_request_context():
        form = Slot(MultiDict({"day": "30.2.2026", "until": "", "hour": "25.00"}))

        assert form.validate() is False
        assert form.errors == {
            "day": ["Write the day like 2026-12-10."],
            "hour": ["Write the time like 14:30."],
        }
        assert 'value="30.2.2026"' in form.day()


def test_a_day_is_asked_for_in_a_plain_text_field(app: Flask) -> None:
    with app.test_request_context():
        form = Slot(data={"day": date(2026, 12, 10), "hour": time(0)})

        assert 'type="text"' in form.day()
        assert 'value="2026-12-10"' in form.day()
        assert 'value="00:00"' in form.hour()
        assert form.day.description == "Like 2026-12-10"
