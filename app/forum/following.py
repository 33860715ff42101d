"""How much a person wants to hear of a thread (spec/forum 5.4)."""

from __future__ import annotations

from app.accounts.models import User
from app.core.db import db
from app.core.jobs import insert_once
from app.forum.enums import FollowLevel
from app.forum.models import Thread
from app.forum.reader_models import ThreadRead


def follow(thread: Thread, person: User, level: FollowLevel = FollowLevel.FOLLOWING) -> None:
    """Set the level. How far the person has read stays as it is."""
    _reading(thread, person).level = level
    db.session.flush()


def follow_own_words(thread: Thread, author: User) -> None:
    """Who starts or replies follows from then on, unless they chose a level themselves."""
    reading = _reading(thread, author)
    if reading.level is FollowLevel.NORMAL:
        reading.level = FollowLevel.FOLLOWING
    db.session.flush()


def _reading(thread: Thread, person: User) -> ThreadRead:
    key = {"user_id": person.id, "thread_id": thread.id}
    insert_once(ThreadRead, {**key, "last_read": 0, "level": FollowLevel.NORMAL})
    return db.session.get_one(ThreadRead, (person.id, thread.id))
