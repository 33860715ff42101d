"""A list told to members before the framework begins is what the framework would tell them."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.fragments import fragments
from app.forum import reading
from app.forum.models import Thread
from app.topics.models import Topic
from tests.factories import make_topic
from tests.factories_forum import make_thread
from tests.forum.early import LONG_WAY, Reader, browsers, framework_asked, people, threads, told
from tests.forum.test_early_changes import Changes
from tests.forum.test_early_requests import COOKIES, PLAIN, UNUSUAL

__all__ = ["browsers", "people", "threads"]

Counter = Callable[[], AbstractContextManager[list[str]]]

NOW, NEXT_MINUTE = "2026-11-21 11:00:00 +0000", "2026-11-21 11:01:00 +0000"
TOPIC, HIDDEN = "/topics/covid-19-responses", "/topics/closed"
SHOWN = (
    *("", "?page=1", "?page=2", "?page=999", "?page=x", "?show=new", "?show=unanswered"),
    *("?show=solved", "?show=all", "?show=odd", "?show=new&page=2", "?page=2&show=unanswered"),
)
LISTS = ["/topics", *(f"{place}{query}" for place in ("/threads", TOPIC) for query in SHOWN)]
LONG_LISTS = [
    *("sort=newest", "kind=question", "author=me", "topic=closed", "page=1&page=2", "show=",
      "page=%31", "page=1&", "show=new;page=2", "show=New", "tag=x", "since=3d", "page", "x=1"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> None:
    """It stands still: rows say how long ago something was."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def readers(
    app: Flask,
    people: dict[str, User],
    browsers: dict[str, FlaskClient],
    threads: dict[str, Thread],
) -> dict[str, Reader]:
    """More threads than one page holds; of some each reader read a part."""
    topic = db.session.get_one(Topic, threads["public"].topic_id)
    for number in range(31):
        make_thread(topic, people["author"], f"One of <many>, {number}")
    return {name: Reader(app, browser) for name, browser in browsers.items()}


@pytest.fixture
def late(readers: dict[str, Reader]) -> Reader:
    return readers["late"]


def test_every_reader_of_every_list_is_told_the_same(readers: dict[str, Reader]) -> None:
    for address in LISTS:
        for name, one in readers.items():
            one.sees(address)
            was_early, answer = one.both_ways(address)
            assert (address, name, was_early) == (address, name, True)
            assert f"{name.title()}" in answer.text


def test_topic_is_told_to_those_who_read_in_it(readers: dict[str, Reader]) -> None:
    make_topic("named", visibility=Visibility.CLOSED)
    found: dict[str, set[tuple[bool, int]]] = {HIDDEN: set(), "/topics/named": set()}
    for address in found:
        for _time in range(2):
            answers = {name: one.both_ways(address) for name, one in readers.items()}
        found[address] = {(early, answer.status_code) for early, answer in answers.values()}
        told_early = {name for name, (was_early, _answer) in answers.items() if was_early}
        assert told_early == ({"steward"} if address == HIDDEN else set())

    assert found == {HIDDEN: {(True, 200), (False, 404)}, "/topics/named": {(False, 403)}}


def test_news_of_each_reader_are_laid_in(
    late: Reader, threads: dict[str, Thread], people: dict[str, User]
) -> None:
    second, found = "/threads?page=2", []
    for address in ("/topics", "/threads", "/threads?show=new", TOPIC, second):
        late.sees(address)
    for _time in range(2):
        asked = [late.both_ways(one) for one in ("/topics", "/threads", TOPIC, second)]
        found.append([(early, answer.text.count('class="row unread"')) for early, answer in asked])
        with write():
            reading.mark_read(people["late"].id, threads["public"].id, 2)

    # that 36 are new in a topic was never said before
    assert found[0] == [(True, 1), (True, 30), (True, 30), (True, 7)]
    assert found[1] == [(False, 1), (True, 30), (True, 30), (True, 6)]


@pytest.mark.parametrize(("address", "count"), [("/topics", 4), ("/threads", 4), (TOPIC, 4)])
def test_try_that_fails_asks_nothing_twice(
    app: Flask,
    late: Reader,
    count_statements: Counter,
    time_machine: Any,
    address: str,
    count: int,
) -> None:
    """Each minute the rows have to be made anew, from what is kept."""
    late.sees(address)
    found = []
    for headers in ({}, LONG_WAY):
        time_machine.move_to(NEXT_MINUTE, tick=False)
        fragments().clear()
        late.ask("/threads?show=solved", headers=LONG_WAY)
        with framework_asked(app) as asked, count_statements() as made:
            assert late.ask(address, headers=headers).status_code == 200
        found.append((len(asked), len(made)))
    with framework_asked(app) as asked, count_statements() as made:
        late.ask(address)

    assert found[0] == found[1]
    assert (len(asked), len(made)) == (0, count)


