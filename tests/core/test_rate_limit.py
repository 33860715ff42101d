"""Allowances: counted in the database, right when two spend at once."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.i18n import speaking
from app.core.rate_limit import (
    DAY,
    HOUR,
    MINUTE,
    Allowance,
    AllowanceSpent,
    RateCount,
    Spending,
    forget_old,
    left,
    spend,
    when_again,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THREE = Allowance(3, MINUTE)


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


def once(*allowances: Allowance, who: str = "user:1", act: str = "upload") -> int:
    """Spend one; the seconds to wait when it was refused, else 0."""
    try:
        with write():
            spend(act, who, *allowances)
    except AllowanceSpent as error:
        return error.seconds
    return 0


def rows() -> list[tuple[str, str, int]]:
    db.session.rollback()
    found = db.session.execute(
        sa.select(RateCount.act, RateCount.who, RateCount.count).order_by(
            RateCount.act, RateCount.window
        )
    )
    return [tuple(row) for row in found]


def test_fourth_of_three_is_refused_and_not_counted(app: Flask) -> None:
    with at(0):
        waits = [once(THREE) for _ in range(5)]

    assert waits == [0, 0, 0, 80, 80]
    assert rows() == [("upload/60", "user:1", 3)]


def test_it_works_again_exactly_when_it_was_said(app: Flask) -> None:
    with at(0):
        for _ in range(3):
            once(THREE)

    with at(79):
        assert once(THREE) == 1
    with at(80):
        assert once(THREE) == 0


def test_wait_is_never_too_long_and_never_too_short() -> None:
    """For every state: allowed at the promised second, refused one second before."""
    seconds, numbers = 12, range(6)
    for most, current, previous in itertools.product(range(1, 6), numbers, numbers):
        for elapsed in range(seconds):
            wait = Spending(Allowance(most, seconds), current, previous, elapsed).wait
            assert later(most, seconds, current, previous, elapsed + wait).left > 0
            assert (
                wait == 0 or later(most, seconds, current, previous, elapsed + wait - 1).left == 0
            )


def later(most: int, seconds: int, current: int, previous: int, elapsed: int) -> Spending:
    for _ in range(elapsed // seconds):
        current, previous = 0, current
    return Spending(Allowance(most, seconds), current, previous, elapsed % seconds)


def test_two_allowances_hold_together(app: Flask) -> None:
    both = (Allowance(2, MINUTE), Allowance(3, DAY))
    with at(0):
        assert [once(*both) for _ in range(3)] == [0, 0, 90]
    with at(120):
        assert [once(*both) for _ in range(2)] == [0, 12 * HOUR - 120 + 8 * HOUR]

    assert rows() == [
        ("upload/60", "user:1", 2),
        ("upload/60", "user:1", 1),
        ("upload/86400", "user:1", 3),
    ]


def test_minute_and_day_that_begin_together_are_two_counts(app: Flask) -> None:
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False):
        once(Allowance(5, MINUTE), Allowance(5, DAY))

    assert rows() == [("upload/60", "user:1", 1), ("upload/86400", "user:1", 1)]


def test_others_and_other_acts_have_their_own(app: Flask) -> None:
    one = Allowance(1, MINUTE)
    with at(0):
        waits = [once(one), once(one, who="user:2"), once(one, act="print"), once(one)]

    assert waits == [0, 0, 0, 120]


def test_caught_refusal_counts_nothing(app: Flask) -> None:
    with at(0):
        once(THREE, Allowance(1, HOUR))
        with write(), pytest.raises(AllowanceSpent):
            spend("upload", "user:1", THREE, Allowance(1, HOUR))

    assert rows() == [("upload/3600", "user:1", 1), ("upload/60", "user:1", 1)]


def test_what_fails_afterwards_was_not_spent(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write():
        spend("upload", "user:1", THREE)
        raise ZeroDivisionError

    assert rows() == []


def test_left_counts_down_and_comes_back(app: Flask) -> None:
    with at(0):
        seen = [left("upload", "user:1", THREE)]
        for _ in range(3):
            once(THREE)
            seen.append(left("upload", "user:1", THREE))
    with at(80):
        seen.append(left("upload", "user:1", THREE))
    with at(120):
        seen.append(left("upload", "user:1", THREE))

    assert seen == [3, 2, 1, 0, 1, 3]


def test_old_windows_are_forgotten(app: Flask) -> None:
    for seconds in (-3 * DAY, -DAY, 0):
        with at(seconds):
            once(Allowance(3, DAY))
    with at(0), write():
        forget_old()

    assert len(rows()) == 2


def test_eight_at_once_get_exactly_what_is_allowed(app: Flask) -> None:
    waits: list[int] = []

    def try_once() -> None:
        with app.app_context():
            waits.append(once(Allowance(5, DAY)))

    threads = [threading.Thread(target=try_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(wait > 0 for wait in waits) == [False] * 5 + [True] * 3
    assert rows() == [("upload/86400", "user:1", 5)]


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (1, "You can go on in 1 second."),
        (89, "You can go on in 89 seconds."),
        (90, "You can go on in 2 minutes."),
        (180, "You can go on in 3 minutes."),
        (90 * 60, "You can go on in 90 minutes."),
        (90 * 60 + 1, "You can go on in 2 hours."),
        (DAY, "You can go on in 24 hours."),
        (DAY + 1, "You can go on tomorrow."),
    ],
)
def test_waiting_is_said_as_people_say_it(app: Flask, seconds: int, sentence: str) -> None:
    with app.test_request_context(), speaking("en"):
        assert when_again(seconds) == sentence


def test_refusal_says_what_happened_and_when_it_goes_on(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        error = AllowanceSpent(180, "body")

    assert (error.message, error.seconds, error.field, error.status) == (
        "You have done this very often. You can go on in 3 minutes.",
        180,
        "body",
        429,
    )
