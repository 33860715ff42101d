"""The measured network out of our own SQLite file. Only the standard library: it runs anywhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

# Markdown that our community writes and the rivals read in the same way, so bodies go as they are.
TOPICS = "SELECT id, names FROM topic ORDER BY id"
MEMBERS = """SELECT u.id, u.display_name, u.email, u.handle, u.created_at,
    (SELECT count(*) FROM post p WHERE p.author_id = u.id),
    (SELECT count(*) FROM thread t WHERE t.author_id = u.id),
    (SELECT max(p.created_at) FROM post p WHERE p.author_id = u.id)
    FROM user u WHERE u.email LIKE '%@demo.invalid' ORDER BY u.id"""
THREADS = """SELECT t.id, t.topic_id, t.author_id, t.title, t.last_number, t.last_author_id,
    t.created_at, t.last_post_at, min(p.id), max(p.id),
    max(CASE WHEN p.number = t.accepted_number THEN p.id END)
    FROM thread t JOIN post p ON p.thread_id = t.id GROUP BY t.id ORDER BY t.id"""
POSTS = """SELECT p.id, p.thread_id, t.topic_id, p.number, p.author_id, p.body, p.created_at,
    t.title FROM post p JOIN thread t ON t.id = p.thread_id ORDER BY p.id"""
READ = """SELECT r.user_id, r.thread_id, t.topic_id, p.id, p.created_at
    FROM thread_read r JOIN thread t ON t.id = r.thread_id
    JOIN post p ON p.thread_id = t.id AND p.number = r.last_read"""
READ_POSTS = """SELECT r.user_id, p.thread_id, t.topic_id, p.id
    FROM thread_read r JOIN thread t ON t.id = r.thread_id
    JOIN post p ON p.thread_id = r.thread_id AND p.number <= r.last_read
    WHERE p.created_at > ?"""


@dataclass(frozen=True)
class Topic:
    id: int
    name: str


@dataclass(frozen=True)
class Member:
    id: int
    name: str
    email: str
    handle: str
    joined: datetime
    posts: int
    threads: int
    last_post_at: datetime | None


@dataclass(frozen=True)
class Thread:
    id: int
    topic: int
    author: int
    title: str
    length: int
    last_author: int
    started: datetime
    last_post_at: datetime
    first_post: int
    last_post: int
    accepted: int | None


@dataclass(frozen=True)
class Post:
    id: int
    thread: int
    topic: int
    number: int
    author: int
    body: str
    written: datetime
    title: str


@dataclass(frozen=True)
class Reading:
    """How far a member has read in a thread."""

    member: int
    thread: int
    topic: int
    post: int
    written: datetime


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Network:
    """One pass over each table; only what visitors may read is measured, so all of it is read."""

    def __init__(self, path: str) -> None:
        self.rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    def topics(self) -> list[Topic]:
        return [Topic(one, json.loads(names)["en"]) for one, names in self.rows.execute(TOPICS)]

    def members(self) -> list[Member]:
        return [
            Member(one, name, email, handle, when(joined), posts, threads, last and when(last))
            for one, name, email, handle, joined, posts, threads, last in self.rows.execute(MEMBERS)
        ]

    def threads(self) -> Iterator[Thread]:
        for row in self.rows.execute(THREADS):
            yield Thread(*row[:6], when(row[6]), when(row[7]), *row[8:])

    def posts(self) -> Iterator[Post]:
        for row in self.rows.execute(POSTS):
            yield Post(*row[:6], when(row[6]), row[7])

    def readings(self) -> Iterator[Reading]:
        for row in self.rows.execute(READ):
            yield Reading(*row[:4], when(row[4]))

    def read_posts(self, since: datetime) -> Iterator[tuple[int, int, int, int]]:
        """Member, thread, topic and post: for forums with a row for each post read."""
        yield from self.rows.execute(READ_POSTS, [since.strftime("%Y-%m-%d %H:%M:%S")])
