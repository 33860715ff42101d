"""Posts somebody keeps for later, with a note and an hour to be reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db, locked, wait_turn
from app.core.jobs import enqueue
from app.core.markup import excerpt
from app.core.pagination import Page
from app.core.zones import to_local, to_utc
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.errors import ReminderOutOfRange, TooManyBookmarks
from app.forum.models import Post, Thread
from app.forum.queries import one_post, post_is_readable, thread_is_visible
from app.forum.reader_models import Bookmark
from app.forum.signals import bookmark_due

MOST = 2000
FARTHEST = timedelta(days=3650)
PAGE_SIZE = 30
EXCERPT, EXCERPT_READ = 160, 700


@dataclass(frozen=True)
class Kept:
    """One line of the list. `author` None: withheld or gone."""

    bookmark: Bookmark
    thread: Thread
    number: int
    language: str
    beginning: str  # Markdown, cut anywhere
    author: Byline | None

    @property
    def excerpt(self) -> str:
        return excerpt(self.beginning, EXCERPT)


def keep(post: Post, person: User, note: str = "", remind_at: datetime | None = None) -> Bookmark:
    """Keep a post, or change note and hour. Raise TooManyBookmarks, ReminderOutOfRange."""
    if remind_at is not None and remind_at <= utcnow():
        raise ReminderOutOfRange
    wait_turn(f"bookmarks:{person.id}")
    bookmark = bookmark_of(person, post)
    if bookmark is None:
        bookmark = _new(post, person)
    bookmark.note = note
    if bookmark.remind_at != remind_at:
        bookmark.remind_at, bookmark.reminded_at = remind_at, None
    db.session.flush()
    if remind_at is not None:
        when = remind_at.isoformat()
        key = f"{bookmark.id}:{post.id}:{when}"
        enqueue("forum.remind_bookmark", key, run_at=remind_at, bookmark_id=bookmark.id, when=when)
    return bookmark


def let_go(post: Post, person: User) -> Bookmark | None:
    """Keep it no longer. Return what was kept."""
    bookmark = bookmark_of(person, post)
    if bookmark is not None:
        db.session.delete(bookmark)
        db.session.flush()
    return bookmark


def bookmark_of(person: User, post: Post) -> Bookmark | None:
    found = select(Bookmark).where(Bookmark.user_id == person.id, Bookmark.post_id == post.id)
    return db.session.scalars(found).first()


def bookmarks_of(person: User, number: int) -> Page:
    """A page of what a person keeps and can still read, the latest first."""
    everything = _readable(person, select(func.count()).select_from(Bookmark))
    count = max(1, -(-(db.session.scalar(everything) or 0) // PAGE_SIZE))
    number = min(number, count)
    beginning = func.substr(Post.body, 1, EXCERPT_READ)
    columns: tuple[Any, ...] = (Bookmark, Thread, Post.number, Post.language, beginning)
    listed = _readable(person, select(*columns, *author_columns()).select_from(Bookmark))
    listed = with_author(listed, person, Post.author_id, Post.seat_id)
    listed = listed.order_by(Bookmark.created_at.desc(), Bookmark.id.desc())
    rows = db.session.execute(listed.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([_kept(row) for row in rows], number, count)


def moment_of(day: date | None, hour: time | None, person: User) -> datetime | None:
    """The moment meant by a day and an hour where the person is; without an hour the morning.

    Raise ReminderOutOfRange, and what `to_utc` raises for hours that the clock leaves out.
    """
    if day is None:
        return None
    if abs(day - utcnow().date()) > FARTHEST:
        raise ReminderOutOfRange
    return to_utc(datetime.combine(day, hour or time(9)), person.timezone)


def fields_of(bookmark: Bookmark, person: User) -> dict[str, Any]:
    """What the form of a bookmark starts from."""
    if bookmark.remind_at is None:
        return {"note": bookmark.note}
    local = to_local(bookmark.remind_at, person.timezone)
    return {"note": bookmark.note, "remind_on": local.date(), "remind_hour": local.time()}


def as_typed(bookmark: Bookmark, person: User) -> dict[str, str]:
    """The same as the form would send it."""
    return {
        name: value if isinstance(value, str) else value.isoformat()
        for name, value in fields_of(bookmark, person).items()
    }


def remind(bookmark_id: int, when: datetime) -> None:
    """Tell its owner, if they still want it at this hour and can still read the post."""
    found = select(Bookmark).where(Bookmark.id == bookmark_id)
    bookmark = db.session.scalars(locked(found)).first()
    if bookmark is None or bookmark.remind_at != when or bookmark.reminded_at is not None:
        return
    bookmark.reminded_at = utcnow()
    db.session.flush()
    if _still_readable(bookmark):
        bookmark_due.send(bookmark)


def _new(post: Post, person: User) -> Bookmark:
    mine = select(func.count()).where(Bookmark.user_id == person.id)
    if (db.session.scalar(mine) or 0) >= MOST:
        raise TooManyBookmarks
    bookmark = Bookmark(user_id=person.id, post_id=post.id, created_at=utcnow())
    db.session.add(bookmark)
    return bookmark


def _readable(person: User, statement: Select[Any]) -> Select[Any]:
    return (
        statement.join(Post, Post.id == Bookmark.post_id)
        .join(Post.thread)
        .join(Thread.topic)
        .where(Bookmark.user_id == person.id, thread_is_visible(person), post_is_readable())
    )


def _kept(row: Sequence[Any]) -> Kept:
    bookmark, thread, number, language, beginning, *author = row
    return Kept(bookmark, thread, number, language, beginning, byline(tuple(author)))


def _still_readable(bookmark: Bookmark) -> bool:
    owner = users_by_ids([bookmark.user_id]).get(bookmark.user_id)
    post = db.session.get(Post, bookmark.post_id)
    if owner is None or post is None:
        return False
    return db.session.scalars(one_post(owner, post.thread_id, post.number)).first() is not None
