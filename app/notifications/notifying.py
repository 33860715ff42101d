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
from app.forum.telling import read_so_far, some_watchers
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
    read, followers = read_so_far(post.thread_id, found), []
    for user_id, kind in found.items():
        person = people.get(user_id)
        if person is None or (only is not None and kind not in only):
            continue
        if reason := why_not(person, post, kind, silent, read.get(user_id, 0)):
            skip(person, kind, reason, post)
        elif kind is NoticeKind.FOLLOWED_THREAD:
            followers.append(user_id)
        else:
            tell(person.id, kind, f"post:{post.id}", thread_id=post.thread_id, post_id=post.id)
    if followers:
        _lengthen(followers, post, read)


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
        (notice,) = _open_lines([participant.user_id], NoticeKind.MESSAGE, key, new)
        if participant.last_read >= (notice.last_number or message.number):
            (notice,) = _closed_and_new([notice], new)
        _stretch([notice], message.number)


def skip(person: User, kind: NoticeKind, reason: str, post: Post) -> None:
    """Keep why somebody was not told, once."""
    values = {"user_id": person.id, "post_id": post.id, "kind": kind, "reason": reason[:40]}
    insert_once(SkippedNotice, {**values, "at": utcnow()})


def _lengthen(user_ids: list[int], post: Post, read: dict[int, int]) -> None:
    """Add a post to the one line of its thread; what was read stays a line of its own."""
    new = {"thread_id": post.thread_id, "first_number": post.number}
    lines = _open_lines(user_ids, NoticeKind.FOLLOWED_THREAD, f"thread:{post.thread_id}", new)
    done = [line for line in lines if _has_read(line, read)]
    growing = [line for line in lines if line not in done]
    if done:
        growing += _closed_and_new(done, new)
    _stretch(growing, post.number)


def _open_lines(
    user_ids: list[int], kind: NoticeKind, key: str, new: dict[str, int]
) -> list[Notice]:
    """The lines that still grow, locked; empty ones where there are none."""
    found = _locked_lines(user_ids, key)
    there = {line.user_id for line in found}
    missing = [one for one in sorted(user_ids) if one not in there]
    for user_id in missing:
        tell(user_id, kind, key, **new)
    return found + _locked_lines(missing, key) if missing else found


def _locked_lines(user_ids: list[int], key: str) -> list[Notice]:
    """Always in the same order: so two workers wait for each other only one way round."""
    found = select(Notice).where(Notice.user_id.in_(user_ids), Notice.key == key)
    return list(db.session.scalars(locked(found.order_by(Notice.user_id))))


def _closed_and_new(lines: list[Notice], new: dict[str, int]) -> list[Notice]:
    """Of one key and kind."""
    key, kind = lines[0].key, lines[0].kind
    for line in lines:
        line.key, line.read_at = f"{key}:{line.id}", line.read_at or utcnow()
    db.session.flush()
    return _open_lines([line.user_id for line in lines], kind, key, new)


def _stretch(lines: list[Notice], number: int) -> None:
    now = utcnow()
    for line in lines:
        if line.last_number is not None and number <= line.last_number:
            line.first_number = min(line.first_number or number, number)
        else:
            line.last_number, line.updated_at = number, now
    db.session.flush()


def _has_read(line: Notice, read: dict[int, int]) -> bool:
    """All that the line tells of; nothing is told by one that was just begun."""
    if line.last_number is None:
        return False
    is_closed = line.read_at is not None or line.thread_id is None
    return is_closed or read.get(line.user_id, 0) >= line.last_number
