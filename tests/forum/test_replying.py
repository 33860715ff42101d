"""What a reply asks of the database, and that it says there what slower ways would say."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.drafting import save_draft
from app.accounts.models import Draft, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.generations import generations
from app.forum import posting
from app.forum.enums import FollowLevel
from app.forum.models import Post, Tag, Thread, ThreadTag
from app.forum.posting import text_of
from app.forum.reader_models import ThreadRead
from app.search.conversations import documents_of_posts
from app.search.models import SearchDocument
from app.topics.models import TopicGrant
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_replies, make_thread
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
WORDS = "We *rang* everybody up, see https://example.org/how, and it [worked](/threads/1)."


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


@pytest.fixture
def member(app: Flask) -> User:
    return make_user("Network coordinator", make_city("Lund"))


def send(browser: FlaskClient, thread_id: int, **changes: str) -> int:
    data = {"body": WORDS, "language": "en", **changes}
    return browser.post(f"/threads/{thread_id}/posts", data=data).status_code


def last_post() -> Post:
    db.session.rollback()
    return db.session.scalars(sa.select(Post).order_by(Post.id.desc()).limit(1)).one()


@pytest.mark.parametrize("replies", [1, 30])
def test_a_reply_costs_twelve_statements(
    client_for: SignIn,
    thread: Thread,
    author: User,
    member: User,
    count_statements: Counting,
    replies: int,
) -> None:
    """PostgreSQL is asked for the author's turn besides."""
    make_replies(thread, author, replies)
    browser, thread_id = client_for(member), thread.id
    asks_for_turn = db.engine.dialect.name == "postgresql"

    with count_statements() as seen:
        status = send(browser, thread_id)

    assert status == 302
    assert len(seen) == 12 + asks_for_turn


def test_a_draft_that_was_sent_goes_with_one_more(
    client_for: SignIn, thread: Thread, member: User, count_statements: Counting
) -> None:
    context, thread_id = f"reply:{thread.id}", thread.id
    with write():
        save_draft(member, context, {"body": WORDS[:20]}, 0)
    browser = client_for(member)
    asks_for_turn = db.engine.dialect.name == "postgresql"

    with count_statements() as seen:
        send(browser, thread_id, draft_sequence="1")

    assert len(seen) == 13 + asks_for_turn
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_another_draft_stays(client_for: SignIn, thread: Thread, member: User) -> None:
    context = f"reply:{thread.id}"
    with write():
        save_draft(member, context, {"body": "Begun in another tab"}, 0)

    assert send(client_for(member), thread.id, draft_sequence="0") == 302
    assert [draft.context for draft in db.session.scalars(sa.select(Draft))] == [context]


def test_it_is_found_as_a_rebuilt_index_finds_it(
    client_for: SignIn, thread: Thread, member: User
) -> None:
    with write():
        tag = Tag(topic_id=thread.topic_id, slug="phones", names={"en": "Phones"})
        db.session.add(tag)
        db.session.flush()
        db.session.add(ThreadTag(thread_id=thread.id, tag_id=tag.id))

    send(client_for(member), thread.id)

    post = last_post()
    (rebuilt,) = documents_of_posts([post])
    kept = db.session.scalars(
        sa.select(SearchDocument).where(SearchDocument.key == f"post:{post.id}")
    ).one()
    for name in ("kind", "title", "body", "language", "happened_at", "facts"):
        assert getattr(kept, name) == getattr(rebuilt, name), name
    assert (kept.thread_id, kept.post_id) == (post.thread_id, post.id)


def test_the_session_holds_what_was_stored(thread: Thread, member: User) -> None:
    with write():
        post = posting.reply(thread, member, text_of(WORDS), reply_to=1)
        in_hand = {column.key: getattr(post, column.key) for column in Post.__table__.columns}
        counted = (thread.last_number, thread.reply_count, thread.last_author_id)

    stored = last_post()
    assert stored is post
    assert in_hand == {name: getattr(stored, name) for name in in_hand}
    assert counted == (2, 1, member.id)
    assert (thread.last_number, thread.reply_count, thread.last_author_id) == counted
    assert thread.last_post_at == stored.created_at


