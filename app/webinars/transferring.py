"""Passing a seat on to a colleague, who has it once they say yes (spec/ideas-webinars 2)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.queries import person_by_email
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.enums import Visibility
from app.core.jobs import enqueue
from app.webinars import registering, seats
from app.webinars.enums import CancelSource, RegistrationState, TransferSource
from app.webinars.errors import (
    ApprovedByPerson,
    NoSeatToGive,
    PassedOnToOneself,
    PassedOnTooOften,
    TooLateToPassOn,
    TransferOver,
)
from app.webinars.models import Registration, Webinar
from app.webinars.participants import Answers, Person, fill, reload, row_of, stays_out
from app.webinars.place_models import SeatTransfer
from app.webinars.queries import webinars_visible_to

ANSWER_WITHIN, ENDS_BEFORE_START = timedelta(hours=48), timedelta(hours=2)
MOST_A_DAY = 5


def offer_seat(
    registration: Registration, to_email: str, to_name: str, source: TransferSource
) -> SeatTransfer:
    """Ask a colleague by mail. The giver keeps the seat until they say yes.

    The same address again is the same offer; another address ends it. Who may not see the
    webinar is not asked, and the giver does not learn of it.
    """
    webinar = registering.hold_open(registration.webinar_id)
    reload(registration)
    _require_gift(webinar, registration, to_email)
    running = open_transfer(registration)
    if running is not None and running.to_email == to_email.lower():
        return running
    if running is not None:
        running.ended_at = utcnow()
    _require_patience(registration)
    return _asked(webinar, registration, to_email.lower(), to_name, source)


def call_back(transfer: SeatTransfer) -> None:
    """The giver keeps the seat after all. Twice is once; too late when it is accepted."""
    seats.hold(_giver_of(transfer).webinar_id)
    _reload(transfer)
    if transfer.accepted_at is not None:
        raise TransferOver
    transfer.ended_at = transfer.ended_at or utcnow()


def accept(transfer: SeatTransfer, person: Person) -> Registration:
    """Give the seat to the colleague: in the giver's calendar it ends, in theirs it begins.

    The seat is for the address that was asked, whoever `person` is. Twice is once. A colleague
    who has a seat already keeps it, and the given one goes to the waiting list.
    """
    giver = _giver_of(transfer)
    webinar = registering.hold_open(giver.webinar_id)
    reload(giver)
    _reload(transfer)
    if transfer.accepted_at is None:
        _require_open(transfer, giver)
    colleague = row_of(webinar, transfer.to_email)
    if transfer.accepted_at is not None:
        return colleague
    if colleague.state == RegistrationState.REJECTED or stays_out(colleague):
        raise TransferOver
    transfer.accepted_at = utcnow()
    _pass_on(webinar, giver, colleague, replace(person, email=transfer.to_email))
    return colleague


def is_open(transfer: SeatTransfer) -> bool:
    """Whether the colleague can still say yes."""
    return (
        transfer.accepted_at is None
        and transfer.ended_at is None
        and utcnow() < transfer.expires_at
        and _giver_of(transfer).state == RegistrationState.CONFIRMED
    )


def can_pass_on(registration: Registration) -> bool:
    """Whether this person may offer the seat to somebody now."""
    webinar = registration.webinar
    is_seated = registration.state == RegistrationState.CONFIRMED
    return is_seated and not webinar.needs_approval and ends_at(webinar) > utcnow()


def open_transfer(registration: Registration) -> SeatTransfer | None:
    """To whom this seat is offered now."""
    mine = select(SeatTransfer).where(
        SeatTransfer.registration_id == registration.id,
        SeatTransfer.accepted_at.is_(None),
        SeatTransfer.ended_at.is_(None),
        SeatTransfer.expires_at > utcnow(),
    )
    return db.session.scalars(mine.order_by(SeatTransfer.id.desc()).limit(1)).first()


def one_transfer(token: str) -> Select[SeatTransfer]:
    """What the link in a colleague's mail opens."""
    return select(SeatTransfer).where(SeatTransfer.token == token)


def giver_of(transfer: SeatTransfer) -> Registration:
    """Whose seat it is, with the webinar."""
    return _giver_of(transfer)


def may_receive(webinar: Webinar, email: str) -> bool:
    """Whether this address may learn of the webinar: anybody's, or a member's who sees it."""
    if webinar.visibility == Visibility.PUBLIC:
        return True
    member = person_by_email(email)
    seen = webinars_visible_to(member).where(Webinar.id == webinar.id)
    return member is not None and db.session.scalars(seen).first() is not None


def ends_at(webinar: Webinar) -> datetime:
    """Until when a seat that is offered now can be taken."""
    last = utcnow() + ANSWER_WITHIN
    return min(last, webinar.starts_at - ENDS_BEFORE_START) if webinar.starts_at else last


def _asked(
    webinar: Webinar, giver: Registration, email: str, name: str, source: TransferSource
) -> SeatTransfer:
    transfer = SeatTransfer(
        registration_id=giver.id,
        to_email=email,
        to_name=name.strip(),
        source=source,
        token=secrets.token_urlsafe(32),
        created_at=utcnow(),
        expires_at=ends_at(webinar),
    )
    db.session.add(transfer)
    db.session.flush()
    if may_receive(webinar, email):
        enqueue("webinars.send_transfer", f"{transfer.id}", transfer_id=transfer.id)
    return transfer


def _pass_on(webinar: Webinar, giver: Registration, colleague: Registration, to: Person) -> None:
    """Under the webinar's lock; the given seat is never free for a moment in between."""
    if colleague.state != RegistrationState.CONFIRMED:
        seat_of = replace(to, city_id=giver.city_id, city_label=giver.city_label)
        fill(colleague, seat_of, Answers(access_needs=colleague.access_needs or ""))
        colleague.cancelled_at = colleague.cancel_source = None
        colleague.queued_at, colleague.priority = giver.queued_at, giver.priority
        seats.confirm(webinar, colleague)
    registering.give_up(webinar, giver, CancelSource.TRANSFER)


def _require_gift(webinar: Webinar, registration: Registration, email: str) -> None:
    if registration.state != RegistrationState.CONFIRMED:
        raise NoSeatToGive
    if webinar.needs_approval:
        raise ApprovedByPerson
    if email.lower() == registration.email:
        raise PassedOnToOneself
    if ends_at(webinar) <= utcnow():
        raise TooLateToPassOn


def _require_patience(registration: Registration) -> None:
    """A seat is no way to mail strangers."""
    since = utcnow() - timedelta(days=1)
    today = select(func.count()).where(
        SeatTransfer.registration_id == registration.id, SeatTransfer.created_at > since
    )
    if (db.session.scalar(today) or 0) >= MOST_A_DAY:
        raise PassedOnTooOften


def _require_open(transfer: SeatTransfer, giver: Registration) -> None:
    webinar = giver.webinar
    may_have_it = not webinar.needs_approval and may_receive(webinar, transfer.to_email)
    if not is_open(transfer) or not may_have_it:
        raise TransferOver


def _giver_of(transfer: SeatTransfer) -> Registration:
    mine = select(Registration).where(Registration.id == transfer.registration_id)
    return db.session.scalars(mine.options(joinedload(Registration.webinar))).one()


def _reload(transfer: SeatTransfer) -> None:
    db.session.scalars(locked(select(SeatTransfer).where(SeatTransfer.id == transfer.id))).one()
