"""Counts of people at several webinars at once, without names, and which webinars count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, load_only

from app.accounts.models import User
from app.core.db import db
from app.core.outbox import MailState, OutboxMail
from app.webinars.coming import has_come_column
from app.webinars.enums import CancelSource, RegistrationState, Status
from app.webinars.mail_plan import Reminder
from app.webinars.models import Registration, Webinar
from app.webinars.queries import organised_ids, past

SEATED = (RegistrationState.CONFIRMED, RegistrationState.ON_HOLD)
WITHDRAWN = (CancelSource.USER, CancelSource.CALENDAR)
REMINDER_KEYS = "webinars.reminder:"


def people_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """One row for each webinar that somebody registered for.

    `expected` had a seat or came; `reached` came or opened the summary.
    """
    withdrawn = and_(
        Registration.state == RegistrationState.CANCELLED, Registration.cancel_source.in_(WITHDRAWN)
    )
    counts = (
        _number(_is_proven()).label("registered"),
        _number(Registration.state.in_(SEATED)).label("confirmed"),
        _number(withdrawn).label("withdrawn"),
        _number(Registration.opened_summary.is_(True)).label("readers"),
        *_turnout(),
    )
    return _grouped(ids, (Registration.webinar_id,), counts)


def cities_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    return _grouped(ids, (Registration.webinar_id, Registration.city_id), _turnout())


def languages_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    return _grouped(ids, (Registration.webinar_id, Registration.language), _turnout())


def reminders_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """How many reminders were sent, and how many found no way to their address."""
    is_one = and_(
        OutboxMail.recipient == Registration.email,
        OutboxMail.key.startswith(REMINDER_KEYS),
        OutboxMail.key.like(literal("%:") + cast(Registration.id, String)),
        ~OutboxMail.key.startswith(f"{REMINDER_KEYS}{Reminder.AFTER.value}:"),
    )
    counted = (
        select(
            Registration.webinar_id,
            _number(OutboxMail.state == MailState.SENT).label("sent"),
            _number(OutboxMail.state == MailState.DEAD).label("bounced"),
        )
        .join(OutboxMail, is_one)
        .where(Registration.webinar_id.in_(ids))
    )
    return db.session.execute(counted.group_by(Registration.webinar_id)).all()


def over_before(moment: datetime, known: Select[int]) -> Select[Webinar]:
    """Webinars that ended before a moment, the oldest rows first, without those known already."""
    ended = func.coalesce(Webinar.ends_at, Webinar.sorts_at)
    over = (Webinar.status != Status.DRAFT, ended < moment, Webinar.id.not_in(known))
    shown = load_only(Webinar.waitlisted_most)
    return select(Webinar).where(*over).options(shown).order_by(Webinar.id)


def held_webinars(viewer: User | None, now: datetime) -> Select[Webinar]:
    """What took place and the viewer may see, the latest first."""
    took_place = Webinar.status.in_([Status.PUBLISHED, Status.ARCHIVED])
    return past(viewer, now).where(took_place).options(joinedload(Webinar.topic))


def managed_ids(viewer: User) -> set[int]:
    """Webinars that this person organises."""
    return set(db.session.scalars(organised_ids(viewer)))


def _grouped(ids: Collection[int], kinds: Any, counts: Any) -> Sequence[Any]:
    rows = select(*kinds, *counts).where(Registration.webinar_id.in_(ids)).group_by(*kinds)
    return db.session.execute(rows).all()


def _turnout() -> tuple[Any, ...]:
    came = has_come_column()
    expected = or_(Registration.state.in_(SEATED), came)
    return (
        _number(expected).label("expected"),
        _number(came).label("attended"),
        _number(or_(came, Registration.opened_summary.is_(True))).label("reached"),
    )


def _is_proven() -> ColumnElement[bool]:
    """Not the requests of addresses that nobody confirmed; an offer that lapsed was one's own."""
    lapsed = Registration.state == RegistrationState.EXPIRED
    unproven = or_(
        Registration.state == RegistrationState.PENDING_EMAIL,
        and_(lapsed, Registration.offered_at.is_(None)),
    )
    return ~unproven


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(cast(func.sum(case((condition, 1), else_=0)), Integer), 0)
