"""How much and how fast one account may write (spec/forum 5.12). Call inside `write()`, first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, wait_turn
from app.core.rate_limit import DAY, HOUR, MINUTE, Allowance, AllowanceSpent, spend
from app.forum.errors import (
    FirstDayOver,
    SaidAlready,
    TooMany,
    TooManyLinks,
    TooManyMentions,
    TooSoon,
)
from app.forum.models import Post, Thread
from app.forum.posting import Text
from app.topics.models import Topic
from app.topics.permissions import is_steward

NEW_FOR = timedelta(days=1)
THREAD_GAP, THREAD_GAP_WHEN_NEW = timedelta(seconds=15), timedelta(seconds=120)
REPLY_GAP, REPLY_GAP_WHEN_NEW = timedelta(seconds=5), timedelta(seconds=30)
SAME_TEXT_GAP = timedelta(minutes=5)

THREADS = (Allowance(20, DAY),)
POSTS = (Allowance(60, HOUR), Allowance(200, DAY))
EDITS = (Allowance(30, DAY),)
RESPONSES = (Allowance(50, DAY),)
BOOKMARKS = (Allowance(50, DAY),)
DELETIONS = (Allowance(2, MINUTE), Allowance(10, DAY))
PRINTS = (Allowance(5, HOUR),)

THREADS_WHEN_NEW, REPLIES_WHEN_NEW, LINKS_WHEN_NEW = 3, 10, 2
MENTIONS, MENTIONS_WHEN_NEW = 10, 2
LINK = re.compile(r"<a [^>]*href=")


def check_new_thread(author: User, topic: Topic, text: Text) -> None:
    """Raise TooSoon and its kinds, TooManyLinks or TooManyMentions."""
    _check_text(author, text)
    _take_turn(author)
    with _stewards_excepted(author, topic):
        _check_same_text(author, text.body)
        _check_gap(_last_thread_at(author), THREAD_GAP_WHEN_NEW if is_new(author) else THREAD_GAP)
        _check_first_day(author, _threads_of(author), THREADS_WHEN_NEW)
        _count_posts(author, "thread", THREADS)
        _count_posts(author, "post", POSTS)


def check_reply(author: User, thread: Thread, text: Text) -> None:
    """Raise TooSoon and its kinds, TooManyLinks or TooManyMentions."""
    _check_text(author, text)
    _take_turn(author)
    with _stewards_excepted(author, thread.topic):
        _check_same_text(author, text.body)
        _check_gap(_last_post_at(author), REPLY_GAP_WHEN_NEW if is_new(author) else REPLY_GAP)
        _check_first_day(author, _replies_of(author), REPLIES_WHEN_NEW)
        _count_posts(author, "post", POSTS)


def check_edit(author: User, topic: Topic | None = None, text: Text | None = None) -> None:
    """Raise AllowanceSpent, TooManyLinks or TooManyMentions."""
    if text is not None:
        _check_text(author, text)
    with _stewards_excepted(author, topic):
        spend("edit", who(author), *EDITS)


def check_response(author: User, topic: Topic | None = None) -> None:
    """Raise AllowanceSpent. Undoing one costs nothing: ask only before one is given."""
    with _stewards_excepted(author, topic):
        spend("response", who(author), *RESPONSES)


def check_bookmark(author: User) -> None:
    """Raise AllowanceSpent. How many there may be in all is for `bookmarking` to say."""
    spend("bookmark", who(author), *BOOKMARKS)


def check_deletion(author: User) -> None:
    """Raise AllowanceSpent."""
    spend("deletion", who(author), *DELETIONS)


def check_print(reader: User) -> None:
    """Raise AllowanceSpent. For printing and exporting whole threads: they read everything."""
    spend("print", who(reader), *PRINTS)


def is_new(person: User) -> bool:
    """Approved less than a day ago."""
    return person.approved_at is None or utcnow() - person.approved_at < NEW_FOR


def who(person: User) -> str:
    """The name under which an account's acts are counted."""
    return f"user:{person.id}"


@contextmanager
def _stewards_excepted(author: User, topic: Topic | None) -> Iterator[None]:
    """Whoever looks after a topic may write more in it. Asked only when it matters."""
    try:
        yield
    except AllowanceSpent:
        if topic is None or not is_steward(author, topic):
            raise


def _check_text(author: User, text: Text) -> None:
    new = is_new(author)
    most = MENTIONS_WHEN_NEW if new else MENTIONS
    if len(text.rendered.mentions) > most:
        raise TooManyMentions(most)
    if new and len(LINK.findall(text.rendered.html)) > LINKS_WHEN_NEW:
        raise TooManyLinks(LINKS_WHEN_NEW)


def _take_turn(author: User) -> None:
    """Two texts of one account at the same moment: the second looks when the first is there."""
    wait_turn(f"posts of {who(author)}")


def _check_same_text(author: User, body: str) -> None:
    since = utcnow() - SAME_TEXT_GAP
    said = select(func.max(Post.created_at)).where(
        Post.author_id == author.id, Post.created_at > since, Post.body == body
    )
    if wait := _seconds_until(db.session.scalar(said), SAME_TEXT_GAP):
        raise SaidAlready(wait)


def _check_gap(last: datetime | None, gap: timedelta) -> None:
    if wait := _seconds_until(last, gap):
        raise TooSoon(wait)


def _check_first_day(author: User, written: int, most: int) -> None:
    if author.approved_at and is_new(author) and written >= most:
        raise FirstDayOver(_seconds_until(author.approved_at, NEW_FOR))


def _count_posts(author: User, act: str, allowances: tuple[Allowance, ...]) -> None:
    try:
        spend(act, who(author), *allowances)
    except AllowanceSpent as error:
        raise TooMany(error.seconds) from error


def _last_thread_at(author: User) -> datetime | None:
    started = select(func.max(Thread.created_at)).where(Thread.author_id == author.id)
    return db.session.scalar(started)


def _last_post_at(author: User) -> datetime | None:
    written = select(func.max(Post.created_at)).where(Post.author_id == author.id)
    return db.session.scalar(written)


def _threads_of(author: User) -> int:
    """Only new members are counted: nobody's rows of years are looked through for this."""
    if not is_new(author):
        return 0
    started = select(func.count()).select_from(Thread).where(Thread.author_id == author.id)
    return db.session.scalar(started) or 0


def _replies_of(author: User) -> int:
    if not is_new(author):
        return 0
    replies = select(func.count()).where(Post.author_id == author.id, Post.number > 1)
    return db.session.scalar(replies) or 0


def _seconds_until(last: datetime | None, gap: timedelta) -> int:
    """Whole seconds, rounded up, until `gap` has passed since `last`; 0 when it has."""
    if last is None:
        return 0
    left = (last + gap - utcnow()).total_seconds()
    return max(0, -int(-left // 1))
