"""Who hears of a post, and why: each person once, for the weightiest reason (spec/forum I5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Select

from app.accounts.directory import city_people_ids
from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db
from app.forum.models import Post, Thread
from app.forum.telling import (
    authors_of_numbers,
    followers_of,
    is_read_by,
    mentioned_city_ids,
    mentioned_ids,
    muters_of,
    watchers_of_topic,
)
from app.notifications.enums import NoticeKind
from app.notifications.queries import asked_by

OPENING = 1
ALWAYS_TOLD = {NoticeKind.MENTION}
"""What reaches also those who muted the thread (spec/forum 5.4)."""


def recipients_of(post: Post) -> dict[int, NoticeKind]:
    """Ids of people with the reason to tell them. Who may not see the post is still among them."""
    found: dict[int, NoticeKind] = {}
    for kind, ids in _reasons(post):
        for user_id in ids:
            found.setdefault(user_id, kind)
    found.pop(post.author_id or 0, None)
    return found


def why_not(
    person: User, post: Post, kind: NoticeKind, muters: set[int], last_read: int
) -> str | None:
    """The reason not to tell somebody who has read so far, at this moment; None to tell."""
    if not person.is_approved:
        return "account_closed"
    if person.id in muters and kind not in ALWAYS_TOLD:
        return "muted"
    if not _reads(person, post.thread_id):
        return "no_access"
    return "read_already" if last_read >= post.number else None


def may_see(user_id: int, thread_id: int) -> bool:
    """Whether this account reads the thread at this moment."""
    person = users_by_ids([user_id]).get(user_id)
    return person is not None and _reads(person, thread_id)


def thread_followers(thread: Thread) -> set[int]:
    """Who follows a thread or its topic and has muted neither."""
    topic = db.session.scalars(watchers_of_topic(thread.topic))
    found = {*db.session.scalars(followers_of(thread)), *topic}
    return found - set(db.session.scalars(muters_of(thread)))


def muters(post: Post) -> set[int]:
    return set(db.session.scalars(muters_of(post.thread)))


def quoted_numbers(post: Post) -> set[int]:
    """Posts of the same thread that are quoted: `> … [post 3](/threads/41/3)`."""
    address = re.compile(rf"/threads/{post.thread_id}(?:-[\w-]*)?(?:/|\S*#post-)(\d{{1,9}})")
    quotes = [line for line in post.body.splitlines() if line.lstrip().startswith(">")]
    return {int(number) for line in quotes for number in address.findall(line)}


def _reads(person: User, thread_id: int) -> bool:
    return person.is_approved and is_read_by(person, thread_id)


def _reasons(post: Post) -> Iterator[tuple[NoticeKind, list[int]]]:
    yield NoticeKind.MENTION, _ids(mentioned_ids(post))
    yield NoticeKind.REPLY, _authors(post, {post.reply_to} if post.reply_to else set())
    yield NoticeKind.QUOTE, _authors(post, quoted_numbers(post))
    yield NoticeKind.CITY_MENTION, list(_people_of_cities(post))
    if post.number == OPENING:
        asked = _ids(asked_by(post.thread_id))  # they know of it already
        watchers = _ids(watchers_of_topic(post.thread.topic))
        yield NoticeKind.NEW_THREAD, [one for one in watchers if one not in asked]
    else:
        yield NoticeKind.FOLLOWED_THREAD, _ids(followers_of(post.thread))


def _authors(post: Post, numbers: set[int]) -> list[int]:
    return _ids(authors_of_numbers(post.thread_id, numbers)) if numbers else []


def _people_of_cities(post: Post) -> Iterator[int]:
    day = utcnow().date()
    for city_id in _ids(mentioned_city_ids(post)):
        yield from _ids(city_people_ids(city_id, day))


def _ids(statement: Select[int]) -> list[int]:
    return [found for found in db.session.scalars(statement) if found]
