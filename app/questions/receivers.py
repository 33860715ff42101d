"""What follows for questions from what happens in the forum."""

from __future__ import annotations

from typing import Any

from app.core.jobs import enqueue
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.questions import returning


def on_answer_changed(post: Post, **_: Any) -> None:
    """Where questions stand follows in a transaction of its own: the desk is never waited for under
    these locks."""
    returning.follow_answer(post.thread_id)
    key = f"{post.thread_id}:{post.thread.revision}"
    enqueue("questions.follow_thread", key, thread_id=post.thread_id)


def on_post_hidden_or_back(post: Post, **_: Any) -> None:
    returning.follow_post(post)


def on_post_edited(post: Post, **_: Any) -> None:
    """Only posts of preparation threads are asked at webinars."""
    if post.thread.kind is ThreadKind.PREP:
        returning.follow_post(post, is_edited=True)


def on_thread_gone_or_back(thread: Thread, **_: Any) -> None:
    returning.follow_removal(thread)
