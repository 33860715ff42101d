"""Reporting a message, and what the organisers decide about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.messages.enums import ReportReason
from app.messages.errors import DecidedAlready, ReportedAlready
from app.messages.models import Message, MessageReport

CONTEXT = 5  # messages on each side of the reported one (spec/forum 5.1)


def report(message: Message, reporter: User, reason: ReportReason, words: str) -> MessageReport:
    """Ask the organisers to look at a message. Raise ReportedAlready."""
    known = select(MessageReport.id).where(
        MessageReport.message_id == message.id, MessageReport.reporter_id == reporter.id
    )
    if db.session.scalar(known) is not None:
        raise ReportedAlready
    made = MessageReport(
        message_id=message.id,
        reporter_id=reporter.id,
        reason=reason,
        words=words,
        created_at=utcnow(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def decide(report_id: int, actor: User, decision: str, is_removed: bool) -> None:
    """Keep or remove the message, with words for the log. Raise DecidedAlready."""
    found = select(MessageReport).where(MessageReport.id == report_id)
    row = db.session.scalars(locked(found)).one()
    if row.decided_at is not None:
        raise DecidedAlready
    row.decided_at, row.decided_by_id, row.decision = utcnow(), actor.id, decision
    if is_removed and row.message.deleted_at is None:
        row.message.deleted_at = row.decided_at
    act = "messages.remove" if is_removed else "messages.keep"
    record(actor.id, act, f"message:{row.message_id}", report=row.id)
    db.session.flush()


def around(report: MessageReport) -> Sequence[Message]:
    """What an organiser sees: the reported message and five on each side, nothing more."""
    number = report.message.number
    return db.session.scalars(
        select(Message)
        .where(
            Message.conversation_id == report.message.conversation_id,
            Message.number.between(number - CONTEXT, number + CONTEXT),
        )
        .order_by(Message.number)
    ).all()
