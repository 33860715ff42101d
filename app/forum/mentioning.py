"""People and cities named in posts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_handles
from app.core.db import db
from app.forum.models import Post
from app.forum.queries import readers_of
from app.forum.reader_models import CityMention, Mention
from app.network.queries import city_ids_by_slugs

MOST_MENTIONS = 10  # a post, people and cities together (spec/forum 5.12)


def mention(post: Post, handles: Sequence[str], most: int = MOST_MENTIONS) -> list[User]:
    """Store who is named and may read the thread; return those who were not named before.

    Nobody is told of a thread they cannot see, and an author is not told of their own words.
    What is nobody's handle may be a city's.
    """
    named = handles[:most]
    people = users_by_handles(named)
    _mention_cities(post, [handle for handle in named if handle not in people])
    if not people:
        return []
    known = set(db.session.scalars(select(Mention.user_id).where(Mention.post_id == post.id)))
    new = {user.id for user in people.values()} - known - {post.author_id}
    if not new:
        return []
    added = db.session.scalars(readers_of(post.thread).where(User.id.in_(new))).all()
    db.session.add_all(Mention(post_id=post.id, user_id=person.id) for person in added)
    db.session.flush()
    return list(added)


def _mention_cities(post: Post, slugs: Sequence[str]) -> None:
    if not slugs:
        return
    known = select(CityMention.city_id).where(CityMention.post_id == post.id)
    new = set(db.session.scalars(city_ids_by_slugs(slugs))) - set(db.session.scalars(known))
    db.session.add_all(CityMention(post_id=post.id, city_id=city_id) for city_id in sorted(new))
    db.session.flush()
