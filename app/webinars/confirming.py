"""Answers of calendars whose sender is not proven: the person confirms them on a page."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.webinars import answering, inviting
from app.webinars.answer_order import Answer
from app.webinars.answering import ANSWERS, Effect
from app.webinars.models import Registration
from app.webinars.place_models import UnverifiedReply

ASK_AGAIN_AFTER = timedelta(days=1)


def ask_to_confirm(registration: Registration, given: Answer) -> bool:
    """Keep the answer and change nothing else. Mail a link at most once a day; say whether."""
    if given.partstat not in ANSWERS:
        return False
    answering.held(registration)
    latest = _latest(registration)
    if latest is not None and latest.asked_at and utcnow() - latest.asked_at < ASK_AGAIN_AFTER:
        return False
    reply = UnverifiedReply(
        registration_id=registration.id,
        partstat=given.partstat,
        sequence=given.sequence,
        dtstamp=given.dtstamp,
        comment=given.comment,
        delegate=given.delegate,
        token=secrets.token_urlsafe(32),
        received_at=utcnow(),
        asked_at=utcnow(),
    )
    db.session.add(reply)
    db.session.flush()
    enqueue("webinars.send_confirm_answer", f"{reply.id}", reply_id=reply.id)
    return True


def confirm(reply: UnverifiedReply) -> Effect:
    """The person says the answer is theirs: it counts from now. Twice is once."""
    registration = registration_of(reply)
    webinar = answering.held(registration)
    db.session.scalars(locked(_by_id(reply.id))).one()
    if reply.confirmed_at is not None:
        return Effect.OLD
    reply.confirmed_at = utcnow()
    said_now = Answer(
        partstat=reply.partstat,
        sequence=inviting.last_sequence(registration, webinar),
        dtstamp=utcnow(),
        comment=reply.comment,
        delegate=reply.delegate,
        starts_at=webinar.starts_at,
    )
    return answering.answer(registration, said_now)


def one_unverified(token: str) -> Select[UnverifiedReply]:
    """What the link in the mail opens."""
    return select(UnverifiedReply).where(UnverifiedReply.token == token)


def registration_of(reply: UnverifiedReply) -> Registration:
    mine = select(Registration).where(Registration.id == reply.registration_id)
    return db.session.scalars(mine.options(joinedload(Registration.webinar))).one()


def unverified_by_id(reply_id: int) -> UnverifiedReply | None:
    return db.session.scalars(_by_id(reply_id)).one_or_none()


def _by_id(reply_id: int) -> Select[UnverifiedReply]:
    return select(UnverifiedReply).where(UnverifiedReply.id == reply_id)


def _latest(registration: Registration) -> UnverifiedReply | None:
    mine = select(UnverifiedReply).where(UnverifiedReply.registration_id == registration.id)
    return db.session.scalars(mine.order_by(UnverifiedReply.id.desc()).limit(1)).first()
