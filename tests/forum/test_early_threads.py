"""A thread told to members before the framework begins is what the framework would tell them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request_started
from flask.testing import FlaskClient

from app.accounts.models import GroupMember, User, UserSession
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.fragments import fragments
from app.core.slugs import slugify
from app.forum import reading
from app.forum.enums import EventKind, FollowLevel
from app.forum.models import Post, Thread
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic, TopicSteward
from tests.factories import make_city, make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_event, make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
LONG_WAY = {"Authorization": "Basic x"}
"""Nothing here reads it, and so the framework is asked."""

ROLES = ("author", "writer", "reader", "late", "steward", "organiser", "admin", "inside")


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    made = {name: make_user(f"{name.title()} <of> housing", make_city(name)) for name in ROLES}
    made["applicant"] = make_user("Applicant", approved_at=None)
    with write() as session:
        session.get_one(User, made["organiser"].id).role = "organiser"
        session.get_one(User, made["admin"].id).role = "admin"
        session.get_one(User, made["late"].id).timezone = "Asia/Tokyo"
        session.get_one(User, made["steward"].id).locale = "de"
    return made


@pytest.fixture
def threads(people: dict[str, User]) -> dict[str, Thread]:
    """One of each kind that is shown to others, or to others differently."""
    open_topic, closed = make_topic(), make_topic("closed", visibility=Visibility.HIDDEN)
    group = make_group(people["inside"], people["author"])
    for topic in (open_topic, closed):
        make_steward(topic, people["steward"])

    def started(title: str, topic: Topic = open_topic, **changes: Any) -> Thread:
        thread = make_thread(topic, people["author"], title)
        make_reply(thread, people["writer"])
        with write() as session:
            for name, value in changes.items():
                setattr(session.get_one(Thread, thread.id), name, value)
        return thread

    made = {
        "public": started("Who <answers>?"),
        "network": started("Only members", visibility=Visibility.NETWORK),
        "closed": started("Behind doors", visibility=Visibility.CLOSED, group_id=group.id),
        "topic": started("Hidden topic", closed),
        "locked": started("Locked", is_locked=True),
        "gone": started("Gone", deleted_at=utcnow()),
        "nameless": started("Nameless", attribution=Attribution.CHATHAM_HOUSE),
        "eventful": started("Eventful"),
        "long": started("Long"),
    }
    make_event(made["eventful"], EventKind.LOCKED, people["steward"])
    make_replies(made["long"], people["author"], 30)
    return made


@pytest.fixture
def browsers(client_for: SignIn, people: dict[str, User]) -> dict[str, FlaskClient]:
    return {name: client_for(person) for name, person in people.items()}


@contextmanager
def framework_asked(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(sender: Flask, **_: Any) -> None:
        asked.append(sender.name)

    with request_started.connected_to(note, app):
        yield asked


def address_of(thread: Thread) -> str:
    return f"/threads/{thread.id}-{slugify(thread.title)}"


def told(answer: Any) -> tuple[str, bytes, list[tuple[str, str]]]:
    heads = sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
    return answer.status, answer.data, heads


def both_ways(browser: FlaskClient, address: str) -> tuple[Any, Any]:
    """What the framework tells after the page was seen, and what is told then without it."""
    for _ in range(2):
        browser.get(address, headers=LONG_WAY)
    late = told(browser.get(address, headers=LONG_WAY))
    return told(browser.get(address)), late


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


class Changes:
    """What may happen between two requests, to anybody who may read or to what is read."""

    def __init__(self, people: dict[str, User], threads: dict[str, Thread]) -> None:
        self.people = {name: person.id for name, person in people.items()}
        self.threads = {name: thread.id for name, thread in threads.items()}
        self.all = [
            getattr(self, name) for name in sorted(vars(type(self))) if name.startswith("do_")
        ]

    def someone(self, dice: random.Random) -> int:
        return dice.choice(list(self.people.values()))

    def some_thread(self, session: Any, dice: random.Random) -> Thread:
        found: Thread = session.get_one(Thread, dice.choice(list(self.threads.values())))
        return found

    def let_in(self, session: Any, user_id: int) -> None:
        """Whoever was turned away: the next act is to find somebody who sees the page."""
        mine = UserSession.user_id == user_id
        session.execute(sa.update(UserSession).where(mine).values(revoked_at=None))
        person = session.get_one(User, user_id)
        person.active, person.approved_at = True, person.approved_at or utcnow()

    def open_up(self, session: Any, thread_id: int) -> None:
        """A thread that can be replied to is told early; others are left to the framework."""
        thread = session.get_one(Thread, thread_id)
        thread.deleted_at, thread.is_locked = None, False
        session.get_one(Topic, thread.topic_id).visibility = Visibility.PUBLIC

    def do_revoke(self, session: Any, dice: random.Random) -> None:
        mine = UserSession.user_id == self.someone(dice)
        session.execute(sa.update(UserSession).where(mine).values(revoked_at=utcnow()))

    def do_bring_back(self, session: Any, _dice: random.Random) -> None:
        session.execute(sa.update(UserSession).values(revoked_at=None))

    def do_close_account(self, session: Any, dice: random.Random) -> None:
        person = session.get_one(User, self.someone(dice))
        person.active = not person.active

    def do_approve(self, session: Any, dice: random.Random) -> None:
        person = session.get_one(User, self.someone(dice))
        person.approved_at = None if person.approved_at else utcnow()

    def do_role(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).role = dice.choice(["member", "organiser"])

    def do_rename(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).display_name = f"Name & {dice.random()}"

    def do_speak(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).locale = dice.choice(["de", "ca", None])

    def do_travel(self, session: Any, dice: random.Random) -> None:
        zone = dice.choice(["Asia/Tokyo", "Europe/Brussels"])
        session.get_one(User, self.someone(dice)).timezone = zone

    def do_join_or_leave(self, session: Any, dice: random.Random) -> None:
        group_id = session.scalar(sa.select(GroupMember.group_id).limit(1))
        key = {"group_id": group_id, "user_id": self.someone(dice)}
        found = session.get(GroupMember, key)
        if found is None and group_id:
            session.add(GroupMember(**key))
        elif found is not None:
            session.delete(found)

    def do_steward(self, session: Any, dice: random.Random) -> None:
        key = {"topic_id": self.some_thread(session, dice).topic_id, "user_id": self.someone(dice)}
        found = session.get(TopicSteward, key)
        if found is None:
            session.add(TopicSteward(**key))
        else:
            session.delete(found)

    def do_topic(self, session: Any, dice: random.Random) -> None:
        topic = session.get_one(Topic, self.some_thread(session, dice).topic_id)
        topic.visibility = dice.choice([Visibility.PUBLIC, Visibility.HIDDEN])

    def do_visibility(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.visibility = dice.choice([Visibility.PUBLIC, Visibility.NETWORK])

    def do_delete(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.deleted_at = None if thread.deleted_at else utcnow()

    def do_lock(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.is_locked = not thread.is_locked

    def do_title(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.title = f"Another {dice.randrange(100)}"

    def do_withhold(self, session: Any, dice: random.Random) -> None:
        kinds = [Attribution.OPEN, Attribution.CHATHAM_HOUSE]
        self.some_thread(session, dice).attribution = dice.choice(kinds)

    def do_hide_post(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        post = session.scalars(sa.select(Post).where(Post.thread_id == thread.id).limit(1)).one()
        post.hidden_at = None if post.hidden_at else utcnow()
        thread.revision += 1

    def do_follow(self, session: Any, dice: random.Random) -> None:
        level = dice.choice(list(FollowLevel))
        session.execute(
            sa.update(ThreadRead)
            .where(ThreadRead.user_id == self.someone(dice))
            .values(level=level)
        )

    def do_unread(self, session: Any, dice: random.Random) -> None:
        mine = ThreadRead.user_id == self.someone(dice)
        session.execute(sa.update(ThreadRead).where(mine).values(last_read=1))

    def do_mark(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        reading.mark_read(self.someone(dice), thread.id, thread.last_number)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_changes_between_requests_is_so_at_once(
    app: Flask,
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
    seed: int,
) -> None:
    """First without the framework, if it can be; whatever it would have said then is the same."""
    dice, changes = random.Random(seed), Changes(people, threads)
    names = [name for name in browsers if name != "applicant"]
    kinds = ["public", "network", "closed", "topic", "nameless"]
    told_early = 0
    for _step in range(120):
        act, kind, name = dice.choice(changes.all), dice.choice(kinds), dice.choice(names)
        with write() as session:
            changes.let_in(session, changes.people[name])
            if dice.random() < 0.5:
                changes.open_up(session, changes.threads[kind])
        thread = db.session.get_one(Thread, changes.threads[kind])
        both_ways(browsers[name], address_of(thread))
        with write() as session:
            act(session, dice)
        address = address_of(db.session.get_one(Thread, changes.threads[kind]))
        peek = {"Sec-Purpose": "prefetch"}  # leaves no mark that the other one would see
        with framework_asked(app) as asked:
            got = told(browsers[name].get(address, headers=peek))
        told_early += not asked
        assert got == told(browsers[name].get(address, headers=peek | LONG_WAY)), (act, kind, name)

    assert told_early > 20
    assert len(fragments()) > 0
