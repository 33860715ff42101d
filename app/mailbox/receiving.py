"""Keeping a mail that came in, once, before anything else is done with it."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue, insert_once
from app.mailbox.enums import Outcome
from app.mailbox.errors import Unusable
from app.mailbox.letters import clean
from app.mailbox.models import InboundMail

MOST_BYTES = 10 * 1024 * 1024
LONGEST_ADDRESS = 254
TOO_LARGE = "It is larger than 10 MB: only its head is here."


def receive(raw: bytes, *, sender: str = "", recipient: str = "") -> None:
    """Keep a mail and queue what is to be done with it. The same bytes are one mail.

    `sender` and `recipient` are those of the envelope. Raise Unusable for nothing and for what
    is larger than any answer.
    """
    if not raw.strip():
        raise Unusable("There is no mail.")
    if len(raw) > MOST_BYTES:
        raise Unusable("The mail is larger than 10 MB.")
    mail_id = _kept(raw, sender, recipient)
    enqueue("mailbox.take_in", f"{mail_id}", mail_id=mail_id)


def keep_head(head: bytes) -> None:
    """Of a mail that is too large: what stands before the text, for the office."""
    mail = mail_held(_kept(head[:MOST_BYTES] or b"\n", "", ""))
    if mail is not None:
        mail.outcome, mail.detail = Outcome.KEPT_ASIDE, TOO_LARGE


def mail_held(mail_id: int) -> InboundMail | None:
    """The row, locked."""
    return db.session.scalars(
        locked(select(InboundMail).where(InboundMail.id == mail_id))
    ).one_or_none()


def raw_of(mail_id: int) -> bytes:
    """The bytes as they came; empty when the mail is gone."""
    mine = select(InboundMail.raw).where(InboundMail.id == mail_id)
    return db.session.scalars(mine).one_or_none() or b""


def _kept(raw: bytes, sender: str, recipient: str) -> int:
    digest = hashlib.sha256(raw).hexdigest()
    values = {
        "sha256": digest,
        "raw": raw,
        "envelope_from": clean(sender).strip()[:LONGEST_ADDRESS],
        "envelope_to": clean(recipient).strip()[:LONGEST_ADDRESS],
        "subject": "",
        "received_at": utcnow(),
        "outcome": Outcome.WAITING,
        "detail": "",
    }
    insert_once(InboundMail, values)
    same = select(InboundMail.id).where(InboundMail.sha256 == digest)
    return db.session.scalars(same).one()
