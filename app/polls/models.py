"""Quick polls of the live hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.polls.enums import PollState, ResultsShown
from app.webinars.models import Webinar


class QuickPoll(Base):
    """One question with a few answers. `voters` counts people, `QuickPollOption.votes` votes.

    Who chose what is shown to nobody, and forgotten the day after the webinar (`forgotten_at`):
    then only the numbers are left.
    """

    __tablename__ = "quick_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(300))
    is_multiple: Mapped[bool] = mapped_column(default=False)
    results: Mapped[ResultsShown] = mapped_column(default=ResultsShown.VOTED)
    state: Mapped[PollState] = mapped_column(default=PollState.DRAFT)
    voters: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]  # can be brought back for a day
    lock_version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship()
    options: Mapped[list[QuickPollOption]] = relationship(
        back_populates="poll", order_by="QuickPollOption.position", cascade="all, delete-orphan"
    )


class QuickPollOption(Base):
    __tablename__ = "quick_poll_option"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(
        ForeignKey("quick_poll.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    votes: Mapped[int] = mapped_column(default=0)

    poll: Mapped[QuickPoll] = relationship(back_populates="options")


class QuickPollVote(Base):
    """One person's one choice, while the webinar is on."""

    __tablename__ = "quick_poll_vote"
    __table_args__ = (
        Index("uq_quick_poll_vote_user", "option_id", "user_id", unique=True),
        Index("uq_quick_poll_vote_registration", "option_id", "registration_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(
        ForeignKey("quick_poll.id", ondelete="CASCADE"), index=True
    )
    option_id: Mapped[int] = mapped_column(ForeignKey("quick_poll_option.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
