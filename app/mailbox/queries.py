"""Which mail that came in the office and organisers see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from app.mailbox.enums import Outcome
from app.mailbox.models import InboundMail


def all_mail(outcome: Outcome | None = None) -> Select[InboundMail]:
    """For admins, the latest first, without the bytes."""
    mails = select(InboundMail).order_by(InboundMail.id.desc())
    return mails.where(InboundMail.outcome == outcome) if outcome else mails


def one_mail(mail_id: int) -> Select[InboundMail]:
    return select(InboundMail).where(InboundMail.id == mail_id)


def forwarded_about(webinar: Any) -> Select[InboundMail]:
    """What people wrote about one webinar and its organisers were sent."""
    mine = select(InboundMail).where(
        InboundMail.webinar_id == webinar.id, InboundMail.outcome == Outcome.FORWARDED
    )
    return mine.order_by(InboundMail.id.desc()).limit(200)
