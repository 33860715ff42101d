"""Mail that waits to be sent: whole messages, written with the change that causes them."""

from __future__ import annotations

import uuid
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum

from flask import current_app
from sqlalchemy import Index, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.jobs import insert_once
from app.core.leases import Leased


class MailState(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class OutboxMail(Leased, Base):
    """One message to one recipient. Message-ID is fixed here, so a repeat carries the same one."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_due", "state", "run_at"),)
    READY, BUSY, DEAD = MailState.READY, MailState.SENDING, MailState.DEAD

    key: Mapped[str] = mapped_column(String(190), unique=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[MailState] = mapped_column(default=MailState.READY)
    sent_at: Mapped[datetime | None]


def was_posted(key: str) -> bool:
    """Whether a message with this key is in the outbox, sent or not."""
    return db.session.scalar(select(OutboxMail.id).where(OutboxMail.key == key)) is not None


def post_mail(
    message: EmailMessage, recipient: str, key: str, run_at: datetime | None = None
) -> None:
    """Put a message to exactly one recipient into the outbox of the running transaction.

    A known key is a no-op. The message gets its Message-ID and Date here, once.
    """
    now = utcnow()
    message_id = f"<{uuid.uuid4()}@{current_app.config['INBOUND_DOMAIN']}>"
    message["Message-ID"] = message_id
    message["Date"] = now
    insert_once(
        OutboxMail,
        {
            "key": key,
            "message_id": message_id,
            "recipient": recipient,
            "subject": str(message["Subject"]),
            "content": message.as_bytes(policy=SMTP),
            "state": MailState.READY,
            "run_at": run_at or now,
            "created_at": now,
            "attempts": 0,
            "lost_leases": 0,
        },
    )


def drop_waiting_mail(domain: str) -> None:
    """Forget mail that was not sent yet to anybody under this domain."""
    waiting = OutboxMail.state == MailState.READY
    to_domain = OutboxMail.recipient.endswith(f"@{domain}", autoescape=True)
    db.session.execute(delete(OutboxMail).where(waiting, to_domain))
