"""The practices people gather around."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.enums import Attribution, Visibility
from app.topics.enums import LineColour


class Topic(Base):
    """`number` is what the badge shows; `names` and `descriptions` map a language to a text."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[int]
    colour: Mapped[LineColour]
    names: Mapped[dict[str, str]]
    descriptions: Mapped[dict[str, str]]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    attribution: Mapped[Attribution] = mapped_column(default=Attribution.OPEN)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class TopicGrant(Base):
    """What a group may do in a topic. Start includes reply, reply includes read."""

    __tablename__ = "topic_grant"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    can_read: Mapped[bool] = mapped_column(default=True)
    can_reply: Mapped[bool] = mapped_column(default=True)
    can_start: Mapped[bool] = mapped_column(default=True)


class TopicSteward(Base):
    """A person who moderates a topic."""

    __tablename__ = "topic_steward"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
