"""Taking back one's own words: at once, for a day not for good, after a month for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.forum import deleting, signals
from app.forum.editing import version_of
from app.forum.enums import ThreadKind
from app.forum.models import Post, PostRevision, Thread
from app.forum.overviewing import save_overview
from app.forum.posting import text_of
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread, thread_page
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "We rang everybody up, one by one."


@pytest.fixture
def writer(app: Flask) -> User:
    return make_user("Cycling officer")


@pytest.fixture
def thread(app: Flask) -> Thread:
    return make_thread(make_topic(), make_user(), kind=ThreadKind.QUESTION)


@pytest.fixture
def post(thread: Thread, writer: User) -> Post:
    return make_reply(thread, writer, TEXT)


def counters(thread: Thread) -> tuple[int, int, int | None]:
    return thread.reply_count, thread.last_number, thread.last_author_id


def test_text_is_gone_at_once_and_comes_back(
    client_for: SignIn, client: FlaskClient, thread: Thread, post: Post, writer: User
) -> None:
    browser = client_for(writer)
    path = f"/threads/{thread.id}/posts/2"
    with write():
        thread.accepted_number = 2

    removed = browser.post(f"{path}/delete")
    mine = browser.get(removed.location).text
    others = thread_page(client, thread)
    gone = [client.get(f"{path}/history").status_code, browser.get(f"{path}/edit").status_code]
    after = (*counters(thread), thread.accepted_number)
    restored = browser.post(f"{path}/restore")
    back = thread_page(client, thread)

    assert removed.location.endswith("#post-2")
    assert "You can bring it back within 24 hours." in mine
    assert f'action="{path}/restore"' in mine
    assert "Removed by its author." in others
    assert TEXT not in others
    assert gone == [404, 404]
    assert after == (0, 2, thread.author_id, None)
    assert restored.status_code == 302
    assert TEXT in back
    assert counters(thread) == (1, 2, writer.id)


def test_list_of_removed_texts(
    client_for: SignIn, thread: Thread, post: Post, writer: User
) -> None:
    browser = client_for(writer)
    browser.post(f"/threads/{thread.id}/posts/2/delete")

    page = browser.get("/drafts").text

    assert "Removed texts" in page
    assert TEXT in page
    assert f'action="/threads/{thread.id}/posts/2/restore"' in page
    assert "Removed texts" not in client_for(make_user()).get("/drafts").text


def test_only_authors_remove_and_restore(
    client_for: SignIn, client: FlaskClient, thread: Thread, post: Post, writer: User
) -> None:
    path = f"/threads/{thread.id}/posts/2"
    stranger = client_for(make_user())

    assert client.post(f"{path}/delete").status_code == 302
    assert stranger.post(f"{path}/delete").status_code == 403
    assert post.deleted_at is None
    client_for(writer).post(f"{path}/delete")
    assert stranger.post(f"{path}/restore").status_code == 404
    assert stranger.post(f"{path}/delete").status_code == 404
    assert stranger.post(f"/threads/{thread.id}/posts/9/delete").status_code == 404


def test_after_a_day_a_steward_is_asked(
    client_for: SignIn, thread: Thread, post: Post, writer: User
) -> None:
    with time_machine.travel(NOON, tick=False), write():
        deleting.delete_post(post, writer)

    with time_machine.travel(NOON + timedelta(hours=24, seconds=1), tick=False):
        browser = client_for(writer)
        answer = browser.post(f"/threads/{thread.id}/posts/2/restore")
        page = browser.get(answer.location).text
        drafts = browser.get("/drafts").text

    assert "That time is over. Ask a steward." in page
    assert f'action="/threads/{thread.id}/posts/2/restore"' not in page
    assert "Removed texts" not in drafts
    assert post.deleted_at == NOON


def test_opening_post_with_answers_stays(client_for: SignIn, thread: Thread, post: Post) -> None:
    browser = client_for(db.session.get_one(User, thread.author_id))

    answer = browser.post(f"/threads/{thread.id}/posts/1/delete")

    assert "Others replied, so the opening post stays." in browser.get(answer.location).text
    assert thread.deleted_at is None


def test_thread_nobody_answered_goes_whole_and_comes_back(
    client_for: SignIn, client: FlaskClient, thread: Thread, post: Post, writer: User
) -> None:
    author = db.session.get_one(User, thread.author_id)
    make_reply(thread, author, "To add to that.")
    with write():
        deleting.delete_post(post, writer)
    browser = client_for(author)
    told: list[str] = []

    def removed(_thread: Thread, **_: object) -> None:
        told.append("removed")

    def restored(_thread: Thread, **_: object) -> None:
        told.append("restored")

    with (
        signals.thread_removed.connected_to(removed),
        signals.thread_restored.connected_to(restored),
    ):
        answer = browser.post(f"/threads/{thread.id}/posts/1/delete")
        topic = browser.get(answer.location).text
        hidden = client.get(f"/threads/{thread.id}").status_code
        drafts = browser.get("/drafts").text
        stranger = client_for(make_user()).post(f"/threads/{thread.id}/restore").status_code
        back = browser.post(f"/threads/{thread.id}/restore")

    assert answer.location == f"/topics/{thread.topic.slug}"
    assert f'action="/threads/{thread.id}/restore"' in topic
    assert (hidden, stranger) == (404, 404)
    assert "The whole thread" in drafts
    assert back.location.startswith(f"/threads/{thread.id}-")
    assert told == ["removed", "restored"]
    assert thread.deleted_at is None


def test_two_in_a_minute(client_for: SignIn, thread: Thread, writer: User) -> None:
    for number in range(3):
        make_reply(thread, writer, f"Reply number {number}.")
    browser = client_for(writer)

    with time_machine.travel(utcnow(), tick=False):
        answers = [browser.post(f"/threads/{thread.id}/posts/{n}/delete") for n in (2, 3, 4)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "You can go on in" in answers[2].text
    assert thread.reply_count == 1


def test_after_a_month_nothing_is_left(thread: Thread, post: Post, writer: User) -> None:
    with write():
        db.session.add(
            PostRevision(post_id=post.id, revision=1, body="b", html="h", created_at=NOON)
        )
    with time_machine.travel(NOON, tick=False), write():
        deleting.delete_post(post, writer)

    def purge(days: float) -> int:
        with time_machine.travel(NOON + timedelta(days=days), tick=False), write():
            return deleting.purge_removed()

    assert [purge(29.9), purge(30.1), purge(31)] == [0, 1, 0]
    assert (post.body, post.html, post.number) == ("", "", 2)
    assert post.purged_at == NOON + timedelta(days=30.1)
    assert db.session.scalar(select(func.count()).select_from(PostRevision)) == 0


def test_after_a_month_a_removed_thread_has_no_words(thread: Thread, writer: User) -> None:
    with write():
        save_overview(thread, writer, text_of("Bays before enforcement."), 0)
    with time_machine.travel(NOON, tick=False), write():
        deleting.delete_thread(thread)
    with time_machine.travel(NOON + timedelta(days=31), tick=False), write():
        assert deleting.purge_removed() == 1

    assert (thread.title, thread.overview_revision) == ("", 0)
    assert db.session.scalars(select(Post.body)).all() == [""]


def test_edit_and_delete_at_once(
    app: Flask, client_for: SignIn, thread: Thread, post: Post, writer: User
) -> None:
    path = f"/threads/{thread.id}/posts/2"
    typed = {"body": "A better text.", "language": "en", "based_on": version_of(post)}
    acts = [(client_for(writer), f"{path}/edit", typed), (client_for(writer), f"{path}/delete", {})]

    statuses = at_once(app, acts)

    assert statuses in ([302, 302], [302, 404])
    assert post.deleted_at is not None
    assert post.body == ("A better text." if statuses == [302, 302] else TEXT)
    assert counters(thread) == (0, 2, thread.author_id)
