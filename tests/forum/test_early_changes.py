"""Whatever changes between two requests of a thread is told at once, early or not."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import GroupMember, User, UserSession
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.fragments import fragments
from app.forum import reading
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic, TopicSteward
from tests.forum.early import (
    LONG_WAY,
    address_of,
    both_ways,
    browsers,
    framework_asked,
    people,
    threads,
    told,
)

__all__ = ["browsers", "people", "threads"]


class Changes:
    """What may happen between two requests, to anybody who may read or to what is read."""

    def __init__(self, people: dict[str, User], threads: dict[str, Thread]) -> None:
        self.people = {name: person.id for name, person in people.items()}
        self.threads = {name: thread.id for name, thread in threads.items()}
        self.all = [
            getattr(self, name) for name in sorted(vars(type(self))) if name.startswith("do_")
        ]

    def someone(self, dice: random.Random) -> int:
        return dice.choice(list(self.people.values()))

    def some_thread(self, session: Any, dice: random.Random) -> Thread:
        found: Thread = session.get_one(Thread, dice.choice(list(self.threads.values())))
        return found

    def let_in(self, session: Any, user_id: int) -> None:
        """Whoever was turned away: the next act is to find somebody who sees the page."""
        mine = UserSession.user_id == user_id
        session.execute(sa.update(UserSession).where(mine).values(revoked_at=None))
        person = session.get_one(User, user_id)
        person.active, person.approved_at = True, person.approved_at or utcnow()

    def open_up(self, session: Any, thread_id: int) -> None:
        """A thread that can be replied to is told early; others are left to the framework."""
        thread = session.get_one(Thread, thread_id)
        thread.deleted_at, thread.is_locked = None, False
        session.get_one(Topic, thread.topic_id).visibility = Visibility.PUBLIC

    def do_revoke(self, session: Any, dice: random.Random) -> None:
        mine = UserSession.user_id == self.someone(dice)
        session.execute(sa.update(UserSession).where(mine).values(revoked_at=utcnow()))

    def do_bring_back(self, session: Any, _dice: random.Random) -> None:
        session.execute(sa.update(UserSession).values(revoked_at=None))

    def do_close_account(self, session: Any, dice: random.Random) -> None:
        person = session.get_one(User, self.someone(dice))
        person.active = not person.active

    def do_approve(self, session: Any, dice: random.Random) -> None:
        person = session.get_one(User, self.someone(dice))
        person.approved_at = None if person.approved_at else utcnow()

    def do_role(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).role = dice.choice(["member", "organiser"])

    def do_rename(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).display_name = f"Name & {dice.random()}"

    def do_speak(self, session: Any, dice: random.Random) -> None:
        session.get_one(User, self.someone(dice)).locale = dice.choice(["de", "ca", None])

    def do_travel(self, session: Any, dice: random.Random) -> None:
        zone = dice.choice(["Asia/Tokyo", "Europe/Brussels"])
        session.get_one(User, self.someone(dice)).timezone = zone

    def do_join_or_leave(self, session: Any, dice: random.Random) -> None:
        group_id = session.scalar(sa.select(GroupMember.group_id).limit(1))
        key = {"group_id": group_id, "user_id": self.someone(dice)}
        found = session.get(GroupMember, key)
        if found is None and group_id:
            session.add(GroupMember(**key))
        elif found is not None:
            session.delete(found)

    def do_steward(self, session: Any, dice: random.Random) -> None:
        key = {"topic_id": self.some_thread(session, dice).topic_id, "user_id": self.someone(dice)}
        found = session.get(TopicSteward, key)
        if found is None:
            session.add(TopicSteward(**key))
        else:
            session.delete(found)

    def do_topic(self, session: Any, dice: random.Random) -> None:
        topic = session.get_one(Topic, self.some_thread(session, dice).topic_id)
        topic.visibility = dice.choice([Visibility.PUBLIC, Visibility.HIDDEN])

    def do_visibility(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.visibility = dice.choice([Visibility.PUBLIC, Visibility.NETWORK])

    def do_delete(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.deleted_at = None if thread.deleted_at else utcnow()

    def do_lock(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.is_locked = not thread.is_locked

    def do_title(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        thread.title = f"Another {dice.randrange(100)}"

    def do_withhold(self, session: Any, dice: random.Random) -> None:
        kinds = [Attribution.OPEN, Attribution.CHATHAM_HOUSE]
        self.some_thread(session, dice).attribution = dice.choice(kinds)

    def do_hide_post(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        post = session.scalars(sa.select(Post).where(Post.thread_id == thread.id).limit(1)).one()
        post.hidden_at = None if post.hidden_at else utcnow()
        thread.revision += 1

    def do_follow(self, session: Any, dice: random.Random) -> None:
        level = dice.choice(list(FollowLevel))
        session.execute(
            sa.update(ThreadRead)
            .where(ThreadRead.user_id == self.someone(dice))
            .values(level=level)
        )

    def do_unread(self, session: Any, dice: random.Random) -> None:
        mine = ThreadRead.user_id == self.someone(dice)
        session.execute(sa.update(ThreadRead).where(mine).values(last_read=1))

    def do_mark(self, session: Any, dice: random.Random) -> None:
        thread = self.some_thread(session, dice)
        reading.mark_read(self.someone(dice), thread.id, thread.last_number)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_changes_between_requests_is_so_at_once(
    app: Flask,
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
    seed: int,
) -> None:
    """First without the framework, if it can be; whatever it would have said then is the same."""
    dice, changes = random.Random(seed), Changes(people, threads)
    names = [name for name in browsers if name != "applicant"]
    kinds = ["public", "network", "closed", "topic", "nameless"]
    told_early = 0
    for _step in range(120):
        act, kind, name = dice.choice(changes.all), dice.choice(kinds), dice.choice(names)
        with write() as session:
            changes.let_in(session, changes.people[name])
            if dice.random() < 0.5:
                changes.open_up(session, changes.threads[kind])
        thread = db.session.get_one(Thread, changes.threads[kind])
        both_ways(browsers[name], address_of(thread))
        with write() as session:
            act(session, dice)
        address = address_of(db.session.get_one(Thread, changes.threads[kind]))
        peek = {"Sec-Purpose": "prefetch"}  # leaves no mark that the other one would see
        with framework_asked(app) as asked:
            got = told(browsers[name].get(address, headers=peek))
        told_early += not asked
        assert got == told(browsers[name].get(address, headers=peek | LONG_WAY)), (act, kind, name)

    assert told_early > 20
    assert len(fragments()) > 0
