"""What makes notices: each event queues its work, which the worker does after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.forum.editing import version_of
from app.forum.models import Post, Thread
from app.forum.reader_models import Bookmark
from app.messages.models import Message
from app.notes.models import SummaryVersion
from app.notifications.enums import NoticeKind
from app.notifications.notifying import tell
from app.questions.models import Question
from app.webinars.models import Webinar


def on_post_created(post: Post, **_: Any) -> None:
    enqueue("notifications.tell_of_post", str(post.id), post_id=post.id)


def on_post_edited(post: Post) -> None:
    """Only somebody newly named hears of an edit (spec/forum 5.11)."""
    key = f"{post.id}:{version_of(post)}"
    enqueue("notifications.tell_of_edit", key, post_id=post.id)


def on_thread_started(thread: Thread) -> None:
    enqueue("notifications.follow_for_topic", str(thread.id), thread_id=thread.id)


def on_answer_accepted(post: Post, actor: User) -> None:
    """The author of the answer, if somebody else chose it."""
    if post.author_id != actor.id:
        key = f"{post.id}:{post.thread.revision}"
        enqueue("notifications.tell_of_solution", key, post_id=post.id)


def on_edited_by_steward(post: Post, editor: User, reason: str) -> None:
    _tell_author(post, f"edited:{post.id}:{post.revision}", reason, post_id=post.id)


def on_hidden(post: Post, actor: User, reason: str) -> None:
    """The post itself is nobody's to read now: the notice leads to its place in the thread."""
    place = {"thread_id": post.thread_id, "first_number": post.number}
    _tell_author(post, f"hidden:{post.id}:{post.thread.revision}", reason, **place)


def on_unhidden(post: Post, actor: User) -> None:
    _tell_author(post, f"unhidden:{post.id}:{post.thread.revision}", "", post_id=post.id)


def on_posts_moved(thread: Thread, target: Thread, posts: Iterable[Post], actor: User) -> None:
    """Each author once, by the first of their posts that moved."""
    first = {post.author_id: post for post in reversed(list(posts)) if post.author_id != actor.id}
    for post in first.values():
        _tell_author(post, f"moved:{post.id}:{thread.id}:{target.id}", "", post_id=post.id)


def on_bookmark_due(bookmark: Bookmark) -> None:
    key = f"bookmark:{bookmark.id}:{bookmark.remind_at:%Y%m%d%H%M}"
    tell(bookmark.user_id, NoticeKind.BOOKMARK, key, post_id=bookmark.post_id)


def on_half_time(thread: Thread) -> None:
    key = f"{thread.id}:{thread.answers_by}"
    enqueue("notifications.tell_of_half_time", key, thread_id=thread.id)


def on_time_is_up(thread: Thread) -> None:
    key = f"{thread.id}:{thread.answers_by}"
    enqueue("notifications.tell_time_is_up", key, thread_id=thread.id)


def on_message_sent(message: Message) -> None:
    enqueue("notifications.tell_of_message", str(message.id), message_id=message.id)


def on_webinar_published(webinar: Webinar, **_: Any) -> None:
    """Followers of its topic, in portions."""
    if webinar.topic_id is not None:
        enqueue("notifications.tell_of_webinar", str(webinar.id), webinar_id=webinar.id)


def on_summary_published(version: SummaryVersion, **_: Any) -> None:
    """Followers of its topic, after the quiet time: it may be taken back in the meantime."""
    webinar_id = version.note_set.webinar_id
    enqueue("notifications.tell_of_summary", str(version.id), run_at=utcnow() + quiet_time(),
            webinar_id=webinar_id)  # fmt: skip


def on_note_taker_named(webinar: Webinar, person: User, actor: User, **_: Any) -> None:
    """Once a day at most, however often it is taken back and done again."""
    if person.id != actor.id:
        key = f"note-taker:{webinar.id}:{utcnow():%Y%m%d}"
        tell(person.id, NoticeKind.NOTE_TAKER, key, webinar_id=webinar.id)


def on_question_replied(question: Question, thread_id: int | None = None, **_: Any) -> None:
    """Whoever asked, once; to the conversation where the answer is, or to the webinar."""
    _tell_asker(question, NoticeKind.QUESTION_REPLIED, f"replied:{question.id}", thread_id)


def on_question_dismissed(question: Question, **_: Any) -> None:
    _tell_asker(question, NoticeKind.QUESTION_DISMISSED, f"dismissed:{question.id}", None)


def on_question_forwarded(question: Question, user_id: int, **_: Any) -> None:
    key = f"asked:{question.id}"
    tell(user_id, NoticeKind.QUESTION_FOR_YOU, key, thread_id=question.thread_id)


def _tell_asker(question: Question, kind: NoticeKind, key: str, thread_id: int | None) -> None:
    about = {"thread_id": thread_id} if thread_id else {"webinar_id": question.webinar_id}
    if question.asker_id is not None:
        tell(question.asker_id, kind, key, **about)


def _tell_author(post: Post, key: str, reason: str, **about: Any) -> None:
    if post.author_id is not None:
        details = {"reason": reason} if reason else {}
        tell(post.author_id, NoticeKind.POST_CHANGED, key, details=details, **about)
