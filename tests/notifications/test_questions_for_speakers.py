"""A speaker who follows the topic hears of a question for them once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.core.db import db, write
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.forum.models import Post
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from app.notifications.notifying import tell
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread


def test_who_is_asked_gets_no_second_notice_of_the_thread(
    app: Flask, run_jobs: Callable[..., int]
) -> None:
    topic, speaker, follower = make_topic(), make_user(), make_user()
    with write():
        for person in (speaker, follower):
            follow_topic(topic.id, person, FollowLevel.NEW)
    thread = make_thread(topic, make_user())
    with write():
        tell(speaker.id, NoticeKind.QUESTION_FOR_YOU, "asked:1", thread_id=thread.id)
    run_jobs()

    notices = select(Notice.user_id, Notice.kind).outerjoin(Post, Post.id == Notice.post_id)
    told = notices.where((Notice.thread_id == thread.id) | (Post.thread_id == thread.id))
    assert sorted(map(tuple, db.session.execute(told.distinct()))) == [
        (speaker.id, NoticeKind.QUESTION_FOR_YOU),
        (follower.id, NoticeKind.NEW_THREAD),
    ]
