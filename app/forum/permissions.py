"""What a person may do in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.forum.enums import Standing
from app.forum.models import Post, Thread
from app.topics.permissions import Rights, rights_in, rights_of

EDIT_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class ThreadRights:
    """All answers about one viewer and one thread, so that a page asks the database once."""

    can_reply: bool
    is_steward: bool


def rights_in_thread(viewer: User | None, thread: Thread) -> ThreadRights:
    return _in_thread(thread, rights_in(viewer, thread.topic))


def thread_rights_of(viewer: User | None, thread: Thread, values: Sequence[Any]) -> ThreadRights:
    """The same from the values of `rights_columns`, read with the thread itself."""
    return _in_thread(thread, rights_of(viewer, thread.topic.visibility, values))


def _in_thread(thread: Thread, rights: Rights) -> ThreadRights:
    """A locked thread takes replies from nobody."""
    return ThreadRights(rights.can_reply and not thread.is_locked, rights.is_steward)


def can_reply(viewer: User | None, thread: Thread) -> bool:
    return rights_in_thread(viewer, thread).can_reply


def can_edit_post(viewer: User | None, post: Post) -> bool:
    """One's own posts for 30 days, while the thread is open to replies."""
    if viewer is None or post.author_id != viewer.id:
        return False
    return post.created_at > utcnow() - EDIT_WINDOW and can_reply(viewer, post.thread)


def takes_addenda_only(standing: Standing, number: int, thread: Thread) -> bool:
    """Others rely on accepted answers and formal positions: what they say stays."""
    return standing is Standing.FORMAL or number == thread.accepted_number


def can_follow(viewer: User | None) -> bool:
    return viewer is not None and viewer.is_approved
