""" "Where this stands": written by all, never overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.enums import ThreadKind
from app.forum.models import Thread, ThreadOverview
from app.topics.models import Topic
from tests.factories import make_city, make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread, thread_page
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
OFFER = "Say in a few lines where this stands"


@pytest.fixture
def thread(topic: Topic) -> Thread:
    return make_thread(topic, make_user(), kind=ThreadKind.QUESTION)


def written(body: str, based_on: int = 0, **more: str) -> dict[str, str]:
    return {"body": body, "language": "en", "based_on": str(based_on), **more}


def bodies() -> list[str]:
    found = select(ThreadOverview.body).order_by(ThreadOverview.revision)
    return list(db.session.scalars(found))


def test_it_stands_on_top_with_who_wrote_it(client_for: SignIn, thread: Thread) -> None:
    writer = make_user("Cycling officer", make_city("Lund"))
    browser = client_for(writer)
    path, before = f"/threads/{thread.id}/overview", thread.revision

    form = browser.get(path)
    saved = browser.post(path, data=written("- Bays **before** enforcement."))
    page = thread_page(browser, thread)

    assert form.status_code == 200
    assert saved.location.startswith(f"/threads/{thread.id}-")
    assert "<li>Bays <strong>before</strong> enforcement.</li>" in page
    assert "Cycling officer updated it on" in page
    assert (thread.overview_revision, thread.revision) == (1, before + 1)


def test_second_one_is_based_on_the_first(client_for: SignIn, thread: Thread) -> None:
    browser = client_for(make_user())
    path = f"/threads/{thread.id}/overview"

    browser.post(path, data=written("Bays before enforcement."))
    form = browser.get(path).text
    browser.post(path, data=written("Bays before enforcement.", 1))
    browser.post(path, data=written("Bays, then enforcement.", 1))
    history = browser.get(f"{path}/history").text

    assert "Bays before enforcement.</textarea>" in form
    assert bodies() == ["Bays before enforcement.", "Bays, then enforcement."]
    assert history.index("Version 2") < history.index("Version 1")
    assert '<del><span class="vh">removed: </span>Bays' in history
    assert 'content="noindex"' in history


def test_who_was_slower_sees_all_texts(client_for: SignIn, thread: Thread) -> None:
    browser = client_for(make_user())
    path = f"/threads/{thread.id}/overview"
    browser.post(path, data=written("The text of somebody faster."))

    answer = browser.post(path, data=written("My own text.", 0, started_from="What I saw."))

    assert answer.status_code == 409
    assert "My own text.</textarea>" in answer.text
    assert 'dir="auto">The text of somebody faster.</pre>' in answer.text
    assert 'dir="auto">What I saw.</pre>' in answer.text
    assert re.search('name="based_on"[^>]* value="1"', answer.text)
    assert bodies() == ["The text of somebody faster."]


def test_two_save_at_once(app: Flask, client_for: SignIn, thread: Thread) -> None:
    path = f"/threads/{thread.id}/overview"
    acts = [(client_for(make_user()), path, written(f"Text number {n}.")) for n in range(2)]

    assert at_once(app, acts) == [302, 409]

    assert len(bodies()) == 1
    assert thread.overview_revision == 1


def test_names_of_the_chatham_house_rule_stay_inside(client_for: SignIn, topic: Topic) -> None:
    writer = make_user("Cycling officer", make_city("Lund"))
    thread = make_thread(topic, make_user(), attribution=Attribution.CHATHAM_HOUSE)
    browser = client_for(writer)
    browser.post(f"/threads/{thread.id}/overview", data=written("Bays before enforcement."))

    reader = client_for(make_user())
    page = thread_page(reader, thread)
    history = reader.get(f"/threads/{thread.id}/overview/history").text

    assert "Bays before enforcement." in page
    assert "Updated on" in page
    for text in (page, history):
        assert "Cycling officer" not in text
        assert "Lund" not in text


def test_who_may_write_it(
    client_for: SignIn, client: FlaskClient, thread: Thread, topic: Topic
) -> None:
    steward, member = make_user(), make_user()
    make_steward(topic, steward)
    path = f"/threads/{thread.id}/overview"

    assert client.get(path).status_code == 302
    assert client_for(make_user(approved_at=None)).get(path).status_code == 403
    with write():
        thread.is_locked = True
    assert client_for(member).get(path).status_code == 403
    assert client_for(member).post(path, data=written("Bays.")).status_code == 403
    assert client_for(steward).post(path, data=written("Bays first.")).status_code == 302


def test_what_is_hidden_is_not_there(client_for: SignIn) -> None:
    closed = make_thread(make_topic("closed", visibility=Visibility.CLOSED), make_user())
    browser = client_for(make_user())

    for path in ("overview", "overview/history"):
        assert browser.get(f"/threads/{closed.id}/{path}").status_code == 404


@pytest.mark.parametrize("wrong", [{"body": ""}, {"body": "x" * 8001}, {"language": "xx"}])
def test_wrong_text_comes_back(client_for: SignIn, thread: Thread, wrong: dict[str, str]) -> None:
    answer = client_for(make_user()).post(
        f"/threads/{thread.id}/overview", data={**written("Bays before."), **wrong}
    )

    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_it_is_offered_when_it_helps(client_for: SignIn, thread: Thread, topic: Topic) -> None:
    long = make_thread(topic, make_user())
    make_replies(long, make_user(), 18)
    browser = client_for(make_user())

    assert OFFER not in thread_page(browser, thread)
    assert OFFER not in thread_page(browser, long)
    make_reply(long, make_user())
    make_reply(thread, make_user())
    with write():
        thread.accepted_number = 2
    assert OFFER in thread_page(browser, long)
    assert OFFER in thread_page(browser, thread)
    browser.post(f"/threads/{thread.id}/overview", data=written("Bays before enforcement."))
    assert OFFER not in thread_page(browser, thread)


def test_text_of_a_post_is_taken_over(client_for: SignIn, thread: Thread) -> None:
    make_reply(thread, make_user(), "All in all: bays first.")

    form = client_for(make_user()).get(f"/threads/{thread.id}/overview?post=2").text

    assert "All in all: bays first.</textarea>" in form
