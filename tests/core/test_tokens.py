"""Links that prove something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as some

from app.core.tokens import LinkExpired, LinkUnknown, sign, unsign

pytestmark = pytest.mark.any_engine

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_values_come_back(app: Flask) -> None:
    assert unsign("seat", sign("seat", 41, "ü", None), hours=1) == [41, "ü", None]


def test_token_is_for_one_purpose(app: Flask) -> None:
    with pytest.raises(LinkUnknown):
        unsign("reset", sign("seat", 41), hours=1)


@pytest.mark.parametrize(("minutes", "is_good"), [(59, True), (60, True), (61, False)])
def test_token_grows_old(app: Flask, minutes: int, is_good: bool) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        token = sign("seat", 41)
        clock.shift(timedelta(minutes=minutes))
        if is_good:
            assert unsign("seat", token, hours=1) == [41]
        else:
            with pytest.raises(LinkExpired):
                unsign("seat", token, hours=1)


@given(some.text())
@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_else_is_a_token(app: Flask, typed: str) -> None:
    with pytest.raises(LinkUnknown):
        unsign("seat", typed, hours=1)


def test_changed_token_is_refused(app: Flask) -> None:
    _, when, seal = sign("seat", 41).split(".")
    other = sign("seat", 42).split(".")[0]

    with pytest.raises(LinkUnknown):
        unsign("seat", f"{other}.{when}.{seal}", hours=1)
