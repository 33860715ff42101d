"""The forum looked at without any of its own queries: whole tables, counted in Python.

What `app/forum` answers in one statement must be what is counted here by hand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import GroupMember, User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.models import Post, PostFile, PostRedirect, Thread, ThreadEvent, ThreadOverview
from app.forum.reader_models import Mention, PostResponse, ThreadRead, TopicReading
from app.notifications.models import Notice
from app.topics.models import Topic, TopicGrant, TopicSteward

KEEPS_UP = {"following", "loud"}
OPEN = {"public", "network"}


@dataclass(frozen=True)
class Viewer:
    """A person as plain values; `id` None: a visitor."""

    id: int | None
    approved_at: Any = None


def viewer_of(person: User | None) -> Viewer:
    return Viewer(person.id, person.approved_at) if person else Viewer(None)


class Look:
    """Everything that is in the forum at one moment."""

    def __init__(self) -> None:
        db.session.rollback()
        self.threads = {row.id: row for row in _rows(Thread)}
        self.posts = {row.id: row for row in _rows(Post)}
        self.topics = {row.id: row for row in _rows(Topic)}
        self.redirects = {(row.thread_id, row.number): row.post_id for row in _rows(PostRedirect)}
        self.marks = {(row.user_id, row.thread_id): row for row in _rows(ThreadRead)}
        self.readings = {(row.user_id, row.topic_id): row for row in _rows(TopicReading)}
        self.mentions = {(row.post_id, row.user_id) for row in _rows(Mention)}
        self.notices = _rows(Notice)
        self.events = Counter(row.thread_id for row in _rows(ThreadEvent))
        self.responses = Counter(row.post_id for row in _rows(PostResponse))
        self.files = Counter(row.post_id for row in _rows(PostFile))
        self.overviews = [(row.thread_id, row.revision) for row in _rows(ThreadOverview)]
        self.groups = {(row.user_id, row.group_id) for row in _rows(GroupMember)}
        self.stewards = {(row.user_id, row.topic_id) for row in _rows(TopicSteward)}
        self.grants = [(row.topic_id, row.group_id) for row in _rows(TopicGrant)]
        self.in_thread: dict[int, list[Any]] = {thread_id: [] for thread_id in self.threads}
        for post in sorted(self.posts.values(), key=lambda post: post.number):
            self.in_thread[post.thread_id].append(post)

    def reads_topic(self, viewer: Viewer, topic_id: int) -> bool:
        visibility = self.topics[topic_id].visibility.value
        if viewer.id is None:
            return visibility == "public"
        granted = {(viewer.id, group) for topic, group in self.grants if topic == topic_id}
        is_steward = (viewer.id, topic_id) in self.stewards
        return visibility in OPEN or is_steward or bool(granted & self.groups)

    def reads(self, viewer: Viewer, thread: Any) -> bool:
        if thread.deleted_at is not None or thread.merged_into_id is not None:
            return False
        if not self.reads_topic(viewer, thread.topic_id):
            return False
        if viewer.id is None:
            return thread.visibility.value == "public"
        return thread.visibility.value in OPEN or (viewer.id, thread.group_id) in self.groups

    def readable_posts(self, viewer: Viewer) -> set[int]:
        return {
            post.id
            for post in self.posts.values()
            if is_readable(post) and self.reads(viewer, self.threads[post.thread_id])
        }

    def level(self, viewer: Viewer, thread: Any) -> str:
        mark = self.marks.get((viewer.id, thread.id))
        return mark.level.value if mark else "normal"

    def unread(self, viewer: Viewer, thread: Any) -> list[int]:
        """Ids of posts that wait for this person, in a thread they opened once."""
        mark = self.marks.get((viewer.id, thread.id))
        if mark is None or mark.level.value == "muted":
            return []
        return [
            post.id
            for post in self.in_thread[thread.id]
            if post.number > mark.last_read and is_readable(post) and post.author_id != viewer.id
        ]

    def is_muted_topic(self, viewer: Viewer, thread: Any) -> bool:
        reading = self.readings.get((viewer.id, thread.topic_id))
        return reading is not None and reading.level.value == "muted"

    def is_new(self, viewer: Viewer, thread: Any) -> bool:
        """Never opened, and begun since this member came or marked the topic as read."""
        if viewer.id is None or (viewer.id, thread.id) in self.marks:
            return False
        reading = self.readings.get((viewer.id, thread.topic_id))
        since = max(viewer.approved_at, utcnow() - timedelta(days=40))
        if reading and reading.marked_at:
            since = max(since, reading.marked_at)
        is_own = thread.author_id == viewer.id
        return thread.created_at > since and not is_own and not self.is_muted_topic(viewer, thread)

    def waits(self, viewer: Viewer, thread: Any) -> bool:
        """Whether the list of what is new for this person holds the thread."""
        posts = self.in_thread[thread.id]
        wrote = any(post.author_id == viewer.id for post in posts)
        named = any((post.id, viewer.id) in self.mentions for post in posts)
        follows = self.level(viewer, thread) in KEEPS_UP
        concerns = wrote or named or follows
        return self.is_new(viewer, thread) or (concerns and bool(self.unread(viewer, thread)))

    def counters(self, thread: Any) -> dict[str, Any]:
        """What the row of a thread has to say about what is in it."""
        readable = [post for post in self.in_thread[thread.id] if is_readable(post)]
        last = max(readable, key=lambda post: (post.created_at, post.number), default=None)
        return {
            "reply_count": sum(post.number > 1 for post in readable),
            "last_post_at": last.created_at if last else thread.created_at,
            "last_author_id": last.author_id if last else None,
            "event_count": self.events[thread.id],
            "overview_revision": max(
                (revision for where, revision in self.overviews if where == thread.id), default=0
            ),
        }


def is_readable(post: Any) -> bool:
    return post.deleted_at is None and post.hidden_at is None


def _rows(model: Any) -> list[Any]:
    return list(db.session.execute(sa.select(model.__table__)).all())
