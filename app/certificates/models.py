"""Certificates of attendance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.webinars.models import Registration, Webinar

VALID = text("revoked_at IS NULL")


class Certificate(Base):
    """What was certified then; `code` opens the check page. A registration has one valid one.

    It outlives the registration, so what it says is kept here. `minutes` None: an organiser
    ticked the person off.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_valid",
            "registration_id",
            unique=True,
            sqlite_where=VALID,
            postgresql_where=VALID,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL")
    )
    name: Mapped[str] = mapped_column(String(120))
    city_label: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(8))
    minutes: Mapped[int | None]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")

    webinar: Mapped[Webinar] = relationship()
    registration: Mapped[Registration | None] = relationship()