def test_pages_of_the_forum_are_made_anew(client_for: SignIn, thread: Thread, member: User) -> None:
    ((before, _at),) = generations("forum")

    send(client_for(member), thread.id)

    db.session.rollback()
    ((after, _at),) = generations("forum")
    assert after == before + 1


def test_one_form_sent_twice_at_once_is_one_post(
    app: Flask, client_for: SignIn, thread: Thread, member: User
) -> None:
    path, data = f"/threads/{thread.id}/posts", {"body": WORDS, "language": "en"}

    statuses = at_once(app, [(client_for(member), path, data), (client_for(member), path, data)])

    assert sorted(statuses) == [302, 429]
    assert last_post().number == 2


def test_a_right_taken_away_is_asked_in_the_transaction(
    client_for: SignIn, author: User, member: User
) -> None:
    group = make_group(author, member)
    thread = make_thread(make_topic(groups=[group]), author)
    with write():
        thread.topic.visibility = "closed"
        right = db.session.get_one(TopicGrant, (thread.topic_id, group.id))
        right.can_reply = right.can_start = False
    browser = client_for(member)

    answer = browser.post(f"/threads/{thread.id}/posts", data={"body": WORDS, "language": "en"})

    assert answer.status_code == 403
    assert "your account may not write in its topic" in answer.text
    assert "We *rang* everybody up" in answer.text
    assert last_post().number == 1


def test_who_was_sent_away_writes_nothing(client_for: SignIn, thread: Thread, member: User) -> None:
    browser, thread_id = client_for(member), thread.id
    with write():
        db.session.get_one(User, member.id).approved_at = None

    assert send(browser, thread_id) == 403
    assert last_post().number == 1


@pytest.mark.parametrize("level", [FollowLevel.MUTED, FollowLevel.LOUD])
def test_a_chosen_level_stays(
    client_for: SignIn, thread: Thread, member: User, level: FollowLevel
) -> None:
    key = (member.id, thread.id)
    with write():
        db.session.add(ThreadRead(user_id=key[0], thread_id=key[1], last_read=1, level=level))

    send(client_for(member), thread.id)

    db.session.rollback()
    reading = db.session.get_one(ThreadRead, key)
    assert (reading.level, reading.last_read) == (level, 1)


def test_a_seat_that_ended_does_not_speak(client_for: SignIn, thread: Thread) -> None:
    person = make_user("A seat that ended", make_city("Tartu"))
    with write():
        (seat,) = db.session.get_one(User, person.id).seats
        seat.ends_on = utcnow().date() - timedelta(days=1)

    send(client_for(person), thread.id)

    assert (last_post().seat_id, last_post().standing.value) == (None, "personal")


def test_an_account_of_one_day_is_counted(client_for: SignIn, thread: Thread) -> None:
    newcomer = make_user("Newcomer", approved_at=datetime.now(UTC) - timedelta(hours=2))
    with write():
        for number in range(10):
            post = posting.reply(thread, newcomer, text_of(f"Reply {number}"))
            post.created_at = utcnow() - timedelta(hours=1)
    browser = client_for(newcomer)
    make_replies(thread, make_user("Another"), 1)

    answer = browser.post(f"/threads/{thread.id}/posts", data={"body": WORDS, "language": "en"})

    assert answer.status_code == 429
    assert "On your first day here" in answer.text


def test_a_browser_that_chose_no_file_costs_no_more(
    client_for: SignIn, thread: Thread, member: User, count_statements: Counting
) -> None:
    """The composer is a form with files: every browser sends its empty field along."""
    browser, thread_id = client_for(member), thread.id
    nothing = (io.BytesIO(b""), "", "application/octet-stream")
    asks_for_turn = db.engine.dialect.name == "postgresql"

    with count_statements() as seen:
        answer = browser.post(
            f"/threads/{thread_id}/posts",
            data={"body": WORDS, "language": "en", "reply_to": "", "upload": nothing},
            content_type="multipart/form-data",
        )

    assert answer.status_code == 302
    assert len(seen) == 12 + asks_for_turn
