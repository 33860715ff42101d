"""Mail that came in, kept whole for thirty days (spec/calendar 2.12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.mailbox.enums import Outcome


class InboundMail(Base):
    """One message, once: `sha256` of its bytes. `detail` says in English why it went that way."""

    __tablename__ = "inbound_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    envelope_from: Mapped[str] = mapped_column(String(254), default="")
    envelope_to: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.WAITING)
    detail: Mapped[str] = mapped_column(Text, default="")
    webinar_id: Mapped[int | None] = mapped_column(
        ForeignKey("webinar.id", ondelete="SET NULL"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL")
    )
