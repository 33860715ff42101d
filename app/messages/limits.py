"""How often one account may write privately (spec/forum 5.9, 5.12)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, wait_turn
from app.core.rate_limit import DAY, Allowance, spend
from app.messages.errors import TooSoonToWrite
from app.messages.models import Conversation

MESSAGES = Allowance(20, DAY)
REPORTS = Allowance(20, DAY)
NEW_FOR = timedelta(hours=24)
GAP_OF_NEW = timedelta(minutes=10)


def check_message(author: User) -> None:
    """Raise AllowanceSpent. Call it inside `write()`, before writing."""
    spend("message", f"user:{author.id}", MESSAGES)


def check_start(author: User) -> None:
    """Raise AllowanceSpent, or TooSoonToWrite for somebody new."""
    wait_turn(f"messages of {author.id}")
    if author.approved_at is not None and author.approved_at > utcnow() - NEW_FOR:
        last = select(func.max(Conversation.created_at)).where(Conversation.starter_id == author.id)
        began_at = db.session.scalar(last)
        left = (began_at + GAP_OF_NEW - utcnow()).total_seconds() if began_at else 0
        if left > 0:
            raise TooSoonToWrite(-int(-left // 1))
    check_message(author)


def check_report(reporter: User) -> None:
    spend("report", f"user:{reporter.id}", REPORTS)
