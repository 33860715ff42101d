"""The in-app half of scenarios 2 to 7: who is told what, once, when it is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import GroupMember, User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import accepting
from app.forum.curating import hiding
from app.forum.editing import edit_post, version_of
from app.forum.enums import FollowLevel, ThreadKind
from app.forum.following import follow
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.forum.reading import mark_read
from app.notifications.enums import NoticeKind
from app.notifications.lining import places_for
from app.notifications.models import Notice, SkippedNotice
from app.notifications.notifying import tell_of_post
from app.notifications.queries import unread_count
from app.topics.models import Topic
from tests.factories import make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

RunJobs = Callable[..., int]


@pytest.fixture
def graz(app: Flask) -> User:
    return make_user("Human rights officer, Graz", handle="graz-officer")


@pytest.fixture
def york(app: Flask) -> User:
    return make_user("Policy adviser, York", handle="york-adviser")


@pytest.fixture
def lund(app: Flask) -> User:
    return make_user("Housing planner, Lund", handle="lund-planner")


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


def kinds_of(person: User) -> list[NoticeKind]:
    mine = select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(mine))


def lines_of(person: User) -> list[tuple[NoticeKind, int, bool]]:
    places = places_for(person, 1).rows
    return [(line.kind, line.count, line.is_read) for place in places for line in place.lines]


def test_02_access_lost_between_event_and_telling_is_skipped_with_reason(
    york: User, lund: User, run_jobs: RunJobs
) -> None:
    group = make_group(york, lund, slug="working-group")
    closed = make_topic("closed-work", [group], visibility=Visibility.CLOSED)
    thread = make_thread(closed, york)
    make_reply(thread, york, "What do you think, @lund-planner?")
    with write() as session:
        session.execute(delete(GroupMember).where(GroupMember.user_id == lund.id))

    run_jobs()

    assert kinds_of(lund) == []
    skipped = db.session.execute(select(SkippedNotice.user_id, SkippedNotice.reason)).all()
    assert skipped == [(lund.id, "no_access")]


def test_03_mention_watch_and_reply_in_one_post_are_one_notice_of_a_mention(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    run_jobs()

    make_reply(thread, york, "Thank you @graz-officer, we did the same.", reply_to=1)
    run_jobs()

    assert kinds_of(graz) == [NoticeKind.MENTION]
    assert unread_count(graz) == 1


def test_04_an_edit_that_adds_a_mention_tells_only_that_person(
    graz: User, york: User, lund: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    post = make_reply(thread, york, "We kept one counter open, @graz-officer.")
    run_jobs()
    before = kinds_of(graz)

    _edit(post, york, f"{post.body} Ask @lund-planner too.")
    run_jobs()

    assert (before, kinds_of(graz), kinds_of(lund)) == (
        [NoticeKind.MENTION],
        [NoticeKind.MENTION],
        [NoticeKind.MENTION],
    )


def test_05_six_replies_in_nine_minutes_are_one_notice_of_six_posts(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, 0, tzinfo=UTC), tick=False) as clock:
        thread = make_thread(topic, graz)
        for number in range(6):
            clock.shift(timedelta(minutes=1, seconds=30))
            make_reply(thread, york, f"Reply {number}.")
            run_jobs()

    assert lines_of(graz) == [(NoticeKind.FOLLOWED_THREAD, 6, False)]
    assert unread_count(graz) == 1


def test_06_what_was_read_on_the_web_is_no_new_notice(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    make_reply(thread, york)
    run_jobs()

    with write():
        mark_read(graz.id, thread.id, 2)

    assert unread_count(graz) == 0
    assert lines_of(graz) == [(NoticeKind.FOLLOWED_THREAD, 1, True)]


def test_07_a_follower_who_does_not_visit_has_one_line_that_grows(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    for day in range(3):
        make_reply(thread, york, f"Day {day}.")
        run_jobs()
    grown = lines_of(graz)

    with write():
        mark_read(graz.id, thread.id, 4)
    make_reply(thread, york, "After the visit.")
    run_jobs()

    assert grown == [(NoticeKind.FOLLOWED_THREAD, 3, False)]
    assert lines_of(graz) == [
        (NoticeKind.FOLLOWED_THREAD, 1, False),
        (NoticeKind.FOLLOWED_THREAD, 3, True),
    ]


def test_telling_twice_changes_nothing(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    post = make_reply(thread, york, "As @graz-officer said.")
    run_jobs()

    _tell_again(post)

    assert kinds_of(graz) == [NoticeKind.MENTION]


def test_the_author_is_never_told_of_own_words(york: User, topic: Topic, run_jobs: RunJobs) -> None:
    thread = make_thread(topic, york)
    make_reply(thread, york, "I answer myself, @york-adviser.", reply_to=1)
    run_jobs()

    assert kinds_of(york) == []


def test_who_muted_hears_of_nothing_but_a_mention(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    with write():
        follow(db.session.get_one(Thread, thread.id), graz, FollowLevel.MUTED)
    make_reply(thread, york, "Unheard.", reply_to=1)
    make_reply(thread, york, "Heard, @graz-officer.")
    run_jobs()

    assert kinds_of(graz) == [NoticeKind.MENTION]


def test_a_removed_post_is_in_no_notice_and_no_count(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    post = make_reply(thread, york, "Thank you, @graz-officer.")
    run_jobs()

    with write() as session:
        session.get_one(Post, post.id).deleted_at = post.created_at

    assert (unread_count(graz), lines_of(graz)) == (0, [])


def _edit(post: Post, editor: User, body: str, reason: str = "") -> None:
    text = text_of(body)
    with write():
        again = db.session.get_one(Post, post.id)
        edit_post(again, editor, text, version_of(again), reason, is_steward=bool(reason))


def _tell_again(post: Post) -> None:
    with write():
        tell_of_post(db.session.get_one(Post, post.id))


def test_the_author_hears_what_a_steward_did_and_why(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    steward = make_user("Topic steward")
    make_steward(topic, steward)
    thread = make_thread(topic, graz)
    hidden = make_reply(thread, york, "Names a child by name.")
    edited = make_reply(thread, york, "Written in haste, all of it.")
    run_jobs()
    with write():
        hiding.hide(db.session.get_one(Post, hidden.id), steward, "Personal data")
    _edit(edited, steward, "Written in haste, some of it, and longer now.", "Clearer words")
    run_jobs()

    lines = [line for place in places_for(york, 1).rows for line in place.lines]
    told = {(line.kind, line.number, line.reason) for line in lines}
    assert told == {
        (NoticeKind.POST_CHANGED, 2, "Personal data"),
        (NoticeKind.POST_CHANGED, 3, "Clearer words"),
    }


def test_the_author_of_the_solution_is_told_once(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz, kind=ThreadKind.QUESTION)
    post = make_reply(thread, york)
    for _ in range(2):
        with write():
            accepting.accept(db.session.get_one(Post, post.id), graz)
        run_jobs()

    assert kinds_of(york) == [NoticeKind.ANSWER_ACCEPTED]


def test_who_has_read_a_post_before_the_worker_comes_is_not_told(
    graz: User, york: User, topic: Topic, run_jobs: RunJobs
) -> None:
    thread = make_thread(topic, graz)
    make_reply(thread, york, "Thank you, @graz-officer.")
    with write():
        mark_read(graz.id, thread.id, 2)

    run_jobs()

    assert kinds_of(graz) == []
