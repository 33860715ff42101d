"""Comparing who reads topics that are not open to the whole network."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from app.accounts.queries import member_ids_of
from app.core.db import db
from app.topics.models import Topic, TopicGrant, TopicSteward


def reads_no_more(inner: Topic, outer: Topic) -> bool:
    """Whether all who read the inner topic may read the outer one: by its grants, not by chance."""
    granted = select(TopicGrant.group_id).where(*_reading(outer))
    new_group = exists().where(*_reading(inner), TopicGrant.group_id.not_in(granted))
    stewards = select(TopicSteward.user_id).where(TopicSteward.topic_id == outer.id)
    new_steward = exists().where(
        TopicSteward.topic_id == inner.id,
        TopicSteward.user_id.not_in(stewards),
        TopicSteward.user_id.not_in(member_ids_of(granted)),
    )
    return not db.session.scalar(select(or_(new_group, new_steward)))


def group_reads(topic: Topic, group_id: int) -> bool:
    found = select(TopicGrant.group_id).where(*_reading(topic), TopicGrant.group_id == group_id)
    return db.session.scalar(found) is not None


def only_group_of(topic: Topic) -> int | None:
    """The group that reads a topic, if it is the only one."""
    groups = db.session.scalars(select(TopicGrant.group_id).where(*_reading(topic))).all()
    return groups[0] if len(groups) == 1 else None


def _reading(topic: Topic) -> tuple[ColumnElement[bool], ...]:
    return (TopicGrant.topic_id == topic.id, TopicGrant.can_read.is_(True))
