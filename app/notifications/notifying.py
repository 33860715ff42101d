"""Telling people: one notice for each person and post, one line for a thread they follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import insert_once
from app.forum.models import Post, Thread
from app.forum.telling import last_read_by, some_watchers
from app.messages.models import Message, Participant
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice, SkippedNotice
from app.notifications.recipients import muters, recipients_of, why_not
from app.topics.models import Topic
from app.webinars.models import Webinar
from app.webinars.queries import webinar_is_visible

AT_ONCE = 100


def tell_of_post(post: Post, only: set[NoticeKind] | None = None) -> None:
    """Tell everybody a post concerns and who may read it at this moment (spec/forum I4).

    Telling twice changes nothing. `only` narrows to some reasons, after an edit.
    """
    found = recipients_of(post)
    people, silent = users_by_ids(found), muters(post)
    for user_id, kind in found.items():
        person = people.get(user_id)
        if person is None or (only is not None and kind not in only):
            continue
        if reason := why_not(person, post, kind, silent):
            skip(person, kind, reason, post)
        elif kind is NoticeKind.FOLLOWED_THREAD:
            _lengthen(person, post)
        else:
            tell(person.id, kind, f"post:{post.id}", thread_id=post.thread_id, post_id=post.id)


def tell(user_id: int, kind: NoticeKind, key: str, **about: Any) -> None:
    """Write one notice, unless this person has one of this key."""
    now = utcnow()
    values = {"user_id": user_id, "kind": kind, "key": key, "count": 1, "details": {}}
    insert_once(Notice, {**values, "created_at": now, "updated_at": now, **about})


def tell_about_thread(thread: Thread, user_ids: set[int], kind: NoticeKind, key: str) -> None:
    """Tell people something about a whole thread."""
    for user_id in user_ids:
        tell(user_id, kind, key, thread_id=thread.id)


def tell_followers(webinar: Webinar, topic: Topic, after_id: int = 0) -> int | None:
    """Tell people who follow the topic and may see the webinar, its organisers left out.

    Return the id after which to go on, None at the end.
    """
    return _tell_watchers(webinar, topic, NoticeKind.WEBINAR, f"webinar:{webinar.id}", after_id)


def tell_of_summary(webinar: Webinar, topic: Topic, after_id: int = 0) -> int | None:
    """The same people, once for each webinar, however often its summary is published."""
    return _tell_watchers(webinar, topic, NoticeKind.SUMMARY, f"summary:{webinar.id}", after_id)


def _tell_watchers(
    webinar: Webinar, topic: Topic, kind: NoticeKind, key: str, after_id: int
) -> int | None:
    ids = list(db.session.scalars(some_watchers(topic, after_id, AT_ONCE)))
    organisers = {seat.user_id for seat in webinar.organisers}
    for person in users_by_ids(set(ids) - organisers).values():
        if person.is_approved and webinar_is_visible(person, webinar.id):
            tell(person.id, kind, key, webinar_id=webinar.id)
    return ids[-1] if len(ids) == AT_ONCE else None


def tell_of_message(message: Message, participants: Iterable[Participant]) -> None:
    """One line for a conversation until it is read."""
    for participant in participants:
        has_read = participant.last_read >= message.number  # their own words too
        if has_read or participant.left_at is not None:
            continue
        key = f"conversation:{message.conversation_id}"
        new = {"conversation_id": message.conversation_id, "first_number": message.number}
        notice = _open_line(participant.user_id, NoticeKind.MESSAGE, key, new)
        if participant.last_read >= (notice.last_number or message.number):
            notice = _closed_and_new(notice, new)
        _stretch(notice, message.number)


def skip(person: User, kind: NoticeKind, reason: str, post: Post) -> None:
    """Keep why somebody was not told, once."""
    values = {"user_id": person.id, "post_id": post.id, "kind": kind, "reason": reason[:40]}
    insert_once(SkippedNotice, {**values, "at": utcnow()})


def _lengthen(person: User, post: Post) -> None:
    """Add a post to the one line of its thread; what was read stays a line of its own."""
    new = {"thread_id": post.thread_id, "first_number": post.number}
    key = f"thread:{post.thread_id}"
    notice = _open_line(person.id, NoticeKind.FOLLOWED_THREAD, key, new)
    if notice.last_number is not None and _has_read(person, notice):
        notice = _closed_and_new(notice, new)
    _stretch(notice, post.number)


def _open_line(user_id: int, kind: NoticeKind, key: str, new: dict[str, int]) -> Notice:
    """The line that still grows, locked; an empty one if there is none."""
    tell(user_id, kind, key, **new)
    found = select(Notice).where(Notice.user_id == user_id, Notice.key == key)
    return db.session.scalars(locked(found)).one()


def _closed_and_new(notice: Notice, new: dict[str, int]) -> Notice:
    key = notice.key
    notice.key, notice.read_at = f"{key}:{notice.id}", notice.read_at or utcnow()
    db.session.flush()
    return _open_line(notice.user_id, notice.kind, key, new)


def _stretch(notice: Notice, number: int) -> None:
    if notice.last_number is not None and number <= notice.last_number:
        notice.first_number = min(notice.first_number or number, number)
    else:
        notice.last_number, notice.updated_at = number, utcnow()
    db.session.flush()


def _has_read(person: User, notice: Notice) -> bool:
    if notice.read_at is not None or notice.thread_id is None:
        return True
    return last_read_by(person.id, notice.thread_id) >= (notice.last_number or 0)
