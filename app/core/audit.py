"""Who did what to whom, kept for the people responsible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db


class AuditEntry(Base):
    """`act` is domain.verb ("webinars.cancel"); `thing` names the object ("webinar:7")."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    act: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(80), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(actor_id: int | None, act: str, thing: str, **details: Any) -> None:
    """Write one line of the audit log inside the running transaction."""
    db.session.add(
        AuditEntry(at=utcnow(), actor_id=actor_id, act=act, thing=thing, details=details)
    )
