"""Telling people after the commit; forgetting what has had its day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Gone, enqueue, job
from app.core.periodic import periodic
from app.forum.following import follow_new_thread
from app.forum.models import Post, Thread
from app.forum.telling import post_to_tell_of, thread_to_tell_of, writers_in
from app.messages.queries import message_to_tell_of
from app.messages.writing import participants_of
from app.notes.contents import published_notes
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice, SkippedNotice
from app.notifications.notifying import (
    tell,
    tell_about_thread,
    tell_followers,
    tell_of_message,
    tell_of_post,
    tell_of_summary,
)
from app.notifications.recipients import may_see, thread_followers
from app.webinars.queries import webinar_to_tell_of

READ_KEPT = timedelta(days=60)
UNREAD_KEPT = timedelta(days=180)


@job("notifications.tell_of_post")
def tell_of_new_post(post_id: int) -> None:
    tell_of_post(_post(post_id))


@job("notifications.tell_of_edit")
def tell_of_edit(post_id: int) -> None:
    """Who was named before has a notice of this post already, and gets no second one."""
    tell_of_post(_post(post_id), only={NoticeKind.MENTION, NoticeKind.CITY_MENTION})


@job("notifications.follow_for_topic")
def follow_for_topic(thread_id: int) -> None:
    follow_new_thread(_thread(thread_id))


@job("notifications.tell_of_solution")
def tell_of_solution(post_id: int) -> None:
    """The author of the answer; nobody when another was chosen or none meanwhile."""
    post = _post(post_id)
    is_still = post.thread.accepted_number == post.number
    if is_still and post.author_id and may_see(post.author_id, post.thread_id):
        key = f"accepted:{post.id}"
        tell(post.author_id, NoticeKind.ANSWER_ACCEPTED, key, post_id=post.id)


@job("notifications.tell_of_half_time")
def tell_of_half_time(thread_id: int) -> None:
    """Everybody who follows the question or its topic and has not answered yet."""
    thread = _thread(thread_id)
    silent = thread_followers(thread) - set(db.session.scalars(writers_in(thread)))
    told = {user_id for user_id in silent if may_see(user_id, thread.id)}
    key = f"half:{thread.id}:{thread.answers_by:%Y%m%d}"
    tell_about_thread(thread, told, NoticeKind.HALF_TIME, key)


@job("notifications.tell_time_is_up")
def tell_time_is_up(thread_id: int) -> None:
    """The asker, who can now put the answers together."""
    thread = _thread(thread_id)
    asker_id = thread.keeper_id or thread.author_id
    if asker_id and may_see(asker_id, thread.id):
        key = f"up:{thread.id}:{thread.answers_by:%Y%m%d}"
        tell_about_thread(thread, {asker_id}, NoticeKind.TIME_IS_UP, key)


@job("notifications.tell_of_message")
def tell_participants(message_id: int) -> None:
    """The others of a private conversation who may still read it."""
    message = db.session.scalars(message_to_tell_of(message_id)).first()
    if message is None:
        raise Gone
    tell_of_message(message, participants_of(message.conversation))


@job("notifications.tell_of_summary")
def tell_followers_of_summary(webinar_id: int, after_id: int = 0) -> None:
    """Nobody while it is not published; the portions go on like those of a webinar."""
    note_set = db.session.scalars(published_notes(webinar_id)).first()
    if note_set is None or note_set.webinar.topic is None:
        return
    last_id = tell_of_summary(note_set.webinar, note_set.webinar.topic, after_id)
    if last_id is not None:
        key = f"{webinar_id}:{last_id}"
        enqueue("notifications.tell_of_summary", key, webinar_id=webinar_id, after_id=last_id)


@job("notifications.tell_of_webinar")
def tell_of_webinar(webinar_id: int, after_id: int = 0) -> None:
    """Some followers of the topic at a time; the rest in a job of its own."""
    webinar = db.session.scalars(webinar_to_tell_of(webinar_id, utcnow())).first()
    if webinar is None or webinar.topic is None:
        raise Gone
    last_id = tell_followers(webinar, webinar.topic, after_id)
    if last_id is not None:
        key = f"{webinar_id}:{last_id}"
        enqueue("notifications.tell_of_webinar", key, webinar_id=webinar_id, after_id=last_id)


@periodic("notifications.forget_old", timedelta(days=1))
def forget_old() -> None:
    """Read notices are kept for 60 days, unread ones for 180 (spec/forum 5.5)."""
    now = utcnow()
    read_long_ago = Notice.read_at < now - READ_KEPT
    old = delete(Notice).where(or_(read_long_ago, Notice.updated_at < now - UNREAD_KEPT))
    db.session.execute(old)
    db.session.execute(delete(SkippedNotice).where(SkippedNotice.at < now - UNREAD_KEPT))


def _post(post_id: int) -> Post:
    post = db.session.scalars(post_to_tell_of(post_id)).first()
    if post is None:
        raise Gone
    return post


def _thread(thread_id: int) -> Thread:
    thread = db.session.scalars(thread_to_tell_of(thread_id)).first()
    if thread is None:
        raise Gone
    return thread
