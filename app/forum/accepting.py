"""The accepted answer of a question: one at a time."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.forum.chronicling import note_event
from app.forum.curating.holding import hold_thread_of
from app.forum.enums import EventKind, ThreadKind
from app.forum.errors import NotAnAnswer
from app.forum.models import Post, Thread
from app.forum.signals import answer_accepted, answer_unaccepted


def accept(post: Post, actor: User) -> bool:
    """Make a reply the answer, in place of another. Return whether that changed anything."""
    thread = hold_thread_of(post)
    if thread.kind is not ThreadKind.QUESTION or post.number == 1 or not _is_readable(post):
        raise NotAnAnswer
    former = thread.accepted_number
    if former == post.number:
        return False
    thread.accepted_number = post.number
    note_event(thread, EventKind.ACCEPTED, actor, number=post.number)
    if former is not None:
        _send_unaccepted(thread, former, actor)
    answer_accepted.send(post, actor=actor)
    return True


def unaccept(post: Post, actor: User) -> bool:
    """Take it back. Return whether this post was the answer."""
    thread = hold_thread_of(post)
    if thread.accepted_number != post.number:
        return False
    thread.accepted_number = None
    note_event(thread, EventKind.UNACCEPTED, actor, number=post.number)
    answer_unaccepted.send(post, actor=actor)
    return True


def _send_unaccepted(thread: Thread, number: int, actor: User | None) -> None:
    found = select(Post).where(Post.thread_id == thread.id, Post.number == number)
    if (former := db.session.scalars(found).first()) is not None:
        answer_unaccepted.send(former, actor=actor)


def _is_readable(post: Post) -> bool:
    return post.deleted_at is None and post.hidden_at is None
