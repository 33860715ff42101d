"""People named in posts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_handles
from app.core.db import db
from app.forum.models import Post
from app.forum.queries import one_thread
from app.forum.reader_models import Mention

MOST_MENTIONS = 10  # a post (spec/forum 5.12)


def mention(post: Post, handles: Sequence[str]) -> list[User]:
    """Store who is named and may read the thread; return those who were not named before.

    Nobody is told of a thread they cannot see, and an author is not told of their own words.
    """
    known = set(db.session.scalars(select(Mention.user_id).where(Mention.post_id == post.id)))
    people = users_by_handles(handles[:MOST_MENTIONS]).values()
    added = [
        person
        for person in people
        if person.id not in known and person.id != post.author_id and _sees(person, post.thread_id)
    ]
    db.session.add_all(Mention(post_id=post.id, user_id=person.id) for person in added)
    db.session.flush()
    return added


def _sees(person: User, thread_id: int) -> bool:
    return db.session.scalars(one_thread(person, thread_id)).first() is not None
