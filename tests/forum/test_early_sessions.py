"""Who is told a thread early is who the framework would know, whatever their session says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import validate_csrf

from app.accounts import approving, resetting
from app.accounts.models import User, UserSession
from app.accounts.passwords import hashed
from app.core.clock import utcnow
from app.core.db import write
from app.core.early_members import asked_by_one
from app.core.visitor_pages import Meanings
from app.forum.models import Thread
from tests.accounts.test_second_factor import give_password, set_up_app
from tests.factories_accounts import make_person
from tests.forum.early import (
    LONG_WAY,
    Reader,
    address_of,
    browsers,
    framework_asked,
    people,
    reader,
    threads,
    with_knowledge,
)

__all__ = ["browsers", "people", "reader", "threads"]

Sign = Callable[[User], FlaskClient]
NOW, NEXT_DAY = "2026-11-21 23:59:00 +0000", "2026-11-22 00:00:00 +0000"
IN_FIVE_WEEKS = "2026-12-26 00:00:00 +0000"
NAME = "Late &lt;of&gt; housing"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> None:
    """It stands still: cookies are signed with the second."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def address(threads: dict[str, Thread], reader: Reader) -> str:
    """Of a thread of which all parts are kept for this reader."""
    found = address_of(threads["public"])
    reader.sees(found)
    was_early, answer = reader.both_ways(found)
    assert (was_early, NAME in answer.text) == (True, True)
    return found


def test_session_that_was_revoked(reader: Reader, address: str, people: dict[str, User]) -> None:
    mine = UserSession.user_id == people["late"].id
    with write() as session:
        session.execute(sa.update(UserSession).where(mine).values(revoked_at=utcnow()))
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == (False, False)


def test_session_of_before_the_password_changed(
    reader: Reader, address: str, people: dict[str, User]
) -> None:
    with write() as session:
        person = session.get_one(User, people["late"].id)
        resetting.set_password(person, hashed("a new one, long enough"), "change")
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == (False, False)


def test_account_that_was_closed(reader: Reader, address: str, people: dict[str, User]) -> None:
    with write() as session:
        person, admin = (session.get_one(User, people[name].id) for name in ("late", "admin"))
        approving.close(person, admin)
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == (False, False)


@pytest.mark.parametrize(
    ("values", "knows"),
    [({"active": False}, False), ({"approved_at": None}, True), ({"fs_uniquifier": "x"}, False),
     ({"confirmed_at": None}, True)],
)  # fmt: skip
def test_account_that_is_not_in_order(
    reader: Reader, address: str, people: dict[str, User], values: dict[str, Any], knows: bool
) -> None:
    with write() as session:
        mine = User.id == people["late"].id
        session.execute(sa.update(User).where(mine).values(values))
    reader.ask(address, headers=LONG_WAY)  # what names people is made anew
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == ("confirmed_at" in values, knows)


def test_session_of_which_something_is_another_ones_or_missing(
    app: Flask,
    reader: Reader,
    address: str,
    browsers: dict[str, FlaskClient],
) -> None:
    other, mine = Reader(app, browsers["admin"]).session, reader.session
    for changes in (
        *({"sid": other["sid"]}, {"_user_id": other["_user_id"]}, {"sid": "x"}, {"sid": ""}),
        *({"sid": None}, {"_user_id": ""}, {"_user_id": None}, {"_user_id": "x"}, {"sid": 1}),
    ):
        reader.session = {**mine, **changes}
        was_early, answer = reader.both_ways(address)
        assert (changes, was_early, NAME in answer.text) == (changes, False, False)
        assert "Admin &lt;of&gt; housing" not in answer.text
    for name in ("sid", "_user_id"):
        reader.session = {key: value for key, value in mine.items() if key != name}
        was_early, answer = reader.both_ways(address)
        assert (name, was_early, NAME in answer.text) == (name, False, False)


@pytest.mark.parametrize(
    ("added", "is_early"),
    [({"_flashes": [("ok", "Only once.")]}, False), ({"_flashes": []}, False),
     ({"_remember": "set"}, False), ({"_remember": "clear"}, False),
     ({"_remember_seconds": 60}, False), ({"_fresh": False}, True), ({"_permanent": False}, True),
     ({"fs_cc": "set"}, True), ({"fs_paa": 0}, True), ({"identity.id": "1"}, True),
     ({"_id": "x"}, True), ({"tf_state": "ready", "tf_user_id": "x"}, True),
     ({"day": "2026-11-20"}, False), ({"day": None}, False)],
)  # fmt: skip
def test_whatever_else_stands_in_a_session(
    reader: Reader, address: str, added: dict[str, Any], is_early: bool
) -> None:
    reader.session |= added
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == (is_early, True)


