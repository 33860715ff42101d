"""What the audience asks before and during a webinar, and who wants to know it too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base
from app.forum.models import Post, Thread
from app.network.models import City
from app.questions.enums import QuestionState, Source
from app.webinars.models import AgendaItem, Registration, Webinar


class QuestionDesk(Base):
    """How a webinar takes questions, and the threads before and after it."""

    __tablename__ = "question_desk"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    is_moderated: Mapped[bool] = mapped_column(default=False)
    is_closed: Mapped[bool] = mapped_column(default=False)
    prep_thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="SET NULL"), index=True
    )
    followup_thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="SET NULL"), index=True
    )

    prep_thread: Mapped[Thread | None] = relationship(foreign_keys=[prep_thread_id])
    followup_thread: Mapped[Thread | None] = relationship(foreign_keys=[followup_thread_id])


class Question(Base):
    """`votes` counts `QuestionVote` rows. The asker is a member, or a guest by registration.

    `answered_at` with `answered_minute`, the minute of the webinar; `answer` is what was written
    instead of or besides. `post_id`: asked in the preparation thread. `thread_id`: what became of
    it in the forum, `replied_at` when its asker was told.
    """

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_webinar_state", "webinar_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey("webinar.id", ondelete="CASCADE"))
    asker_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id", ondelete="SET NULL"))
    is_unnamed: Mapped[bool] = mapped_column(default=False)  # the asker wants no name beside it
    body: Mapped[str] = mapped_column(String(1000))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    source: Mapped[Source] = mapped_column(default=Source.PAGE)
    votes: Mapped[int] = mapped_column(default=0)
    is_now: Mapped[bool] = mapped_column(default=False)  # being answered at this moment
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("question.id", ondelete="SET NULL"), index=True
    )
    agenda_item_id: Mapped[int | None] = mapped_column(
        ForeignKey("agenda_item.id", ondelete="SET NULL")
    )
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_minute: Mapped[int | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answer_html: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was dismissed
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="SET NULL"), unique=True
    )
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="SET NULL"), index=True
    )
    replied_at: Mapped[datetime | None]
    lock_version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship()
    asker: Mapped[User | None] = relationship(foreign_keys=[asker_id])
    registration: Mapped[Registration | None] = relationship()
    city: Mapped[City | None] = relationship()
    agenda_item: Mapped[AgendaItem | None] = relationship()
    post: Mapped[Post | None] = relationship()
    thread: Mapped[Thread | None] = relationship()


class QuestionVote(Base):
    """One person who wants to know it too: a member, or a guest by registration, never both.

    `via_id`: they voted for a question that was merged into this one; that vote stays there too.
    """

    __tablename__ = "question_vote"
    __table_args__ = (
        UniqueConstraint("question_id", "user_id"),
        UniqueConstraint("question_id", "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    via_id: Mapped[int | None] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
