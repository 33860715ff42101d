"""What a webinar came to, without names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class WebinarFigures(Base):
    """Counts of one webinar as they were when its registrations were deleted (spec/webinars 6.1).

    While `frozen_at` is None, `figures` is empty and the counts are taken from the rows.
    `summary_opened` and `recording_opened` count followed links, no person.
    """

    __tablename__ = "webinar_figures"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    summary_opened: Mapped[int] = mapped_column(default=0)
    recording_opened: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    frozen_at: Mapped[datetime | None]


class CityNudge(Base):
    """A city's contacts were told once that nobody of theirs was at a webinar."""

    __tablename__ = "city_nudge"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(
        ForeignKey("city.id", ondelete="CASCADE"), primary_key=True
    )
    nudged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]
