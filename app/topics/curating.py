"""Making topics and saying who may do what in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.accounts.models import Group, User
from app.core.clock import utcnow
from app.core.db import Words, db
from app.core.enums import Attribution, Visibility
from app.topics.enums import LineColour
from app.topics.errors import TopicExists
from app.topics.models import Topic, TopicGrant, TopicSteward


@dataclass(frozen=True)
class NewTopic:
    """What a topic starts with. `number` is what the badge shows; None: the next free one."""

    slug: str
    names: Words
    descriptions: Words = field(default_factory=dict)
    colour: LineColour = LineColour.PEOPLE
    number: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    attribution: Attribution = Attribution.OPEN
    is_demo: bool = False


def create_topic(new: NewTopic) -> Topic:
    """Open a topic. Raise TopicExists when its address is taken."""
    if db.session.scalar(select(Topic.id).where(Topic.slug == new.slug)):
        raise TopicExists
    topic = Topic(
        slug=new.slug,
        number=new.number or _next_number(),
        colour=new.colour,
        names=new.names,
        descriptions=new.descriptions,
        visibility=new.visibility,
        attribution=new.attribution,
        is_demo=new.is_demo,
        created_at=utcnow(),
    )
    db.session.add(topic)
    db.session.flush()
    return topic


def grant(
    topic: Topic, group: Group, *, can_reply: bool = True, can_start: bool = True
) -> TopicGrant:
    """Let a group read the topic, and reply and start threads unless said otherwise.

    Who may start may reply. A second grant replaces the first.
    """
    given = db.session.get(TopicGrant, (topic.id, group.id))
    if given is None:
        given = TopicGrant(topic_id=topic.id, group_id=group.id)
        db.session.add(given)
    given.can_read = True
    given.can_reply = can_reply or can_start
    given.can_start = can_start
    db.session.flush()
    return given


def appoint_steward(topic: Topic, person: User) -> None:
    """Make a person responsible for the topic. Doing it twice changes nothing."""
    if db.session.get(TopicSteward, (topic.id, person.id)) is None:
        db.session.add(TopicSteward(topic_id=topic.id, user_id=person.id))
        db.session.flush()


def _next_number() -> int:
    return (db.session.scalar(select(func.max(Topic.number))) or 0) + 1
