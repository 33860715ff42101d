"""Which topics a person sees, reads and may write in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.accounts.models import User
from app.accounts.queries import group_ids_of, member_ids_of, users_among
from app.core.enums import Visibility
from app.topics.models import Topic, TopicGrant, TopicSteward

IN_ORDER = (Topic.number, Topic.id)
NETWORK_WIDE = (Visibility.PUBLIC, Visibility.NETWORK)


def topics_listed_to(viewer: User | None) -> Select[Topic]:
    """Topics whose names the viewer may know. A closed topic shows its name to anyone."""
    return select(Topic).where(listed_to(viewer)).order_by(*IN_ORDER)


def topics_readable_by(viewer: User | None) -> Select[Topic]:
    """Topics whose threads the viewer may read."""
    return select(Topic).where(readable_by(viewer)).order_by(*IN_ORDER)


def topics_to_start_in(viewer: User) -> Select[Topic]:
    """Topics in which the viewer may start a thread."""
    return select(Topic).where(writable_by(viewer, TopicGrant.can_start)).order_by(*IN_ORDER)


def one_topic(viewer: User | None, slug: str) -> Select[Topic]:
    """The topic of this address, if the viewer may know its name."""
    return topics_listed_to(viewer).where(Topic.slug == slug)


def slug_is(slug: str) -> ColumnElement[bool]:
    return Topic.slug == slug


def one_readable_topic(viewer: User | None, slug: str) -> Select[Topic]:
    """The slug as somebody sent it: PostgreSQL takes no NUL in a text, not even to compare."""
    return topics_readable_by(viewer).where(Topic.slug == slug if slug.isprintable() else false())


def topic_by_id(topic_id: int) -> Select[Topic]:
    """For activities and jobs that were given the id by someone who may see it."""
    return select(Topic).where(Topic.id == topic_id)


def steward_ids_of(topic: Topic) -> Select[int]:
    return select(TopicSteward.user_id).where(TopicSteward.topic_id == topic.id)


def stewards_of(topic: Topic) -> Select[User]:
    return users_among(steward_ids_of(topic))


def listed_to(viewer: User | None) -> ColumnElement[bool]:
    return or_(Topic.visibility == Visibility.CLOSED, readable_by(viewer))


def readable_by(viewer: User | None) -> ColumnElement[bool]:
    """The condition under which a topic's threads are the viewer's to read."""
    if viewer is None or not viewer.is_approved:
        return Topic.visibility == Visibility.PUBLIC
    return writable_by(viewer, TopicGrant.can_read)


def writable_by(viewer: User, right: Any) -> ColumnElement[bool]:
    """Network-wide topics belong to every approved member, others to grants and stewards."""
    granted = select(TopicGrant.topic_id).where(
        right.is_(True), TopicGrant.group_id.in_(group_ids_of(viewer))
    )
    stewarded = select(TopicSteward.topic_id).where(TopicSteward.user_id == viewer.id)
    return or_(Topic.visibility.in_(NETWORK_WIDE), Topic.id.in_(granted), Topic.id.in_(stewarded))


def reads(topic: Topic) -> ColumnElement[bool]:
    """The condition on approved people: `readable_by` seen from the topic's side."""
    if topic.visibility in NETWORK_WIDE:
        return true()
    granted = select(TopicGrant.group_id).where(
        TopicGrant.topic_id == topic.id, TopicGrant.can_read.is_(True)
    )
    return or_(User.id.in_(member_ids_of(granted)), User.id.in_(steward_ids_of(topic)))
