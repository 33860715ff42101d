"""The list of drafts: what each would become, thrown away and brought back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.drafting import forget_expired, save_draft
from app.accounts.models import Draft, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]


def keep(person: User, context: str, **fields: str) -> None:
    with write():
        save_draft(person, context, fields, 0)


def test_each_draft_says_where_it_belongs(app: Flask, client_for: SignIn) -> None:
    person, author = make_user(), make_user()
    thread = make_thread(make_topic(), author, title="Who answers the telephone?")
    secret = make_topic("inside", [make_group(author)], visibility=Visibility.HIDDEN)
    hidden = make_thread(secret, author, title="What nobody else may read")
    keep(person, f"reply:{thread.id}", body="We did **that** too", reply_to="1")
    keep(person, f"reply:{hidden.id}", body="From when I could read it")
    keep(person, "thread:new", title="", body="Something new")
    keep(person, "odd", words="Anything")

    page = client_for(person).get("/drafts").text

    assert f'href="/threads/{thread.id}-who-answers-the-telephone#reply"' in page
    assert "We did that too" in page
    assert "For a thread that you cannot read any more" in page
    assert "From when I could read it" in page
    assert "What nobody else may read" not in page
    assert '<strong dir="auto">A new thread</strong>' in page
    assert page.count("<time datetime=") == 4


def test_statements_do_not_grow_with_drafts(
    app: Flask, client_for: SignIn, count_statements: Counter
) -> None:
    person, topic = make_user(), make_topic()
    browser, counts = client_for(person), []
    for many in (1, 5):
        for _ in range(many):
            keep(person, f"reply:{make_thread(topic, person).id}", body="A text")
        with count_statements() as statements:
            browser.get("/drafts")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 8


def test_a_draft_thrown_away_comes_back(app: Flask, client_for: SignIn) -> None:
    person = make_user()
    browser = client_for(person)
    keep(person, "thread:new", body="Second thoughts")

    browser.post("/drafts/delete", data={"context": "thread:new"})
    listed = browser.get("/drafts").text
    form = browser.get("/threads/new").text
    browser.post("/drafts/restore", data={"context": "thread:new"})

    assert "The draft is deleted." in listed
    assert 'action="/drafts/restore"' in listed
    assert "No drafts" in listed
    assert "Second thoughts" not in form
    assert "Second thoughts</textarea>" in browser.get("/threads/new").text


def test_a_draft_begun_since_is_not_overwritten(app: Flask, client_for: SignIn) -> None:
    person = make_user()
    browser = client_for(person)
    keep(person, "thread:new", body="The old one")
    browser.post("/drafts/delete", data={"context": "thread:new"})
    keep(person, "thread:new", body="The new one")

    for context in ("thread:new", "nothing", ""):
        browser.post("/drafts/restore", data={"context": context})

    assert "cannot come back" in browser.get("/drafts").text
    assert "The new one</textarea>" in browser.get("/threads/new").text


def test_what_was_thrown_away_is_gone_after_a_day(app: Flask, client_for: SignIn) -> None:
    person = make_user()
    keep(person, "thread:new", body="Thrown away")
    keep(person, "reply:1", body="Kept")
    client_for(person).post("/drafts/delete", data={"context": "thread:new"})

    with time_machine.travel(utcnow() + timedelta(days=1, minutes=1)), write():
        forget_expired()

    assert db.session.scalars(select(Draft.context)).all() == ["reply:1"]
