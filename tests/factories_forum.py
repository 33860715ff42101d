"""Threads and posts for tests, made as people make them."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.core.db import db, write
from app.forum import posting
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