def test_cookie_of_a_session_is_opened_once(
    late: Reader, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    late.sees("/threads")
    opened, loads = [], URLSafeTimedSerializer.loads

    def note(self: Any, signed: Any, *rest: Any, **named: Any) -> Any:
        opened.append(self.salt)
        return loads(self, signed, *rest, **named)

    monkeypatch.setattr(URLSafeTimedSerializer, "loads", note)
    for moment in (NOW, NEXT_MINUTE):  # then the rows have to be made anew
        time_machine.move_to(moment, tick=False)
        late.ask("/threads")

    assert opened == [b"cookie-session"] * 2


@pytest.mark.parametrize("address", ["/topics", "/threads", TOPIC])
def test_who_comes_for_the_first_time_is_told_early_too(
    app: Flask, readers: dict[str, Reader], address: str
) -> None:
    readers["late"].sees(address)
    first = readers["writer"]
    first.ask("/settings", headers=LONG_WAY)  # which signs a token
    first.ask("/threads?show=mine", headers=LONG_WAY)  # which draws the bell
    was_early, answer = first.both_ways(address)

    assert (was_early, answer.status_code) == (True, 200)
    assert "Writer &lt;of&gt; housing" in answer.text


@pytest.mark.parametrize("address", ["/threads", TOPIC])
def test_whatever_else_is_asked_of_a_list(late: Reader, address: str) -> None:
    late.sees(address)
    for query in LONG_LISTS:
        for _time in range(2):
            was_early, answer = late.both_ways(f"{address}?{query}")
        assert (query, was_early, answer.status_code) == (query, False, 200)


@pytest.mark.parametrize("address", ["/topics", "/threads", TOPIC])
def test_whatever_a_browser_says_beside_it(late: Reader, address: str) -> None:
    for headers in [*PLAIN, *UNUSUAL]:
        language = {"Accept-Language": headers.get("Accept-Language", "en")}
        late.ask(address, headers=language | LONG_WAY)
        was_early, answer = late.both_ways(address, headers=headers)
        assert (headers, was_early, answer.status_code) == (headers, headers in PLAIN, 200)


@pytest.mark.parametrize("address", ["/topics", "/threads", TOPIC])
def test_colours_and_languages_of_a_browser_are_told_apart(late: Reader, address: str) -> None:
    late.sees(address)
    plain, pages = late.ask(address).data, set()
    for words in COOKIES:
        cookie = f"session={late.signed(late.session)}; {words}"
        late.ask(address, cookie, headers=LONG_WAY)
        was_early, answer = late.both_ways(address, cookie)
        assert (words, was_early) == (words, True)
        pages.add(answer.data)

    assert len(pages | {plain}) == 7


@pytest.mark.parametrize("address", ["/topics", "/threads", TOPIC])
@pytest.mark.parametrize("added", [{"_flashes": [("ok", "Only <once>.")]}, {"day": "2026-11-20"}])
def test_session_that_needs_the_framework(
    late: Reader, address: str, added: dict[str, Any]
) -> None:
    late.sees(address)
    late.session |= added
    was_early, answer = late.both_ways(address)

    assert not was_early
    assert ("Only &lt;once&gt;." in answer.text) == ("_flashes" in added)
    assert "Late &lt;of&gt; housing" in answer.text


def test_token_that_is_not_signed_yet(late: Reader) -> None:
    for address in ("/topics", "/threads", TOPIC):
        late.sees(address)
        late.session["csrf_token"] = f"another for {address}"
        unseen, _answer = late.both_ways(address)
        seen, _answer = late.both_ways(address)
        assert (unseen, seen) == (True, True)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_changes_between_requests_is_so_at_once(
    app: Flask,
    browsers: dict[str, FlaskClient],
    readers: dict[str, Reader],
    people: dict[str, User],
    threads: dict[str, Thread],
    seed: int,
) -> None:
    """First without the framework, if it can be; whatever it would have said then is the same."""
    dice, changes = random.Random(seed), Changes(people, threads)
    addresses = ["/topics", "/threads", "/threads?page=2", "/threads?show=new", TOPIC, HIDDEN]
    told_early = 0
    for _step in range(120):
        act, address = dice.choice(changes.all), dice.choice(addresses)
        name = dice.choice(list(browsers))
        with write() as session:
            changes.let_in(session, changes.people[name])
        for _time in range(2):
            readers[name].ask(address, headers=LONG_WAY)
        with write() as session:
            act(session, dice)
        with framework_asked(app) as asked:
            got = told(readers[name].ask(address))
        told_early += not asked
        assert got == told(readers[name].ask(address, headers=LONG_WAY)), (act, address, name)

    assert told_early > 20


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_statement_that_fails_is_left_to_the_framework(
    app: Flask, late: Reader, failing: int
) -> None:
    for address in ("/topics", "/threads", TOPIC):
        late.sees(address)
        wanted, count = late.ask(address, headers=LONG_WAY).data, 0

        def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            nonlocal count
            count += statement.startswith("SELECT")
            if count == failing:
                count += 1
                raise sa.exc.OperationalError(statement, None, Exception("gone for a moment"))

        sa.event.listen(db.engine, "before_cursor_execute", fail)
        try:
            with framework_asked(app) as asked:
                answer = late.ask(address)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", fail)

        assert (answer.status_code, answer.data, len(asked)) == (200, wanted, 1)
        assert late.both_ways(address)[0]
