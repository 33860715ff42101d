"""What makes notices: each event queues its work, which the worker does after the commit."""

from __future__ import annotations

from typing import Any

from app.core.jobs import enqueue
from app.forum.editing import version_of
from app.forum.models import Post, Thread
from app.messages.models import Message


def on_post_created(post: Post) -> None:
    enqueue("notifications.tell_of_post", str(post.id), post_id=post.id)


def on_post_edited(post: Post) -> None:
    """Only somebody newly named hears of an edit (spec/forum 5.11)."""
    key = f"{post.id}:{version_of(post)}"
    enqueue("notifications.tell_of_edit", key, post_id=post.id)


def on_thread_started(thread: Thread) -> None:
    enqueue("notifications.follow_for_topic", str(thread.id), thread_id=thread.id)


def on_answer_accepted(post: Post, **_about: Any) -> None:
    key = f"{post.id}:{post.thread.revision}"
    enqueue("notifications.tell_of_solution", key, post_id=post.id)


def on_half_time(thread: Thread) -> None:
    key = f"{thread.id}:{thread.answers_by}"
    enqueue("notifications.tell_of_half_time", key, thread_id=thread.id)


def on_time_is_up(thread: Thread) -> None:
    key = f"{thread.id}:{thread.answers_by}"
    enqueue("notifications.tell_time_is_up", key, thread_id=thread.id)


def on_message_sent(message: Message) -> None:
    enqueue("notifications.tell_of_message", str(message.id), message_id=message.id)
