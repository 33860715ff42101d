"""How much and how fast one account may write (spec/forum 5.12). Call inside `write()`, first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, or_, select
from sqlalchemy import Text as TextType

from app.accounts.models import User
from app.core.clock import UTCDateTime, utcnow
from app.core.db import db, wait_turn
from app.core.prepared import Prepared, as_of_now
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
    check_text(author, text)
    take_turn(author.id)
    said_at, _last_at, _replies = _written_by(author, text.body)
    with _stewards_excepted(author, topic):
        _check_same_text(said_at)
        _check_gap(_last_thread_at(author), THREAD_GAP_WHEN_NEW if is_new(author) else THREAD_GAP)
        _check_first_day(author, _threads_of(author), THREADS_WHEN_NEW)
        _count_posts(author, "thread", THREADS)
        _count_posts(author, "post", POSTS)


def check_reply(author: User, thread: Thread, text: Text) -> None:
    """Raise TooSoon and its kinds, TooManyLinks or TooManyMentions."""
    check_text(author, text)
    take_turn(author.id)
    check_pace(author, thread, *_written_by(author, text.body))


def check_pace(
    author: User,
    thread: Thread,
    said_at: datetime | None,
    last_at: datetime | None,
    replies: int,
) -> None:
    """What `check_reply` asks, for who has taken the turn and then read `written_columns`."""
    with _stewards_excepted(author, thread):
        _check_same_text(said_at)
        _check_gap(last_at, REPLY_GAP_WHEN_NEW if is_new(author) else REPLY_GAP)
        _check_first_day(author, replies, REPLIES_WHEN_NEW)
        _count_posts(author, "post", POSTS)


def written_columns() -> tuple[Any, ...]:
    """When the User of a statement said the same as `body`, when anything; replies of the new.

    Only new members are counted: nobody's rows of years are looked through for this.
    """
    own, newest = Post.author_id == User.id, func.max(Post.created_at)
    since = as_of_now(lambda: utcnow() - SAME_TEXT_GAP, UTCDateTime())
    same = (own, Post.created_at > since, Post.body == bindparam("body", type_=TextType))
    day_ago = as_of_now(lambda: utcnow() - NEW_FOR, UTCDateTime())
    is_young = or_(User.approved_at.is_(None), User.approved_at > day_ago)
    replies = select(func.count()).where(own, Post.number > 1).correlate(User).scalar_subquery()
    return (
        select(newest).where(*same).correlate(User).scalar_subquery(),
        select(newest).where(own).correlate(User).scalar_subquery(),
        case((is_young, replies), else_=0),
    )


def check_edit(author: User, topic: Topic | None = None, text: Text | None = None) -> None:
    """Raise AllowanceSpent, TooManyLinks or TooManyMentions."""
    if text is not None:
        check_text(author, text)
    with _stewards_excepted(author, topic):
        spend("edit", who(author), *EDITS)


def check_response(author: User, thread: Thread | None = None) -> None:
    """Raise AllowanceSpent. Undoing one costs nothing: ask only before one is given."""
    with _stewards_excepted(author, thread):
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
def _stewards_excepted(author: User, place: Thread | Topic | None) -> Iterator[None]:
    """Whoever looks after a topic may write more in it. Asked only when it matters."""
    try:
        yield
    except AllowanceSpent:
        topic = place.topic if isinstance(place, Thread) else place
        if topic is None or not is_steward(author, topic):
            raise


def check_text(author: User, text: Text) -> None:
    new = is_new(author)
    most = MENTIONS_WHEN_NEW if new else MENTIONS
    if len(text.rendered.mentions) > most:
        raise TooManyMentions(most)
    if new and len(LINK.findall(text.rendered.html)) > LINKS_WHEN_NEW:
        raise TooManyLinks(LINKS_WHEN_NEW)


def take_turn(author_id: int) -> None:
    """Two texts of one account at the same moment: the second looks when the first is there."""
    wait_turn(f"posts of user:{author_id}")


def _written_by(author: User, body: str) -> tuple[Any, ...]:
    db.session.flush()
    return _written.first((), author_id=author.id, body=body) or (None, None, 0)


@Prepared
def _written() -> Any:
    is_author = User.id == bindparam("author_id", type_=Integer)
    return select(*written_columns()).select_from(User).where(is_author)


def _check_same_text(said_at: datetime | None) -> None:
    if wait := _seconds_until(said_at, SAME_TEXT_GAP):
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


def _threads_of(author: User) -> int:
    """As few as `written_columns` counts."""
    if not is_new(author):
        return 0
    started = select(func.count()).select_from(Thread).where(Thread.author_id == author.id)
    return db.session.scalar(started) or 0


def _seconds_until(last: datetime | None, gap: timedelta) -> int:
    """Whole seconds, rounded up, until `gap` has passed since `last`; 0 when it has."""
    if last is None:
        return 0
    left = (last + gap - utcnow()).total_seconds()
    return max(0, -int(-left // 1))
