"""What people say of a webinar afterwards: anonymous by construction (spec/webinars 6.6).

No column here names a person, a registration, a city or a moment. Keys are random, so they tell
no order, and each new answer rewrites all answers to its webinar in random order and in one
transaction, so that neither the place of a row nor its transaction tells who wrote it. That a
person answered stands on their registration alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.feedback.enums import SurveyKind


class Survey(Base):
    """Whether a webinar asks, and whether its line of results is public."""

    __tablename__ = "survey"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    is_wanted: Mapped[bool] = mapped_column(default=True)
    is_line_public: Mapped[bool] = mapped_column(default=False)


class SurveyQuestion(Base):
    """A question of the organiser's own, five at most."""

    __tablename__ = "survey_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SurveyKind] = mapped_column(default=SurveyKind.SCALE)


class FeedbackAnswer(Base):
    """One answer. `replies` maps the id of an own question to what was said."""

    __tablename__ = "feedback_answer"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    usefulness: Mapped[int | None]  # 1 to 5
    will_use: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    topic_wish: Mapped[str] = mapped_column(String(300), default="")
    replies: Mapped[dict[str, Any]] = mapped_column(default=dict)
