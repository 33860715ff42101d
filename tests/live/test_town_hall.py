"""Sixty guests in one room share one address: each is counted by their own link."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.request_limits import EXTENSION, Counts, count_guest
from config import Settings
from tests.factories_live import make_question
from tests.factories_polls import make_poll, numbers
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HALL = {"REMOTE_ADDR": "192.0.2.7"}
NOWHERE = "/webinars/0/questions"


@pytest.fixture(scope="module")
def counting_app(settings: Settings) -> Flask:
    return create_app(settings, TESTING=True, REQUEST_LIMITS=True, WTF_CSRF_ENABLED=False)


@pytest.fixture
def browser(app: Flask, counting_app: Flask) -> Iterator[FlaskClient]:
    counting_app.extensions[EXTENSION] = Counts()
    with time_machine.travel(NOW, tick=False):
        yield counting_app.test_client()


def get(browser: FlaskClient, place: str, times: int = 1) -> list[int]:
    return [browser.get(place, environ_overrides=HALL).status_code for _ in range(times)]


def post(browser: FlaskClient, place: str, **values: Any) -> int:
    return browser.post(place, data=values, environ_overrides=HALL).status_code


def tokens(count: int) -> list[str]:
    return [secrets.token_urlsafe(32) for _ in range(count)]


def test_sixty_guests_vote_at_once(browser: FlaskClient) -> None:
    webinar = make_webinar(starts_in=timedelta(0))
    poll, question = make_poll(webinar), make_question(webinar)
    guests = [make_registration(webinar).token for _ in range(60)]
    place = f"/webinars/{webinar.id}"

    polled = [
        post(browser, f"{place}/polls/{poll.id}/vote", t=token, options=poll.options[0].id)
        for token in guests
    ]
    asked = post(browser, f"{place}/questions/{question.id}/vote", t=guests[0], back="live")

    assert (set(polled), asked, numbers(poll)) == ({302}, 303, (60, [60, 0, 0]))
    assert get(browser, "/healthz") == [200]


def test_one_guest_is_a_visitor_and_costs_the_others_nothing(browser: FlaskClient) -> None:
    hasty, other = tokens(2)

    seen = get(browser, f"{NOWHERE}?t={hasty}", 60)
    posted = post(browser, f"{NOWHERE}/1/vote", t=hasty)

    assert (seen, posted) == ([404] * 50 + [429] * 10, 429)
    assert get(browser, f"{NOWHERE}?t={other}") == [404]
    assert get(browser, f"/registrations/{other}") == [404]
    assert get(browser, "/healthz") == [200]


def test_whoever_makes_tokens_up_is_held_at_the_address(browser: FlaskClient) -> None:
    for token in tokens(599):
        with browser.application.test_request_context(environ_overrides=HALL):
            count_guest(token)

    seen = [code for token in tokens(3) for code in get(browser, f"{NOWHERE}?t={token}")]

    assert seen == [404, 429, 429]


@pytest.mark.parametrize(
    "place",
    ["/search?t={}", "/webinars?t={}", NOWHERE + "?t=short{:.0}", "/confirm/{}", "/nowhere?t={}"],
)
def test_elsewhere_a_token_changes_nothing(browser: FlaskClient, place: str) -> None:
    for token in tokens(50):
        get(browser, place.format(token))

    assert get(browser, "/healthz") == [429]


def test_large_and_odd_forms_are_not_read_for_a_token(browser: FlaskClient) -> None:
    (token,) = tokens(1)
    place = f"{NOWHERE}/1/vote"
    for _ in range(25):
        post(browser, place, t=token, body="x" * 30_000)
        browser.post(place, json={"t": token}, environ_overrides=HALL)

    assert get(browser, "/healthz") == [429]
