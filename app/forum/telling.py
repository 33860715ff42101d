"""Who is to be told of what in conversations, for the domains that tell them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, select, union
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.db import db
from app.core.prepared import Prepared
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable, thread_is_visible
from app.forum.reader_models import CityMention, Mention, ThreadRead, TopicReading
from app.topics.models import Topic

KEEPS_UP = (FollowLevel.FOLLOWING, FollowLevel.LOUD)


HEARS_OF_NEW = (FollowLevel.NEW, *KEEPS_UP)


def followers_of(thread: Thread) -> Select[int]:
    """Who hears of each reply: at this thread's level, or because the whole topic is loud.

    Ids only: the caller asks again, when it tells them, whether they may read the thread.
    """
    here = select(ThreadRead.user_id).where(
        ThreadRead.thread_id == thread.id, ThreadRead.level.in_(KEEPS_UP)
    )
    muted = _at_level(thread, FollowLevel.MUTED)
    in_topic = select(TopicReading.user_id).where(
        TopicReading.topic_id == thread.topic_id,
        TopicReading.level == FollowLevel.LOUD,
        TopicReading.user_id.not_in(muted),
    )
    return _ids_in(here, in_topic)


def muters_of(thread: Thread) -> Select[int]:
    """Who wants to hear nothing: of this thread, or of its topic unless they follow this thread."""
    of_topic = select(TopicReading.user_id).where(
        TopicReading.topic_id == thread.topic_id,
        TopicReading.level == FollowLevel.MUTED,
        TopicReading.user_id.not_in(_at_level(thread, *KEEPS_UP)),
    )
    return _ids_in(_at_level(thread, FollowLevel.MUTED), of_topic)


def watchers_of_topic(topic: Topic) -> Select[int]:
    """Who hears of every new thread of a topic."""
    return select(TopicReading.user_id).where(
        TopicReading.topic_id == topic.id, TopicReading.level.in_(HEARS_OF_NEW)
    )


def some_watchers(topic: Topic, after_id: int, most: int) -> Select[int]:
    """The next of them in the order of their ids."""
    found = watchers_of_topic(topic).where(TopicReading.user_id > after_id)
    return found.order_by(TopicReading.user_id).limit(most)


def _at_level(thread: Thread, *levels: FollowLevel) -> Select[int]:
    return select(ThreadRead.user_id).where(
        ThreadRead.thread_id == thread.id, ThreadRead.level.in_(levels)
    )


def _ids_in(*ids: Select[int]) -> Select[int]:
    every = union(*ids).subquery()
    return select(every.c.user_id)


def mentioned_ids(post: Post) -> Select[int]:
    return select(Mention.user_id).where(Mention.post_id == post.id)


def mentioned_city_ids(post: Post) -> Select[int]:
    return select(CityMention.city_id).where(CityMention.post_id == post.id)


def authors_of_numbers(thread_id: int, numbers: Collection[int]) -> Select[Any]:
    """Who wrote the readable posts with these numbers; the caller asks who may know."""
    return select(Post.author_id).where(
        Post.thread_id == thread_id,
        Post.number.in_(numbers),
        Post.author_id.is_not(None),
        post_is_readable(),
    )


def read_so_far(thread_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """The last number that each of these people has read; who read none is missing."""
    found = select(ThreadRead.user_id, ThreadRead.last_read).where(
        ThreadRead.thread_id == thread_id, ThreadRead.user_id.in_(user_ids)
    )
    return {row.user_id: row.last_read for row in db.session.execute(found)}


def is_read_by(person: User, thread_id: int) -> bool:
    """Whether somebody may read the thread, by the rule of all its pages."""
    values = {"thread_id": thread_id, **reader_values(person)}
    return _visible.first((kind_of(person),), **values) is not None


@Prepared
def _visible(reader: User | None) -> Select[int]:
    here = Thread.id == bindparam("thread_id", type_=Integer)
    return select(Thread.id).join(Thread.topic).where(thread_is_visible(reader), here)


def post_to_tell_of(post_id: int) -> Select[Post]:
    """For work queued by somebody who saw it: the post, unless it was removed meanwhile."""
    whole = joinedload(Post.thread).joinedload(Thread.topic)
    there = and_(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    found = select(Post).join(Post.thread).where(Post.id == post_id, post_is_readable(), there)
    return found.options(whole)


def thread_to_tell_of(thread_id: int) -> Select[Thread]:
    there = and_(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    return select(Thread).where(Thread.id == thread_id, there).options(joinedload(Thread.topic))


def writers_in(thread: Thread) -> Select[Any]:
    """Who wrote at least one readable post."""
    return (
        select(Post.author_id)
        .where(Post.thread_id == thread.id, Post.author_id.is_not(None), post_is_readable())
        .distinct()
    )
