"""What a person may do in a topic."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

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
        return READ_ONLY if topic.visibility == Visibility.PUBLIC else NONE
    granted = _granted(viewer, topic)
    everybody = topic.visibility in {Visibility.PUBLIC, Visibility.NETWORK}
    steward = granted.is_steward
    return Rights(
        can_read=everybody or steward or granted.can_read,
        can_reply=everybody or steward or granted.can_reply,
        can_start=everybody or steward or granted.can_start,
        is_steward=steward,
    )


def can_start_thread(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).can_start


def can_reply_in(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).can_reply


def is_steward(viewer: User | None, topic: Topic) -> bool:
    return rights_in(viewer, topic).is_steward


def _granted(viewer: User, topic: Topic) -> Rights:
    own = (
        exists()
        .where(TopicGrant.topic_id == topic.id)
        .where(GroupMember.group_id == TopicGrant.group_id, GroupMember.user_id == viewer.id)
    )
    steward = exists().where(TopicSteward.topic_id == topic.id, TopicSteward.user_id == viewer.id)
    row = db.session.execute(
        select(
            own.where(TopicGrant.can_read.is_(True)),
            own.where(TopicGrant.can_reply.is_(True)),
            own.where(TopicGrant.can_start.is_(True)),
            steward,
        )
    ).one()
    return Rights(*(bool(value) for value in row))
