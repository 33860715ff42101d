"""Whatever people do, in whatever order: the invariants of spec/forum 5.0 hold after each step."""

from __future__ import annotations

import os
from collections import Counter
from itertools import cycle
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from app.accounts.models import User
from app.core.db import db
from app.core.worker import run_due_jobs
from app.forum.choosing import chosen
from app.forum.enums import Show
from app.forum.listing import thread_list
from app.forum.live_news import news_in
from app.forum.queries import where_it_went
from app.forum.reach import reach_of
from app.forum.rows import lines_of
from app.forum.topic_counts import counts_by_topic
from app.notifications.queries import notices_of
from app.search.finding import find
from tests.databases import Database
from tests.forum.acting import COMMON, PEOPLE, Acts
from tests.forum.naive import KEEPS_UP, Look, is_readable, viewer_of

EXAMPLES = int(os.environ.get("FORUM_EXAMPLES", "0"))
"""How many random walks to try; 0: the same few each time, for the suite."""

SOMEBODY_LOOKS_EACH = 6
"""Steps between two looks through somebody's eyes; everybody looks at the end."""

OF_ONE_POST = {"mention", "reply", "quote", "city_mention", "new_thread"}


class Forum(Acts):
    changes: ClassVar[list[str]] = []

    def __init__(self) -> None:
        self.given: dict[tuple[int, int], int] = {}
        self.highest: Counter[int] = Counter()
        self.last_read: dict[tuple[int, int], int] = {}
        self.step = 0
        self.looking = cycle([*PEOPLE, ""])
        super().__init__()

    @invariant()
    def everything_holds(self) -> None:
        if not self.changes:
            return  # what held before holds still
        self.changes.clear()
        look = Look()
        self.numbers_are_given_once(look)
        self.counters_are_right(look)
        self.marks_never_fall(look)
        self.nobody_is_told_twice(look)
        self.step += 1
        if self.step % SOMEBODY_LOOKS_EACH == 0:
            self.person_sees_what_is_theirs(look, next(self.looking))

    def teardown(self) -> None:
        run_due_jobs(mails=False, raising=True)
        look = Look()
        self.nobody_is_told_twice(look)
        for name in [*PEOPLE, ""]:
            self.person_sees_what_is_theirs(look, name)
        for name in ("insider", next(self.looking)):  # the insider reads everything
            self.every_number_leads_to_its_post(look, name)

    def numbers_are_given_once(self, look: Look) -> None:
        for post in look.posts.values():
            key = (post.thread_id, post.number)
            assert self.given.setdefault(key, post.id) == post.id, key
            self.highest[post.thread_id] = max(self.highest[post.thread_id], post.number)
        for (thread_id, number), post_id in self.given.items():
            post = look.posts[post_id]
            is_here = (post.thread_id, post.number) == (thread_id, number)
            redirect = look.redirects.get((thread_id, number))
            assert redirect == (None if is_here else post_id), (thread_id, number)
        for thread in look.threads.values():
            assert thread.last_number == self.highest[thread.id], thread.id

    def counters_are_right(self, look: Look) -> None:
        for thread in look.threads.values():
            counted = look.counters(thread)
            assert {name: getattr(thread, name) for name in counted} == counted, thread.id
            if thread.accepted_number is not None:
                answer = [
                    post
                    for post in look.in_thread[thread.id]
                    if post.number == thread.accepted_number
                ]
                assert [is_readable(post) for post in answer] == [True], thread.id
        for post in look.posts.values():
            counts = (look.responses[post.id], look.files[post.id])
            assert (post.response_count, post.file_count) == counts, post.id

    def marks_never_fall(self, look: Look) -> None:
        for key, mark in look.marks.items():
            if key[0] not in self.lowering:
                assert mark.last_read >= self.last_read.get(key, 0), key
            assert mark.last_read <= self.highest[key[1]], key
        self.last_read = {key: mark.last_read for key, mark in look.marks.items()}
        self.lowering.clear()

    def nobody_is_told_twice(self, look: Look) -> None:
        told = Counter(
            (notice.user_id, notice.post_id)
            for notice in look.notices
            if notice.kind.value in OF_ONE_POST
        )
        assert [key for key, count in told.items() if count > 1] == []
        authors = {post.id: post.author_id for post in look.posts.values()}
        assert [user for user, post in told if authors.get(post) == user] == []

    def person_sees_what_is_theirs(self, look: Look, name: str) -> None:
        person = self.person(name)
        viewer = viewer_of(person)
        threads = [thread for thread in look.threads.values() if look.reads(viewer, thread)]
        listed = [thread for thread in threads if not look.is_muted_topic(viewer, thread)]
        rows = _listed(person, Show.ALL)
        lines = {line.id: line for line in lines_of(reach_of(person), [row.id for row in rows])}
        expected = {
            thread.id: (
                len(look.unread(viewer, thread)),
                look.is_new(viewer, thread),
                look.level(viewer, thread) in KEEPS_UP,
                thread.reply_count,
            )
            for thread in listed
        }
        assert {
            row.id: (
                row.unread_count,
                row.is_new,
                lines[row.id].is_followed,
                lines[row.id].reply_count,
            )
            for row in rows
        } == expected
        counts = counts_by_topic(person)
        assert {topic: one.thread_count for topic, one in counts.items()} == Counter(
            thread.topic_id for thread in threads
        )
        found = find(person, COMMON)
        assert {hit.post.id for hit in found.hits if hit.post} == look.readable_posts(viewer)
        assert found.counts["conversations"] == len(look.readable_posts(viewer))
        if person is not None:
            self.news_are_theirs(look, person, threads)

    def news_are_theirs(self, look: Look, person: User, threads: list[Any]) -> None:
        viewer, readable = viewer_of(person), {thread.id for thread in threads}
        waiting = {thread.id for thread in threads if look.waits(viewer, thread)}
        assert {row.id for row in _listed(person, Show.NEW)} == waiting
        counted = {topic: one.unread_count for topic, one in counts_by_topic(person).items()}
        expected = Counter(thread.topic_id for thread in threads if thread.id in waiting)
        assert Counter(counted) == expected
        for thread in threads[:2]:
            mark = look.marks.get((person.id, thread.id))
            after = mark.last_read if mark else 0
            news = [
                post.number
                for post in look.in_thread[thread.id]
                if post.number > after and is_readable(post) and post.author_id != person.id
            ]
            assert news_in(person, thread.id, after) == (len(news), min(news, default=None))
        posts = look.readable_posts(viewer)
        for notice in db.session.scalars(notices_of(person)):
            assert notice.post_id is None or notice.post_id in posts
            assert notice.thread_id is None or notice.thread_id in readable

    def every_number_leads_to_its_post(self, look: Look, name: str) -> None:
        """For whoever may read the thread it stands in now, and for nobody else."""
        person = self.person(name)
        for (thread_id, number), post_id in self.given.items():
            there = look.threads[look.posts[post_id].thread_id]
            expected = post_id if look.reads(viewer_of(person), there) else None
            post = where_it_went(person, thread_id, number)
            assert (post.id if post else None) == expected, (thread_id, number)

    def person(self, name: str) -> User | None:
        return db.session.get_one(User, self.ids[name]) if name else None


def _listed(person: User | None, show: Show) -> list[Any]:
    return list(thread_list(person, chosen(person, {"show": show.value}, []), 1).page.rows)


def test_whatever_people_do_the_invariants_hold(app: Flask, rows: Database) -> None:
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "PRAGMA", "BEGIN", "SET")):
            Forum.changes.append(statement)

    Forum.rows = rows
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        _walk()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def _walk() -> None:
    run_state_machine_as_test(
        Forum,
        settings=settings(
            max_examples=EXAMPLES or 8,
            stateful_step_count=25,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
