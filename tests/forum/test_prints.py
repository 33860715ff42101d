"""A whole thread for the printer and as a text file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.enums import EventKind
from app.forum.models import Post, Thread
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import fill_thread, make_event, make_replies, make_reply, make_thread

SLUG = "who-answers-when-counters-are-closed"
OUTPUTS = ("print", "thread.md")
Counter = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize("output", OUTPUTS)
def test_everything_is_on_one_page(
    client: FlaskClient, thread: Thread, author: User, output: str
) -> None:
    make_replies(thread, author, 44)
    make_event(thread, EventKind.LOCKED, author)

    text = client.get(f"/threads/{thread.id}/{output}").text

    assert "Who answers when counters are closed?" in text
    assert "Reply 44." in text
    assert "45. Human rights officer, Graz" in text
    assert f"http://localhost/threads/{thread.id}/45" in text
    assert "Human rights officer locked this thread." in text


def test_markdown_is_a_file_with_the_text_as_written(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    make_reply(thread, author, "**One** counter & a <phone>.", reply_to=1)

    answer = client.get(f"/threads/{thread.id}/thread.md")

    assert answer.mimetype == "text/markdown"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={SLUG}.md"
    assert answer.text.startswith("# Who answers when counters are closed?\n")
    assert "\n**One** counter & a <phone>.\n" in answer.text
    assert "\nIn reply to post 1\n" in answer.text


def test_print_is_clean_and_not_for_search_engines(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    make_reply(thread, author, "<script>alert(1)</script> **One** counter.")

    page = client.get(f"/threads/{thread.id}/print").text

    assert page.count("<h1") == 1
    assert "<script>alert" not in page
    assert "<strong>One</strong> counter." in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("gone", ["hidden_at", "deleted_at"])
def test_removed_posts_are_named_but_not_said(
    client: FlaskClient, thread: Thread, author: User, output: str, gone: str
) -> None:
    post = make_reply(thread, author, "The name of a person.")
    make_reply(thread, author, "I see.", reply_to=2)
    with write():
        setattr(db.session.get_one(Post, post.id), gone, utcnow())

    text = client.get(f"/threads/{thread.id}/{output}").text

    assert "The name of a person" not in text
    assert ("Removed by its author." in text) == (gone == "deleted_at")
    assert ("Hidden by a steward." in text) == (gone == "hidden_at")
    assert "I see." in text


@pytest.mark.parametrize("output", OUTPUTS)
def test_chatham_threads_are_printed_without_names(
    client_for: SignIn, topic: Topic, output: str
) -> None:
    author = make_user("Policy adviser", make_city("Middelburg"))
    thread = make_thread(topic, author, attribution=Attribution.CHATHAM_HOUSE)
    make_reply(thread, author, reply_to=1)
    make_event(thread, EventKind.PINNED, author)

    text = client_for(make_user()).get(f"/threads/{thread.id}/{output}").text

    assert ("Policy adviser" in text, "Middelburg" in text) == (False, False)
    assert "Chatham House Rule" in text
    assert "A steward pinned this thread." in text


@pytest.mark.parametrize("output", OUTPUTS)
def test_names_for_the_network_stay_there(
    client: FlaskClient, client_for: SignIn, topic: Topic, author: User, output: str
) -> None:
    thread = make_thread(topic, author, attribution=Attribution.NETWORK)
    path = f"/threads/{thread.id}/{output}"

    seen = ["Human rights officer" in one.get(path).text for one in (client, client_for(author))]

    assert seen == [False, True]


@pytest.mark.parametrize("output", OUTPUTS)
def test_who_may_not_read_finds_nothing(
    client: FlaskClient, client_for: SignIn, author: User, output: str
) -> None:
    group = make_group(author)
    inside = make_topic("inside", [group], visibility=Visibility.CLOSED)
    path = f"/threads/{make_thread(inside, author).id}/{output}"

    answers = [browser.get(path) for browser in (client, client_for(make_user()))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert client_for(author).get(path).status_code == 200
    assert client.get(f"/threads/4711/{output}").status_code == 404


@pytest.mark.parametrize("posts", [1, 5000])
def test_statements_and_time_stay_small(
    client: FlaskClient,
    client_for: SignIn,
    thread: Thread,
    author: User,
    count_statements: Counter,
    posts: int,
) -> None:
    fill_thread(thread, author, posts)
    make_event(thread, EventKind.LOCKED, author)
    browser = client_for(author)
    paths = [f"/threads/{thread.id}/{output}" for output in OUTPUTS]
    for path in paths:
        client.get(path)  # templates are read once

    started = time.process_time()  # others may use this machine, too
    with count_statements() as printed:
        page = browser.get(paths[0]).text
    with count_statements() as saved:
        text = browser.get(paths[1]).text

    assert time.process_time() - started < 6
    assert (len(printed), len(saved)) == (8, 8)
    assert page.count('<article class="paper__post"') == posts
    assert text.count("\n## ") == posts


def test_members_print_five_an_hour(client_for: SignIn, thread: Thread, author: User) -> None:
    browser = client_for(author)
    paths = [f"/threads/{thread.id}/{OUTPUTS[turn % 2]}" for turn in range(6)]

    answers = [browser.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "You can go on in" in answers[-1].text
