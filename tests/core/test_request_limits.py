"""Reading too fast: visitors by address, members by account, this machine never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.rate_limit import Allowance, AllowanceSpent
from app.core.request_limits import EXTENSION, Counts, count_feed, count_search
from config import Settings
from tests.factories import make_user

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOWN_HALL = {"REMOTE_ADDR": "192.0.2.7"}


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


@pytest.fixture(scope="module")
def strict_app(settings: Settings) -> Flask:
    """An application that is not told it is tested."""
    return create_app(settings)


@pytest.fixture
def strict(strict_app: Flask) -> Iterator[Flask]:
    strict_app.extensions[EXTENSION] = Counts()
    with at(0):
        yield strict_app


def codes(app: Flask, times: int, address: str = "192.0.2.7", path: str = "/healthz") -> list[int]:
    browser = app.test_client()
    origin = {"REMOTE_ADDR": address}
    return [browser.get(path, environ_overrides=origin).status_code for _ in range(times)]


def refused(app: Flask, check: Callable[[], None], times: int, address: str) -> int:
    """How many of so many tries were refused."""
    count = 0
    for _ in range(times):
        with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
            try:
                check()
            except AllowanceSpent:
                count += 1
    return count


def test_visitor_makes_fifty_requests_in_ten_seconds(strict: Flask) -> None:
    assert codes(strict, 52) == [200] * 50 + [429] * 2


def test_visitor_makes_two_hundred_requests_a_minute(strict: Flask) -> None:
    seen = []
    for seconds in range(51):
        with at(seconds):
            seen += codes(strict, 4)

    assert seen == [200] * 200 + [429] * 4


def test_refusal_is_a_page_with_the_seconds(strict: Flask) -> None:
    codes(strict, 50)
    answer = strict.test_client().get(
        "/healthz", environ_overrides=TOWN_HALL, headers={"Accept-Language": "en"}
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "11")
    assert "You can go on in 11 seconds." in answer.text


def test_static_files_are_not_counted(strict: Flask) -> None:
    assert codes(strict, 60, path="/static/js/app.js") == [200] * 60
    assert codes(strict, 1) == [200]


def test_other_addresses_go_on(strict: Flask) -> None:
    codes(strict, 51)

    assert codes(strict, 1, "192.0.2.8") == [200]


def test_one_ipv6_household_is_one_visitor(strict: Flask) -> None:
    codes(strict, 50, "2001:db8:1:2::1")

    assert codes(strict, 1, "2001:db8:1:2:ffff::9") == [429]
    assert codes(strict, 1, "2001:db8:1:3::1") == [200]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_this_machine_is_not_counted(strict: Flask, address: str) -> None:
    assert codes(strict, 52, address) == [200] * 52


def test_town_hall_of_members_is_not_counted(
    app: Flask, strict: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    signed_in = client_for(make_user())
    cookie = signed_in.get_cookie("session")
    assert cookie is not None
    browser = strict.test_client()
    browser.set_cookie("session", cookie.value)

    seen = [browser.get("/healthz", environ_overrides=TOWN_HALL).status_code for _ in range(52)]

    assert seen == [200] * 52
    assert codes(strict, 1) == [200]


def test_forged_cookie_is_a_visitor(strict: Flask) -> None:
    browser = strict.test_client()
    browser.set_cookie("session", "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb")

    seen = [browser.get("/healthz", environ_overrides=TOWN_HALL).status_code for _ in range(51)]

    assert seen[-1] == 429


def test_large_form_that_is_refused_is_still_a_page(strict: Flask) -> None:
    codes(strict, 50)
    answer = strict.test_client().post(
        "/preview", environ_overrides=TOWN_HALL, data={"body": "x" * 3_000_000}
    )

    assert answer.status_code == 429


def test_tested_application_refuses_nothing(app: Flask) -> None:
    assert codes(app, 52) == [200] * 52
    assert refused(app, lambda: count_search(None), 20, "192.0.2.7") == 0


def test_tested_application_can_be_told_to_be_strict(settings: Settings) -> None:
    told = create_app(settings, TESTING=True, REQUEST_LIMITS=True)
    with at(0):
        assert codes(told, 51)[-1] == 429


def test_member_searches_thirty_times_a_minute_wherever_they_sit(strict: Flask) -> None:
    here = refused(strict, lambda: count_search(7), 29, "192.0.2.7")
    there = refused(strict, lambda: count_search(7), 2, "192.0.2.8")
    colleague = refused(strict, lambda: count_search(8), 1, "192.0.2.8")

    assert (here, there, colleague) == (0, 1, 0)


def test_visitor_searches_fifteen_times_a_minute(strict: Flask) -> None:
    assert refused(strict, lambda: count_search(None), 17, "192.0.2.7") == 2


def test_all_visitors_search_150_times_a_minute(strict: Flask) -> None:
    counted = [refused(strict, lambda: count_search(None), 15, f"192.0.2.{n}") for n in range(11)]

    assert counted == [0] * 10 + [15]
    assert refused(strict, lambda: count_search(7), 1, "192.0.2.1") == 0


def test_feed_is_read_sixty_times_an_hour(strict: Flask) -> None:
    assert refused(strict, lambda: count_feed("one"), 61, "192.0.2.7") == 1
    assert refused(strict, lambda: count_feed("two"), 1, "192.0.2.7") == 0


def test_memory_is_bounded_and_the_newest_names_stay() -> None:
    counts, one = Counts(most_names=3), Allowance(1, 60)
    with at(0):
        for name in "abcd":
            counts.spend("x", name, one)
        counts.spend("x", "a", one)  # forgotten
        with pytest.raises(AllowanceSpent):
            counts.spend("x", "d", one)

    assert len(counts) == 3


def test_windows_fade(app: Flask) -> None:
    counts, two = Counts(), Allowance(2, 60)
    with at(0):
        counts.spend("x", "a", two)
        counts.spend("x", "a", two)
    with at(89), pytest.raises(AllowanceSpent) as told:
        counts.spend("x", "a", two)
    assert told.value.seconds == 1
    with at(90):
        counts.spend("x", "a", two)
    with at(300):
        counts.spend("x", "a", two)
        counts.spend("x", "a", two)


def test_sixteenth_search_of_a_visitor_has_to_wait(app: Flask, strict: Flask) -> None:
    seen = codes(strict, 16, path="/search?q=housing")
    empty = codes(strict, 1, path="/search")

    assert (seen, empty) == ([200] * 15 + [429], [200])
