"""Feeds by key, and feeds of threads and searches: the same visibility as the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import feed_keys
from app.accounts.models import FeedKey, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.models import Post
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import fill_thread, make_reply, make_thread

Counting = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def york(app: Flask) -> User:
    return make_user("Policy adviser, York", make_city("York"))


@pytest.fixture
def closed(york: User) -> Topic:
    return make_topic("closed-work", [make_group(york)], visibility=Visibility.CLOSED)


def token_of(person: User) -> str:
    with write():
        return feed_keys.feed_token(feed_keys.renew(db.session.get_one(User, person.id)))


def titles_in(text: str) -> list[str]:
    return [
        entry.findtext(f"{ATOM}title") or "" for entry in ET.fromstring(text).iter(f"{ATOM}entry")
    ]


def test_own_feed_holds_what_only_this_person_reads(
    york: User, closed: Topic, client: FlaskClient
) -> None:
    thread = make_thread(closed, york)
    token = token_of(york)

    latest = client.get(f"/feeds/{token}/latest.atom")
    of_topic = client.get(f"/feeds/{token}/topics/closed-work.atom")
    of_thread = client.get(f"/feeds/{token}/threads/{thread.id}.atom")

    assert titles_in(latest.text) == titles_in(of_topic.text) == [thread.title]
    assert titles_in(of_thread.text) == [f"{thread.title}: post 1"]
    assert latest.mimetype == "application/atom+xml"


def test_keys_of_others_open_nothing_of_it(york: User, closed: Topic, client: FlaskClient) -> None:
    thread = make_thread(closed, york)
    token = token_of(make_user("Housing planner, Lund"))

    codes = [
        client.get(f"/feeds/{token}/{path}.atom").status_code
        for path in ("topics/closed-work", f"threads/{thread.id}")
    ]

    assert codes == [404, 404]
    assert titles_in(client.get(f"/feeds/{token}/latest.atom").text) == []


@pytest.mark.parametrize("token", ["x", "W10.aaaa.bbbb", "x" * 2000])
def test_forged_keys_open_nothing(app: Flask, client: FlaskClient, token: str) -> None:
    assert client.get(f"/feeds/{token}/latest.atom").status_code == 404


def test_renewed_and_ended_keys_stop_at_once(
    york: User, client: FlaskClient, client_for: SignIn
) -> None:
    browser = client_for(york)
    old = token_of(york)
    browser.post("/settings/feeds/renew")
    page = browser.get("/settings/feeds").text
    new = re.search(r"/feeds/([^/]+)/latest", page)
    assert new is not None

    codes = [client.get(f"/feeds/{token}/latest.atom").status_code for token in (old, new[1])]
    browser.post("/settings/feeds/end")

    assert codes == [404, 200]
    assert client.get(f"/feeds/{new[1]}/latest.atom").status_code == 404


def test_last_use_is_shown(york: User, client: FlaskClient, client_for: SignIn) -> None:
    token = token_of(york)
    before = db.session.get_one(FeedKey, york.id).last_used_at

    client.get(f"/feeds/{token}/latest.atom")

    assert before is None
    assert db.session.get_one(FeedKey, york.id).last_used_at is not None
    assert "Never" not in client_for(york).get("/settings/feeds").text


def test_thread_feed_for_anyone_holds_public_readable_posts_only(
    york: User, closed: Topic, client: FlaskClient
) -> None:
    thread = make_thread(make_topic(), york)
    gone = make_reply(thread, york, "Taken back.")
    make_reply(thread, york, "Still here.")
    with write() as session:
        session.get_one(Post, gone.id).deleted_at = gone.created_at
    hidden = make_thread(closed, york)

    text = client.get(f"/threads/{thread.id}/feed.atom").text

    assert titles_in(text) == [f"{thread.title}: post 3", f"{thread.title}: post 1"]
    assert "Taken back." not in text
    assert client.get(f"/threads/{hidden.id}/feed.atom").status_code == 404


def test_names_are_withheld_in_every_feed(york: User, client: FlaskClient) -> None:
    topic = make_topic("rule", attribution=Attribution.CHATHAM_HOUSE)
    thread = make_thread(topic, york, body="What was hard about shelters?")
    token = token_of(york)

    texts = [
        client.get(address).text
        for address in (
            "/topics/rule/feed.atom",
            f"/threads/{thread.id}/feed.atom",
            "/search.atom?q=shelters",
            f"/feeds/{token}/latest.atom",
            f"/feeds/{token}/threads/{thread.id}.atom",
            f"/feeds/{token}/search.atom?q=shelters",
        )
    ]

    assert all("shelters" in text for text in texts)
    assert not any("York" in text or "Policy adviser" in text for text in texts)


def test_search_feed_finds_what_its_reader_may_read(
    york: User, closed: Topic, client: FlaskClient
) -> None:
    make_thread(closed, york, "Where do people sleep tonight?", "Shelters were full.")
    token = token_of(york)

    assert titles_in(client.get("/search.atom?q=shelters").text) == []
    assert titles_in(client.get(f"/feeds/{token}/search.atom?q=shelters").text) == [
        "Where do people sleep tonight?"
    ]


def test_feeds_answer_304(york: User, client: FlaskClient) -> None:
    make_thread(make_topic(), york)
    token = token_of(york)
    for address in (f"/feeds/{token}/latest.atom", "/search.atom?q=nothing-there"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)


def test_own_address_stays_the_same_until_it_is_renewed(york: User, client_for: SignIn) -> None:
    token = token_of(york)
    with time_machine.travel(utcnow() + timedelta(days=400), tick=False):
        browser = client_for(york)
        assert f"/feeds/{token}/latest.atom" in browser.get("/settings/feeds").text
        assert browser.get(f"/feeds/{token}/latest.atom").status_code == 200
        assert token_of(york) != token


def test_feeds_page_asks_to_sign_in(app: Flask, client: FlaskClient) -> None:
    assert client.get("/settings/feeds").status_code == 302
    assert client.post("/settings/feeds/renew").status_code == 302


def test_pages_lead_to_the_own_feed_of_a_thread_and_a_search(
    york: User, closed: Topic, client_for: SignIn
) -> None:
    thread = make_thread(closed, york)
    browser = client_for(york)
    without = browser.get(f"/threads/{thread.id}/own-feed").location
    token = token_of(york)

    assert without == "/settings/feeds"
    of_thread = browser.get(f"/threads/{thread.id}/own-feed").location
    of_search = browser.get("/search/own-feed?q=beds").location
    assert of_thread == f"/feeds/{token}/threads/{thread.id}.atom"
    assert of_search == f"/feeds/{token}/search.atom?q=beds"
    assert "closed-work.atom" in browser.get("/settings/feeds").text


def test_feed_of_a_thread_holds_the_last_thirty_numbers(york: User, client: FlaskClient) -> None:
    thread = make_thread(make_topic(), york)
    fill_thread(thread, york, 35)

    titles = titles_in(client.get(f"/threads/{thread.id}/feed.atom").text)

    assert titles == [f"{thread.title}: post {number}" for number in range(35, 5, -1)]


def test_feed_of_a_thread_without_readable_posts_is_empty(york: User, client: FlaskClient) -> None:
    thread = make_thread(make_topic(), york)
    with write() as session:
        session.execute(sa.update(Post).values(hidden_at=thread.created_at))

    text = client.get(f"/threads/{thread.id}/feed.atom").text

    assert [titles_in(text), thread.title in text] == [[], True]


def test_one_post_in_a_feed_costs_as_many_statements_as_thirty(
    york: User, client: FlaskClient, count_statements: Counting
) -> None:
    thread = make_thread(make_topic(), york)
    address = f"/threads/{thread.id}/feed.atom"

    def statements() -> int:
        with count_statements() as made:
            assert client.get(address).status_code == 200
        return len(made)

    one = statements()
    fill_thread(thread, york, 35)

    assert [one, statements()] == [2, 2]
