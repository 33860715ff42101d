"""Phases are computed from the clock, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.webinars.enums import Phase, Status
from app.webinars.models import Webinar
from app.webinars.phases import is_coming, is_over, phase

START = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)


def webinar(status: Status = Status.PUBLISHED) -> Webinar:
    return Webinar(status=status, starts_at=START, ends_at=START + timedelta(minutes=75))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-16, Phase.UPCOMING),
        (-15, Phase.LOBBY),
        (-1, Phase.LOBBY),
        (0, Phase.LIVE),
        (74, Phase.LIVE),
        (75, Phase.OVERRUN),
        (104, Phase.OVERRUN),
        (105, Phase.ENDED),
    ],
)
def test_phase_follows_the_clock(minutes: int, expected: Phase) -> None:
    assert phase(webinar(), START + timedelta(minutes=minutes)) == expected


def test_a_webinar_without_an_hour_has_ended() -> None:
    assert phase(Webinar(status=Status.ARCHIVED), START) == Phase.ENDED


def test_a_draft_without_an_hour_lies_ahead() -> None:
    assert phase(Webinar(status=Status.DRAFT), START) == Phase.UPCOMING


def test_it_is_over_when_the_planned_end_has_passed() -> None:
    assert is_over(webinar(), START + timedelta(minutes=74)) is False
    assert is_over(webinar(), START + timedelta(minutes=75)) is True


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED, Status.POSTPONED])
def test_only_a_published_one_is_coming(status: Status) -> None:
    assert is_coming(webinar(), START) is True
    assert is_coming(webinar(status), START) is False
