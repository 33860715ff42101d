"""What a person may do in a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, null, select

from app.accounts.models import GroupMember, User
from app.core.db import db
from app.core.enums import Visibility
from app.topics.models import Topic, TopicGrant, TopicSteward


@dataclass(frozen=True)
class Rights:
    """All answers about one viewer and one topic, read in one statement."""

    can_read: bool
    can_reply: bool
    can_start: bool
    is_steward: bool


NONE = Rights(can_read=False, can_reply=False, can_start=False, is_steward=False)
READ_ONLY = Rights(can_read=True, can_reply=False, can_start=False, is_steward=False)


def rights_in(viewer: User | None, topic: Topic) -> Rights:
    """The union of what the viewer's groups may do. Stewards may do everything."""
    if viewer is None or not viewer.is_approved:
        return rights_of(viewer, topic.visibility, ())
    row = db.session.execute(select(*rights_columns(viewer, topic.id))).one()
    return rights_of(viewer, topic.visibility, row)


def rights_columns(viewer: User | None, topic_id: Any = Topic.id) -> tuple[Any, ...]:
    """Read, reply, start, steward: for a statement that has the topic in it anyway."""
    if viewer is None or not viewer.is_approved:
        return (null(), null(), null(), null())
    own = (
        exists()
        .where(TopicGrant.topic_id == topic_id)
        .where(GroupMember.group_id == TopicGrant.group_id, GroupMember.user_id == viewer.id)
    )
    steward = exists().where(TopicSteward.topic_id == topic_id, TopicSteward.user_id == viewer.id)
    return (
        own.where(TopicGrant.can_read.is_(True)).label("may_read"),
        own.where(TopicGrant.can_reply.is_(True)).label("may_reply"),
        own.where(TopicGrant.can_start.is_(True)).label("may_start"),
        steward.label("is_steward"),
    )


def rights_of(viewer: User | None, visibility: Visibility, values: Sequence[Any]) -> Rights:
    """What the values of `rights_columns` mean in a topic with this visibility."""
    if viewer is None or not viewer.is_approved:
        return READ_ONLY if visibility == Visibility.PUBLIC else NONE
    can_read, can_reply, can_start, steward = (bool(value) for value in values)
    everybody = steward or visibility in {Visibility.PUBLIC, Visibility.NETWORK}
    return Rights(
        can_read=everybody or can_read,
        can_reply=everybody or can_reply,
        can_start=everybody or can_start,
        is_steward=steward,
    )


def can_start_thread(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).can_start


def can_reply_in(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).can_reply


def is_steward(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).is_steward