def test_token_that_is_not_signed_yet(app: Flask, reader: Reader, address: str) -> None:
    """It is signed as the framework would, which takes it in a form."""
    reader.session["csrf_token"] = "another"
    unseen, first = reader.both_ways(address)
    seen, answer = reader.both_ways(address)

    assert (unseen, seen) == (True, True)
    assert answer.headers.getlist("Set-Cookie") == []
    with app.test_request_context():
        session["csrf_token"] = "another"
        (token,) = {*TOKEN.findall(first.text)}
        validate_csrf(token)


def test_session_without_a_token(reader: Reader, address: str) -> None:
    """It gets one with its next cookie."""
    for nothing in (None, "", 5):
        reader.session["csrf_token"] = nothing
        was_early, _answer = reader.both_ways(address)
        assert not was_early
    del reader.session["csrf_token"]
    assert len(reader.ask(address).headers.getlist("Set-Cookie")) == 1


def test_cookie_is_written_anew_each_day(reader: Reader, address: str, time_machine: Any) -> None:
    time_machine.move_to(NEXT_DAY, tick=False)
    was_early, answer = reader.both_ways(address)

    assert (was_early, len(answer.headers.getlist("Set-Cookie"))) == (False, 1)
    renewed = answer.headers["Set-Cookie"].split(";")[0]
    reader.ask(address, renewed, headers=LONG_WAY)
    assert reader.both_ways(address, renewed)[0]


def test_cookie_that_is_too_old(reader: Reader, address: str, time_machine: Any) -> None:
    cookie = f"session={reader.signed(reader.session)}"
    time_machine.move_to(IN_FIVE_WEEKS, tick=False)
    was_early, answer = reader.both_ways(address, cookie)

    assert (was_early, NAME in answer.text) == (False, False)


def test_cookies_that_are_not_whole(reader: Reader, address: str) -> None:
    signed = reader.signed(reader.session)
    for cookie in (
        *("session=", "session=x", f"session={signed[:-3]}abc", f"session={signed[1:]}"),
        *(f"session=x; session={signed}", f"xsession={signed}", f"sessions={signed}"),
        *("session", f"session = x; a=session={signed}"),
    ):
        was_early, answer = reader.both_ways(address, cookie)
        assert (cookie, was_early, NAME in answer.text) == (cookie, False, False)


def test_cookie_among_others(reader: Reader, address: str) -> None:
    signed = reader.signed(reader.session)
    for cookie in (f"a=b;session={signed}", f"session={signed}; session=x", f'session="{signed}"'):
        was_early, answer = reader.both_ways(address, cookie)
        assert (cookie, was_early, NAME in answer.text) == (cookie, True, True)


@pytest.mark.parametrize("session", ["", "session=x; ", "own"])
def test_cookie_that_remembers(reader: Reader, address: str, session: str) -> None:
    own = f"session={reader.signed(reader.session)}; " if session == "own" else session
    was_early, answer = reader.both_ways(address, f"{own}remember_token=1|x")

    assert (was_early, NAME in answer.text) == (False, session == "own")


@pytest.mark.usefixtures("address")
def test_nobody_is_signed_in_before_the_second_factor(
    app: Flask, client_for: Sign, client: FlaskClient, threads: dict[str, Thread]
) -> None:
    person, found = make_person("Protected person"), address_of(threads["public"])
    inside = client_for(person)
    set_up_app(inside)
    inside.get(found)  # which says that it is set up
    whole = Reader(app, inside)
    whole.sees(found)
    assert whole.both_ways(found)[0]
    give_password(client, person)
    half = Reader(app, client)
    assert ("tf_state" in half.session, "_user_id" in half.session) == (True, False)

    for changes in ({}, {"sid": whole.session["sid"]}, {"csrf_token": whole.session["csrf_token"]}):
        half.session |= changes
        was_early, answer = half.both_ways(found)
        assert (was_early, "Protected person" in answer.text) == (False, False)


def test_whoever_signed_out_is_nobody(
    reader: Reader, address: str, browsers: dict[str, FlaskClient]
) -> None:
    assert browsers["late"].post("/sign-out").status_code == 302
    was_early, answer = reader.both_ways(address)

    assert (was_early, NAME in answer.text) == (False, False)


def test_tried_for_whom_the_process_has_told_it_before(
    app: Flask, browsers: dict[str, FlaskClient], threads: dict[str, Thread]
) -> None:
    readers = [Reader(app, browsers[name]) for name in ("late", "reader")]
    address, other = address_of(threads["public"]), address_of(threads["nameless"])
    with with_knowledge(app, Meanings(asked_by_one)):
        readers[1].sees(other)
        before = [_is_early(app, one, address) for one in readers]
        for one in readers:
            one.sees(address)
        after = [_is_early(app, one, address) for one in readers]
        elsewhere = _is_early(app, readers[0], other)

    assert (before, after, elsewhere) == ([False, False], [True, True], False)


def _is_early(app: Flask, reader: Reader, address: str) -> bool:
    with framework_asked(app) as asked:
        assert reader.ask(address).status_code == 200
    return not asked
