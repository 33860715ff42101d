"""The front page told to members before the framework begins is what the framework tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import GroupMember, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.early_members import asked_by_one
from app.core.visitor_pages import Meanings
from app.forum.enums import FollowLevel, Show
from app.forum.following import follow_topic
from app.forum.models import Thread
from app.topics.models import Topic
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration
from tests.factories import make_city, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_webinars import make_webinar
from tests.forum.early import (
    LONG_WAY,
    both_ways,
    browsers,
    framework_asked,
    people,
    threads,
    told,
    with_knowledge,
)

__all__ = ["browsers", "people", "threads"]

Counter = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LISTS = ["/", *(f"/?show={one.value}" for one in Show)]


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def register(person: User, state: RegistrationState) -> None:
    webinar = make_webinar(f"For {person.id}", starts_in=timedelta(days=2))
    with write() as session:
        session.add(
            Registration(
                webinar_id=webinar.id, user_id=person.id, email=person.email, name="Somebody",
                language="en", timezone="UTC", state=state, token=f"{person.id}",
                created_at=utcnow(), queued_at=utcnow(),
            )
        )  # fmt: skip


def test_every_reader_of_every_list_is_told_the_same(
    app: Flask,
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
) -> None:
    register(people["reader"], RegistrationState.CONFIRMED)
    register(people["late"], RegistrationState.WAITLISTED)
    with write():
        follow_topic(threads["public"].topic_id, people["writer"], FollowLevel.MUTED)
        follow_topic(threads["public"].topic_id, people["inside"], FollowLevel.NEW)
    early = set()
    for address in LISTS:
        for name, browser in browsers.items():
            got, wanted = both_ways(browser, address)
            assert got == wanted, (address, name)
            with framework_asked(app) as asked:
                assert told(browser.get(address)) == wanted
            if not asked:
                early.add((address, name))
            assert (b"Behind doors" in got[1]) <= (name in {"inside", "author"})
            assert b"Gone" not in got[1]

    assert early == {(one, name) for one in LISTS for name in people if name != "applicant"}


@pytest.mark.parametrize("query", ["?show=", "?show=x", "?show=all&page=2", "?show=%61ll", "?a"])
def test_other_addresses_are_told_by_the_framework(
    app: Flask, browsers: dict[str, FlaskClient], threads: dict[str, Thread], query: str
) -> None:
    got, wanted = both_ways(browsers["late"], f"/{query}")
    with framework_asked(app) as asked:
        browsers["late"].get(f"/{query}")

    assert got == wanted
    assert len(asked) == 1


def test_page_that_is_told_early_asks_six_statements(
    app: Flask,
    browsers: dict[str, FlaskClient],
    threads: dict[str, Thread],
    count_statements: Counter,
) -> None:
    both_ways(browsers["late"], "/")
    with framework_asked(app) as asked, count_statements() as statements:
        assert browsers["late"].get("/").status_code == 200

    assert asked == []
    assert len(statements) == 6


def test_who_comes_for_the_first_time_is_told_early(
    app: Flask, client_for: SignIn, threads: dict[str, Thread]
) -> None:
    city = make_city("tartu")
    first, newcomer = (client_for(make_user(name, city)) for name in ("First", "Newcomer"))
    with with_knowledge(app, Meanings(asked_by_one)):
        both_ways(first, "/")
        newcomer.get("/settings")  # a token is signed
        with framework_asked(app) as asked:
            page = newcomer.get("/")

    assert asked == []
    assert "Who &lt;answers&gt;?" in page.text


def test_what_is_missing_is_made_by_the_framework_and_nothing_is_read_twice(
    app: Flask,
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
    count_statements: Counter,
) -> None:
    counts = []
    for header in (LONG_WAY, None):
        both_ways(browsers["late"], "/")
        make_reply(threads["network"], people["author"])
        with framework_asked(app) as asked, count_statements() as statements:
            page = browsers["late"].get("/", headers=header)
        assert len(asked) == 1
        assert page.text.count("Only members") == 1
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_what_changes_is_told_anew(
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
) -> None:
    browser, topic = browsers["late"], db.session.get_one(Topic, threads["public"].topic_id)

    def said(*words: str) -> list[bool]:
        pages = [told(browser.get("/")) for _ in range(3)]
        assert told(browser.get("/", headers=LONG_WAY)) == pages[2]
        return [one.encode() in pages[2][1] for one in words]

    assert said("Only members", "Brand new", "Soon to come") == [True, False, False]
    make_thread(topic, people["author"], "Brand new")
    make_webinar("Soon to come", starts_in=timedelta(days=1))
    assert said("Only members", "Brand new", "Soon to come") == [True, True, True]
    with write() as session:
        session.get_one(Thread, threads["network"].id).deleted_at = NOW
    assert said("Only members", "Brand new") == [False, True]


def test_who_left_a_group_reads_no_more_of_it(
    browsers: dict[str, FlaskClient], people: dict[str, User], threads: dict[str, Thread]
) -> None:
    browser = browsers["inside"]
    assert all(b"Behind doors" in way[1] for way in both_ways(browser, "/"))
    with write() as session:
        session.execute(sa.delete(GroupMember).where(GroupMember.user_id == people["inside"].id))

    assert b"Behind doors" not in browser.get("/").data
    assert not any(b"Behind doors" in way[1] for way in both_ways(browser, "/"))


def test_words_about_time_move_with_the_clock(
    that_morning: Any, browsers: dict[str, FlaskClient], threads: dict[str, Thread]
) -> None:
    make_webinar("Soon", starts_in=timedelta(hours=30))
    before, _ = both_ways(browsers["late"], "/")
    that_morning.shift(timedelta(hours=3))
    got, wanted = both_ways(browsers["late"], "/")

    assert got == wanted
    assert [b"3 hours ago" in page[1] for page in (before, got)] == [False, True]
    assert [b"in 1 day" in page[1] for page in (before, got)] == [True, True]


@pytest.mark.parametrize("cookie", [("theme", "dark"), ("language", "fr")])
def test_colours_and_languages_of_a_browser_are_told_apart(
    browsers: dict[str, FlaskClient], threads: dict[str, Thread], cookie: tuple[str, str]
) -> None:
    browser = browsers["late"]
    plain, _ = both_ways(browser, "/")
    browser.set_cookie(*cookie)
    got, wanted = both_ways(browser, "/")

    assert got == wanted != plain


def test_what_is_flashed_is_said_once(
    browsers: dict[str, FlaskClient], threads: dict[str, Thread]
) -> None:
    both_ways(browsers["late"], "/")
    with browsers["late"].session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "Only once.")]

    assert "Only once." in browsers["late"].get("/").text
    assert "Only once." not in browsers["late"].get("/").text
