"""The consolidated reply: what everybody contributed to a time-boxed question, as one post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.db import db
from app.core.i18n import _
from app.core.markup import excerpt
from app.forum import posting
from app.forum.byline import author_columns, byline, with_author
from app.forum.chronicling import note_event
from app.forum.enums import EventKind
from app.forum.errors import ConsolidatedAlready
from app.forum.models import Post, Thread
from app.forum.posting import Text, lock_row
from app.forum.queries import post_is_readable, thread_is_visible

MOST_CONTRIBUTIONS = 200
ROOM = 20_000  # characters for all beginnings together
LONGEST_BEGINNING, SHORTEST_BEGINNING = 280, 60


def consolidated_draft(viewer: User, thread: Thread, link: Callable[[int], str]) -> str:
    """Markdown to go on from: a section for each city with its first words and their places.

    Where names are not for everybody, nobody is named: the text may go further than the page.
    """
    rows = _contributions(viewer, thread)
    room = max(SHORTEST_BEGINNING, min(LONGEST_BEGINNING, ROOM // max(1, len(rows))))
    sections: dict[str, list[str]] = {}
    for place, (number, body, *author) in enumerate(rows, 1):
        said = f"> {_quoted(body, room)}\n>\n> [{_('Post %(number)s', number=number)}]"
        sections.setdefault(_heading(place, author), []).append(f"{said}({link(number)})")
    texts = [f"## {name}\n\n" + "\n\n".join(said) for name, said in sections.items()]
    return "\n\n".join([_("What you sent us, in short:"), *texts])


def post_consolidated(thread: Thread, author: User, text: Text) -> Post:
    """Add it to the thread. Raise ConsolidatedAlready, ThreadLocked."""
    thread = lock_row(thread.id)
    if thread.consolidated_number is not None:
        raise ConsolidatedAlready
    post = posting.reply(thread, author, text)
    thread.consolidated_number = post.number
    note_event(thread, EventKind.CONSOLIDATED, author, number=post.number)
    return post


def _contributions(viewer: User, thread: Thread) -> Sequence[Any]:
    """Readable replies with their authors, if these are named to everybody."""
    statement = (
        select(Post.number, func.substr(Post.body, 1, LONGEST_BEGINNING * 4), *author_columns())
        .select_from(Post)
        .join(Post.thread)
        .join(Thread.topic)
        .where(thread_is_visible(viewer), post_is_readable())
        .where(Post.thread_id == thread.id, Post.number > 1)
        .order_by(Post.number)
        .limit(MOST_CONTRIBUTIONS)
    )
    return db.session.execute(with_author(statement, None, Post.author_id, Post.seat_id)).all()


def _heading(place: int, author: list[Any]) -> str:
    by = byline(tuple(author))
    if by is None:
        return _("Contribution %(number)s", number=place)
    return by.body or by.name


def _quoted(body: str, longest: int) -> str:
    """One line that names nobody again: a person mentioned there was told the first time."""
    return excerpt(body, longest).replace("@", "\\@")
