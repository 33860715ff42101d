"""The posts of a thread as one person sees them, with what they answer and who answered them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, null, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.db import db
from app.core.markup import excerpt
from app.forum.attaching import packed_files
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.enums import Standing
from app.forum.models import Post, Thread
from app.forum.queries import is_author, names_shown_to, post_is_readable, thread_is_visible
from app.forum.reader_models import Bookmark
from app.forum.responding import packed_responses

EXCERPT, EXCERPT_READ = 90, 400
Answered = aliased(Post, name="answered")
_NOT_COUNTED = null()
AnsweredAuthor = aliased(User, name="answered_author")


@dataclass(frozen=True)
class Parent:
    """The post that another one answers. `name` None: withheld or gone; no text of removed ones."""

    number: int
    name: str | None
    beginning: str  # Markdown, cut anywhere

    @property
    def excerpt(self) -> str:
        return excerpt(self.beginning, EXCERPT)


@dataclass(frozen=True)
class PostRow:
    """A post to be read. `author` None: withheld or gone. A removed one has no text here."""

    id: int
    number: int
    standing: Standing
    language: str
    html: str
    revision: int
    reply_to: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    hidden_at: datetime | None
    is_wiki: bool
    file_count: int
    response_count: int
    is_mine: bool
    answer_count: int | None  # how many posts answer this one; None: not asked
    first_answer: int | None
    parent: Parent | None
    author: Byline | None
    is_kept: bool  # the viewer has a bookmark on it
    responses: str | None  # for `responding.said_in`
    files: str | None  # for `attaching.files_in`

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among posts and events."""
        return (self.number, 0)

    @property
    def is_opening(self) -> bool:
        return self.number == 1

    @property
    def is_removed(self) -> bool:
        return self.deleted_at is not None or self.hidden_at is not None


def posts_between(viewer: User | None, thread_id: int, first: int, last: int) -> list[PostRow]:
    """The posts with these numbers, in order; of removed ones all but the text."""
    numbered = Post.number.between(first, last)
    statement = _with_text(viewer, Post.html, *_answers()).where(numbered)
    return _rows(statement, viewer, thread_id)


def whole_thread(viewer: User | None, thread_id: int) -> list[PostRow]:
    """All posts on one page, without counts of answers."""
    return _rows(_with_text(viewer, Post.html), viewer, thread_id)


def whole_thread_as_written(viewer: User | None, thread_id: int) -> list[PostRow]:
    """The same with Markdown in the place of HTML, for files."""
    return _rows(_with_text(viewer, Post.body), viewer, thread_id)


def _rows(statement: Select[Any], viewer: User | None, thread_id: int) -> list[PostRow]:
    statement = statement.where(Post.thread_id == thread_id)
    rows = db.session.execute(with_author(statement, viewer, Post.author_id, Post.seat_id))
    return [_post_row(row) for row in rows]


def _with_text(
    viewer: User | None, text: Any, count: Any = _NOT_COUNTED, first: Any = _NOT_COUNTED
) -> Select[Any]:
    """The columns of PostRow in its order, but for the bylines, which come last."""
    columns = (
        Post.id, Post.number, Post.standing, Post.language,
        case((post_is_readable(), text), else_=""),
        Post.revision, Post.reply_to, Post.created_at, Post.edited_at, Post.deleted_at,
        Post.hidden_at, Post.is_wiki, Post.file_count, Post.response_count,
        is_author(viewer, Post.author_id),
        count, first,
        Answered.number, AnsweredAuthor.display_name,
        case((_is_readable(Answered), func.substr(Answered.body, 1, EXCERPT_READ)), else_=""),
    )  # fmt: skip
    is_answered = and_(Answered.thread_id == Post.thread_id, Answered.number == Post.reply_to)
    by = and_(AnsweredAuthor.id == Answered.author_id, names_shown_to(viewer))
    return (
        select(
            *columns, *author_columns(), is_kept(viewer), packed_responses(viewer), packed_files()
        )
        .select_from(Post)
        .join(Post.thread)
        .join(Thread.topic)
        .outerjoin(Answered, is_answered)
        .outerjoin(AnsweredAuthor, by)
        .where(thread_is_visible(viewer))
        .order_by(Post.number)
    )


def _post_row(row: Any) -> PostRow:
    parent = None if row[17] is None else Parent(row[17], row[18], row[19])
    values: list[Any] = [
        *row[:17],
        parent,
        byline(tuple(row[20:25])),
        bool(row[25]),
        row[26],
        row[27],
    ]
    return PostRow(*values)


def is_kept(viewer: User | None) -> Any:
    """Whether the viewer has a bookmark on the post that a statement reads."""
    if viewer is None:
        return false()
    return exists().where(Bookmark.post_id == Post.id, Bookmark.user_id == viewer.id)


def _answers() -> tuple[Any, Any]:
    answer = aliased(Post, name="answer")
    found = (
        answer.thread_id == Post.thread_id,
        answer.reply_to == Post.number,
        _is_readable(answer),
    )
    count = select(func.count(answer.id)).where(*found).correlate(Post)
    # The sum keeps databases from walking the numbers of the whole thread to find the smallest.
    first = select(func.min(answer.number + 0)).where(*found).correlate(Post)
    return count.scalar_subquery(), first.scalar_subquery()


def _is_readable(post: Any) -> ColumnElement[bool]:
    """`post_is_readable` for an alias."""
    return and_(post.deleted_at.is_(None), post.hidden_at.is_(None))
