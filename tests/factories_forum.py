"""Threads and posts for tests, made as people make them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.slugs import slugify
from app.forum import posting
from app.forum.chronicling import note_event
from app.forum.enums import EventKind, Standing
from app.forum.models import Post, Thread
from app.forum.posting import NewThread, text_of
from app.topics.models import Topic


def make_thread(
    topic: Topic,
    author: User,
    title: str = "Who answers when counters are closed?",
    body: str = "Our counters closed and moved online. What worked elsewhere?",
    language: str = "en",
    **changes: Any,
) -> Thread:
    """A thread with its opening post. `changes` are fields of NewThread or columns of Thread."""
    own = {name: changes.pop(name) for name in list(changes) if name in NewThread.__annotations__}
    with write():
        thread = posting.start_thread(
            topic, author, NewThread(title=title, text=text_of(body, language), **own)
        )
        for name, value in changes.items():
            setattr(thread, name, value)
    db.session.refresh(thread)
    return thread


def make_reply(
    thread: Thread, author: User, body: str = "We kept one counter open.", **changes: Any
) -> Post:
    with write():
        post = posting.reply(thread, author, text_of(body), **changes)
    db.session.refresh(post)
    return post


def make_replies(thread: Thread, author: User, count: int) -> None:
    with write():
        for number in range(count):
            posting.reply(thread, author, text_of(f"Reply {number + 1}."))


def make_event(thread: Thread, kind: EventKind, actor: User | None = None, **details: Any) -> None:
    with write() as session:
        person = session.get_one(User, actor.id) if actor else None
        note_event(session.get_one(Thread, thread.id), kind, person, **details)


def fill_thread(thread: Thread, author: User, count: int) -> None:
    """Many replies at once, each to the one before it, until there are `count` posts."""
    seat = db.session.scalars(sa.select(Seat.id).where(Seat.user_id == author.id)).first()
    rows = [
        {
            "thread_id": thread.id, "number": number, "author_id": author.id, "seat_id": seat,
            "standing": Standing.STAFF, "language": "en", "body": f"Reply {number}.",
            "html": f"<p>Reply {number}.</p>", "renderer": 1, "reply_to": number - 1,
            "created_at": utcnow(),
        }
        for number in range(2, count + 1)
    ]  # fmt: skip
    with write() as session:
        if rows:
            session.execute(sa.insert(Post), rows)
        filled = session.get_one(Thread, thread.id)
        filled.last_number, filled.reply_count = count, count - 1


def thread_page(browser: FlaskClient, thread: Thread) -> str:
    """The first page of a thread as this browser gets it."""
    return str(browser.get(f"/threads/{thread.id}-{slugify(thread.title)}").text)
