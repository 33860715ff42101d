"""A thread told to members before the framework begins is what the framework would tell them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.forum.models import Thread
from tests.forum.early import (
    LONG_WAY,
    address_of,
    both_ways,
    browsers,
    framework_asked,
    people,
    threads,
    told,
)

__all__ = ["browsers", "people", "threads"]

Counter = Callable[[], AbstractContextManager[list[str]]]


def test_every_reader_of_every_thread_is_told_the_same(
    app: Flask, browsers: dict[str, FlaskClient], threads: dict[str, Thread]
) -> None:
    early = set()
    for kind, thread in threads.items():
        address = address_of(thread) + ("?page=2" if kind == "long" else "")
        for name, browser in browsers.items():
            got, wanted = both_ways(browser, address)
            assert got == wanted, (kind, name)
            with framework_asked(app) as asked:
                assert told(browser.get(address)) == wanted
            if not asked:
                early.add((kind, name))

    open_to_all = {"public", "network", "nameless", "eventful"}
    taking_part = {"late", "organiser", "admin", "inside"}
    assert {(kind, name) for kind in open_to_all for name in taking_part} <= early
    assert {name for kind, name in early if kind == "closed"} == {"inside"}
    assert not any(kind in {"gone", "locked"} or name == "applicant" for kind, name in early)


def test_page_that_is_told_early_asks_three_statements(
    app: Flask,
    browsers: dict[str, FlaskClient],
    threads: dict[str, Thread],
    count_statements: Counter,
) -> None:
    address = address_of(threads["public"])
    both_ways(browsers["late"], address)
    with framework_asked(app) as asked, count_statements() as statements:
        assert browsers["late"].get(address).status_code == 200

    assert asked == []
    assert len(statements) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"Cookie": "remember_token=x"},
        LONG_WAY,
    ],
)
def test_whatever_is_unusual_is_left_to_the_framework(
    app: Flask,
    browsers: dict[str, FlaskClient],
    threads: dict[str, Thread],
    headers: dict[str, str],
) -> None:
    address = address_of(threads["public"])
    both_ways(browsers["late"], address)
    if "Cookie" in headers:
        browsers["late"].set_cookie("remember_token", "x")
    with framework_asked(app) as asked:
        browsers["late"].get(address, headers=headers)

    assert len(asked) == 1


@pytest.mark.parametrize("query", ["?quote=1", "?reply_to=1", "?page=1&quote=1", "?page=x"])
def test_whoever_asks_for_more_than_a_page_gets_it(
    browsers: dict[str, FlaskClient], threads: dict[str, Thread], query: str
) -> None:
    got, wanted = both_ways(browsers["late"], address_of(threads["public"]) + query)
    assert got == wanted


def test_what_is_flashed_is_said_once(
    app: Flask, browsers: dict[str, FlaskClient], threads: dict[str, Thread]
) -> None:
    address = address_of(threads["public"])
    both_ways(browsers["late"], address)
    with browsers["late"].session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "Only once.")]

    assert "Only once." in browsers["late"].get(address).text
    assert "Only once." not in browsers["late"].get(address).text


@pytest.mark.parametrize("cookie", [("theme", "dark"), ("language", "fr")])
def test_colours_and_languages_of_a_browser_are_told_apart(
    browsers: dict[str, FlaskClient], threads: dict[str, Thread], cookie: tuple[str, str]
) -> None:
    address, browser = address_of(threads["public"]), browsers["late"]
    plain, _ = both_ways(browser, address)
    browser.set_cookie(*cookie)
    got, wanted = both_ways(browser, address)

    assert got == wanted != plain


def test_draft_is_not_missed(browsers: dict[str, FlaskClient], threads: dict[str, Thread]) -> None:
    thread = threads["public"]
    both_ways(browsers["late"], address_of(thread))
    answer = browsers["late"].post(
        f"/threads/{thread.id}/posts", data={"body": "Half a thought.", "save_draft": "1"}
    )
    assert answer.status_code == 302
    got, wanted = both_ways(browsers["late"], address_of(thread))

    assert got == wanted
    assert b"Half a thought." in got[1]
