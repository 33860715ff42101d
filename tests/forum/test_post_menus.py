"""What else may be done with a post: a page of its own, or a menu in its thread."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.slugs import slugify
from app.forum.enums import ThreadKind
from app.forum.models import Thread
from app.forum.reading import mark_read
from app.topics.models import Topic
from tests.factories import make_user
from tests.factories_forum import make_replies, make_reply, make_thread, thread_page

SignIn = Callable[[User], FlaskClient]
BUTTONS = re.compile(r'<(?:a|button) class="[^"]*link-btn"[^>]*>.*?</svg>([^<]+)')
EVERYBODYS = ["Quote", "Link", "Mark unread from here", "Keep for later"]
OWN = ["Quote", "Link", "Edit", "Keep for later", "Let everybody edit it", "Remove"]
STEWARDS = ["Quote", "Link", "Mark unread from here", "Edit", "Keep for later",
            "Let everybody edit it", "Make a thread of it", "Hide"]  # fmt: skip


@pytest.fixture
def asker(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def writer(app: Flask) -> User:
    return make_user("Library director")


@pytest.fixture
def thread(topic: Topic, asker: User, writer: User) -> Thread:
    thread = make_thread(topic, asker, kind=ThreadKind.QUESTION)
    make_reply(thread, writer, "By bicycle.")
    return thread


def path_of(thread: Thread, number: int = 2) -> str:
    return f"/threads/{thread.id}/posts/{number}/menu"


def offered(browser: FlaskClient, thread: Thread, number: int = 2) -> list[str]:
    return BUTTONS.findall(browser.get(path_of(thread, number)).text)


def test_menu_offers_each_reader_what_they_may_do(
    client_for: SignIn, thread: Thread, writer: User, steward: User
) -> None:
    assert offered(client_for(make_user()), thread) == EVERYBODYS
    assert offered(client_for(writer), thread) == OWN
    assert offered(client_for(steward), thread) == STEWARDS


def test_locked_thread_is_not_quoted(client_for: SignIn, thread: Thread) -> None:
    with write():
        thread.is_locked = True

    assert offered(client_for(make_user()), thread) == EVERYBODYS[1:]


def test_page_works_without_scripts(client_for: SignIn, thread: Thread) -> None:
    browser = client_for(make_user())

    link = f'href="{path_of(thread)}"' in thread_page(browser, thread)
    page = browser.get(path_of(thread)).text

    assert link
    assert "<h1>More about post 2</h1>" in page
    assert page.count('<form id="acts" method="post" hidden>') == 1
    assert f'form="acts" formaction="/threads/{thread.id}/posts/2/unread"' in page


def test_scripts_get_the_open_menu_alone(client_for: SignIn, thread: Thread) -> None:
    answer = client_for(make_user()).get(path_of(thread), headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith('<details class="menu post-menu" data-menu open>')
    assert "<html" not in answer.text
    assert 'More<span class="vh">: post 2</span></summary>' in answer.text
    assert answer.text.count("<use") == answer.text.count("/icons.svg#") > 1  # none of the page


def test_what_is_hidden_removed_or_nowhere_has_no_menu(
    client_for: SignIn, topic: Topic, thread: Thread, writer: User
) -> None:
    browser = client_for(make_user())
    hidden, removed = make_reply(thread, writer), make_reply(thread, writer)
    with write():
        hidden.hidden_at = utcnow()
        removed.deleted_at = utcnow()

    def status(number: int) -> int:
        return browser.get(path_of(thread, number)).status_code

    assert [status(number) for number in (2, 3, 4, 5, 0)] == [200, 404, 404, 404, 404]
    with write():
        topic.visibility = Visibility.HIDDEN
    assert status(2) == 404


def test_only_who_takes_part_has_menus(
    client: FlaskClient, client_for: SignIn, thread: Thread
) -> None:
    visitor = client.get(path_of(thread))
    applicant = client_for(make_user(approved_at=None)).get(path_of(thread))

    assert (visitor.status_code, applicant.status_code) == (302, 403)
    assert "/sign-in" in visitor.location
    assert "data-menu-at" not in thread_page(client, thread)


def test_asker_accepts_also_where_nothing_is_their_own(
    client_for: SignIn, thread: Thread, writer: User, asker: User
) -> None:
    """Both have read all, and no post of the second page is theirs."""
    make_replies(thread, writer, 30)
    reader = make_user()
    with write():
        for person in (reader, asker):
            mark_read(person.id, thread.id, thread.last_number)
    browsers = [client_for(reader), client_for(asker)]

    address = f"/threads/{thread.id}-{slugify(thread.title)}?page=2"
    pages = [browser.get(address).text for browser in browsers]

    assert ["Accept as answer" in page for page in pages] == [False, True]
