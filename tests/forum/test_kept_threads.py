"""A thread's page out of kept parts says to each reader what one made for them alone would say."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.fragments import fragments
from app.core.icon_sheet import sheet_names
from app.core.slugs import slugify
from app.forum import reading
from app.forum.enums import ThreadKind
from app.forum.models import Thread
from app.topics.models import Topic, TopicSteward
from tests.factories import make_city, make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
Act = Callable[[], object]
Seen = dict[str, tuple[int, str]]
PEEK = {"Sec-Purpose": "prefetch"}  # marks nothing as read
PEOPLE = ("author", "writer", "reader", "keeper", "late", "steward", "organiser")
TITLE = "Who answers when counters are closed?"


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    made = {name: make_user(f"{name.title()} of housing", make_city(name)) for name in PEOPLE}
    made["applicant"] = make_user("Applicant", approved_at=None)
    with write() as session:
        session.get_one(User, made["organiser"].id).role = "organiser"
        session.get_one(User, made["late"].id).timezone = "Asia/Tokyo"
    return made


@pytest.fixture
def thread(people: dict[str, User]) -> Thread:
    topic = make_topic()
    make_steward(topic, people["steward"])
    thread = make_thread(topic, people["author"], TITLE, kind=ThreadKind.QUESTION)
    make_replies(thread, people["author"], 2)
    make_reply(thread, people["writer"])
    with write():
        for name, person in people.items():
            if name != "late":
                reading.mark_read(person.id, thread.id, 4)
    return thread


@pytest.fixture
def see(thread: Thread) -> Callable[[dict[str, FlaskClient]], Seen]:
    """What each of these browsers gets, without leaving a trace."""
    address = f"/threads/{thread.id}-{slugify(TITLE)}"

    def look(browsers: dict[str, FlaskClient]) -> Seen:
        answers = {name: browser.get(address, headers=PEEK) for name, browser in browsers.items()}
        return {name: (answer.status_code, answer.text) for name, answer in answers.items()}

    return look


def each_alone(see: Callable[[Any], Seen], browsers: dict[str, FlaskClient]) -> Seen:
    """The same when nobody else made any part of it."""
    made: Seen = {}
    for name, browser in browsers.items():
        fragments().clear()
        made |= see({name: browser})
    return made


def changing(find: Callable[[], Any], **values: Any) -> Act:
    def act() -> None:
        with write():
            for name, value in values.items():
                setattr(find(), name, value)

    return act


def posting(browser: FlaskClient, path: str, **fields: str) -> Act:
    def act() -> None:
        assert browser.post(path, data=fields).status_code == 302
        with browser.session_transaction() as cookie:
            cookie.pop("_flashes", None)  # said once, to the one who did it

    return act


def acts(of: dict[str, FlaskClient], people: dict[str, User], thread: Thread) -> dict[str, Act]:
    """In this order; each changes something for all, for some or for one of the readers."""
    post = f"/threads/{thread.id}/posts"
    found = lambda: db.session.get_one(Thread, thread.id)  # noqa: E731

    def no_steward() -> None:
        with write() as session:
            session.execute(sa.delete(TopicSteward))

    return {
        "respond": posting(of["reader"], f"{post}/2/responses", kind="helpful"),
        "accept": posting(of["author"], f"{post}/3/accept"),
        "unread": posting(of["keeper"], f"{post}/3/unread"),
        "delete": posting(of["writer"], f"{post}/4/delete"),
        "hide": posting(of["steward"], f"{post}/2/hide", reason="other", text="Off topic."),
        "no steward": no_steward,
        "rename person": changing(
            lambda: db.session.get_one(User, people["author"].id), display_name="Another"
        ),
        "withhold names": changing(found, attribution=Attribution.CHATHAM_HOUSE),
        "close topic": changing(
            lambda: db.session.get_one(Topic, thread.topic_id), visibility=Visibility.HIDDEN
        ),
    }


@pytest.mark.any_engine
@time_machine.travel("2026-11-22T09:30:20Z", tick=False)
def test_kept_parts_show_what_is_so_for_each_reader(
    client: FlaskClient,
    client_for: SignIn,
    people: dict[str, User],
    thread: Thread,
    see: Callable[[Any], Seen],
) -> None:
    named = ("author", "writer", "reader", "keeper", "steward")
    browsers = {name: client_for(people[name]) for name in named} | {"visitor": client}
    kept, wrong = see(browsers), []
    for name, act in acts(browsers, people, thread).items():
        before = kept
        act()
        kept = see(browsers)
        made = each_alone(see, browsers)
        if kept == before or kept != made:
            wrong.append((name, [who for who in browsers if kept[who] != made[who]]))

    assert wrong == []
    assert {status for status, _page in kept.values()} == {404}


@time_machine.travel("2026-11-22T09:30:20Z", tick=False)
def test_what_another_reader_made_is_taken_only_by_their_like(
    client: FlaskClient,
    client_for: SignIn,
    people: dict[str, User],
    see: Callable[[Any], Seen],
) -> None:
    browsers = {name: client_for(person) for name, person in people.items()} | {"visitor": client}
    see(browsers)
    in_turn = see(browsers)

    assert in_turn == each_alone(see, browsers)
    assert len({page for _status, page in in_turn.values()}) == len(browsers)


def test_own_posts_marks_and_keeping_are_shown_to_nobody_else(
    client_for: SignIn, people: dict[str, User], thread: Thread, see: Callable[[Any], Seen]
) -> None:
    browsers = {name: client_for(people[name]) for name in ("writer", "keeper", "reader")}
    post = f"/threads/{thread.id}/posts"
    browsers["keeper"].post(f"{post}/3/bookmark")
    browsers["keeper"].post(f"{post}/3/responses", data={"kind": "helpful"})
    pages = {name: page for name, (_status, page) in see(browsers).items()}
    for name, browser in browsers.items():
        pages[name] += "".join(browser.get(f"{post}/{number}/menu").text for number in (3, 4))

    def who_has(words: str) -> list[str]:
        return [name for name, page in pages.items() if words in page]

    assert who_has("Kept for later: change") == ["keeper"]
    assert who_has('value="helpful-3" aria-pressed="true"') == ["keeper"]
    assert who_has(f"{post}/4/delete") == ["writer"]


def test_every_icon_of_a_page_refers_to_the_sheet(
    client: FlaskClient, client_for: SignIn, people: dict[str, User], see: Callable[[Any], Seen]
) -> None:
    browsers = {"visitor": client, "author": client_for(people["author"])}

    for _status, page in see(browsers).values():
        used = re.findall(r'<use href="/static/v-[0-9a-f]{12}/icons.svg#([a-z-]+)"/>', page)
        assert len(used) == page.count("<use") > 10
        assert {*used} <= sheet_names()
        assert page.count("<svg") == len(used) + 1  # the mark of the house


def test_who_has_nothing_of_their_own_costs_fewer_statements(
    client_for: SignIn,
    people: dict[str, User],
    see: Callable[[Any], Seen],
    count_statements: Counter,
) -> None:
    counts = {}
    for name in ("reader", "author"):
        browser = client_for(people[name])
        see({name: browser})
        with count_statements() as statements:
            see({name: browser})
        counts[name] = len(statements)

    assert counts == {"reader": 3, "author": 4}


def test_each_writer_is_offered_their_own_seats_of_today(
    client_for: SignIn, people: dict[str, User], see: Callable[[Any], Seen]
) -> None:
    names = ("reader", "keeper", "author")
    browsers = {name: client_for(people[name]) for name in names}

    def offered() -> dict[str, list[str]]:
        found = {name: page for name, (_status, page) in see(browsers).items()}
        return {name: re.findall(r'<option[^>]*value="staff:(\d+)"', found[name]) for name in names}

    seats = {
        name: str(db.session.scalar(sa.select(Seat.id).where(Seat.user_id == people[name].id)))
        for name in names
    }
    own = {name: [seat] for name, seat in seats.items()}
    assert [offered(), offered()] == [own, own]

    yesterday = utcnow().date() - timedelta(days=1)
    changing(lambda: db.session.get_one(Seat, int(seats["keeper"])), ends_on=yesterday)()
    assert offered() == own | {"keeper": []}
    assert ['name="speaks_as"' in page for _status, page in see(browsers).values()] == [
        True,
        False,
        True,
    ]
