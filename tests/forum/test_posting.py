"""Numbers, edits, mentions, and what is told to whom."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.markup import RENDERER
from app.forum import editing, mentioning, posting, signals
from app.forum.editing import version_of
from app.forum.enums import FollowLevel
from app.forum.errors import EditConflict, NotYourGroup, ThreadLocked
from app.forum.models import Post, PostRevision, Thread
from app.forum.posting import Audience, NewThread, text_of
from app.forum.reader_models import Mention, ThreadRead
from tests.factories import make_city, make_group, make_seat, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def author(app: Flask) -> User:
    return make_user(city=make_city())


@pytest.fixture
def thread(author: User) -> Thread:
    with time_machine.travel(NOON, tick=False):
        return make_thread(make_topic(), author)


def opening_of(thread: Thread) -> Post:
    return db.session.scalars(
        select(Post).where(Post.thread_id == thread.id, Post.number == 1)
    ).one()


def edit(post: Post, body: str, reason: str = "") -> bool:
    with write():
        post = db.session.get_one(Post, post.id)
        editor = db.session.get_one(User, post.author_id)
        return editing.edit_post(post, editor, text_of(body), version_of(post), reason)


def test_thread_begins_with_its_opening_post(thread: Thread, author: User) -> None:
    post = opening_of(thread)

    assert (thread.reply_count, thread.last_number, thread.last_post_at) == (0, 1, NOON)
    assert (post.number, post.author_id, post.renderer) == (1, author.id, RENDERER)
    assert post.html == "<p>Our counters closed and moved online. What worked elsewhere?</p>\n"


def test_post_keeps_the_seat_it_was_written_with(thread: Thread, author: User) -> None:
    first_seat = author.seats[0]
    first_seat_id = first_seat.id
    with write():
        author.seats[0].ends_on = date(2026, 1, 1)
    make_seat(author, make_city("York"), starts_on=date(2026, 1, 2))

    reply = make_reply(thread, author)

    assert thread.seat_id == first_seat_id
    assert reply.seat_id != first_seat_id


def test_topic_decides_attribution_unless_the_thread_does(author: User) -> None:
    topic = make_topic(attribution=Attribution.CHATHAM_HOUSE)

    assert make_thread(topic, author).attribution is Attribution.CHATHAM_HOUSE
    assert make_thread(topic, author, attribution=Attribution.OPEN).attribution is Attribution.OPEN


def test_thread_of_a_closed_topic_is_never_stored_as_public(author: User) -> None:
    topic = make_topic(visibility=Visibility.CLOSED)

    assert make_thread(topic, author).visibility is Visibility.NETWORK


def test_nobody_opens_a_thread_for_a_group_of_others(author: User) -> None:
    group = make_group(make_user())
    topic = make_topic()
    new = NewThread("A title", text_of("Some text"), audience=Audience(Visibility.CLOSED, group.id))

    with pytest.raises(NotYourGroup), write():
        posting.start_thread(topic, author, new)


def test_eight_people_reply_at_once(app: Flask, thread: Thread) -> None:
    people = [make_user().id for _ in range(8)]
    thread_id, text = thread.id, text_of("We did it like this.")

    def reply(user_id: int) -> None:
        with app.app_context(), write():
            user = db.session.get_one(User, user_id)
            posting.reply(db.session.get_one(Thread, thread_id), user, text)

    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(reply, people))

    db.session.rollback()
    numbers = select(Post.number).where(Post.thread_id == thread_id).order_by(Post.number)
    assert db.session.scalars(numbers).all() == list(range(1, 10))
    stored = db.session.get_one(Thread, thread_id)
    assert (stored.reply_count, stored.last_number) == (8, 9)


def test_locked_thread_takes_no_reply_and_no_edit(author: User) -> None:
    thread = make_thread(make_topic(), author, is_locked=True)

    with pytest.raises(ThreadLocked):
        make_reply(thread, author)
    with pytest.raises(ThreadLocked):
        edit(opening_of(thread), "Something else")


def test_reply_to_a_number_that_is_not_there_answers_nothing(thread: Thread, author: User) -> None:
    assert make_reply(thread, author, reply_to=1).reply_to == 1
    assert make_reply(thread, author, reply_to=99).reply_to is None


def test_small_change_within_five_minutes_leaves_no_mark(thread: Thread) -> None:
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        is_marked = edit(opening_of(thread), "Our counters closed. What worked elsewhere?")

    post = opening_of(thread)
    assert (is_marked, post.revision, post.edited_at) == (False, 1, None)
    assert post.html == "<p>Our counters closed. What worked elsewhere?</p>\n"


@pytest.mark.parametrize(
    ("minutes", "body", "answered"),
    [(6, "Our counters closed.", False), (1, "x" * 200, False), (1, "Our counters", True)],
)
def test_other_changes_are_kept(
    thread: Thread, author: User, minutes: int, body: str, answered: bool
) -> None:
    before = opening_of(thread).body
    when = NOON + timedelta(minutes=minutes)
    with time_machine.travel(when, tick=False):
        if answered:
            make_reply(thread, make_user())
        assert edit(opening_of(thread), body, "Shorter")

    post = opening_of(thread)
    kept = db.session.scalars(select(PostRevision)).one()
    assert (post.revision, post.edited_at, post.body) == (2, when, body)
    assert (kept.revision, kept.body, kept.created_at, kept.reason) == (1, before, NOON, "Shorter")


def test_same_text_changes_nothing(thread: Thread) -> None:
    assert edit(opening_of(thread), opening_of(thread).body) is False
    assert db.session.scalars(select(PostRevision)).all() == []


def test_stale_edit_is_refused(thread: Thread, author: User) -> None:
    post = opening_of(thread)
    stale = version_of(post)
    edit(post, "Changed in another window, within the grace time.")

    with pytest.raises(EditConflict), write():
        editing.edit_post(opening_of(thread), author, text_of("Mine"), stale)


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "abXc", 1), ("aaa", "aa", 1), ("abc", "xyz", 3)],
)
def test_changed_characters(before: str, after: str, count: int) -> None:
    assert editing.changed_characters(before, after) == count


def test_writing_follows_unless_muted(thread: Thread, author: User) -> None:
    muter = make_user()
    with write():
        db.session.add(ThreadRead(user_id=muter.id, thread_id=thread.id, level=FollowLevel.MUTED))
    make_reply(thread, muter)

    levels = dict(db.session.execute(select(ThreadRead.user_id, ThreadRead.level)).all())
    assert levels == {author.id: FollowLevel.FOLLOWING, muter.id: FollowLevel.MUTED}


def test_only_people_who_may_read_are_mentioned(author: User) -> None:
    inside, outside, applicant = make_user(), make_user(), make_user(approved_at=None)
    group = make_group(author, inside)
    thread = make_thread(make_topic(groups=[group], visibility=Visibility.CLOSED), author)

    post = make_reply(
        thread,
        author,
        f"@{inside.handle} @{outside.handle} @{applicant.handle} @{author.handle} @nobody.at.all",
    )

    mentioned = select(Mention.user_id).where(Mention.post_id == post.id)
    assert db.session.scalars(mentioned).all() == [inside.id]


def test_an_edit_adds_only_new_mentions(thread: Thread) -> None:
    first, second = make_user(), make_user()
    post = make_reply(thread, make_user(), f"@{first.handle}")

    with write():
        added = mentioning.mention(
            db.session.get_one(Post, post.id), [first.handle, second.handle, second.handle]
        )
        handles = [person.handle for person in added]

    assert handles == [second.handle]


def test_every_change_is_told(author: User, count_signals: Callable[[], list[str]]) -> None:
    thread = make_thread(make_topic(), author)
    make_reply(thread, author)
    edit(opening_of(thread), "Something quite different")

    assert count_signals() == ["thread", "post 1", "post 2", "edit 1"]


@pytest.fixture
def count_signals() -> Callable[[], list[str]]:
    heard: list[str] = []

    def on_thread(thread: Thread) -> None:
        heard.append("thread")

    def on_post(post: Post, **_: object) -> None:
        heard.append(f"post {post.number}")

    def on_edit(post: Post) -> None:
        heard.append(f"edit {post.number}")

    listeners = [
        (signals.thread_started, on_thread),
        (signals.post_created, on_post),
        (signals.post_edited, on_edit),
    ]
    for signal, listener in listeners:
        signal.connect(listener)
    yield lambda: heard
    for signal, listener in listeners:
        signal.disconnect(listener)
