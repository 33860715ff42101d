"""Mails about places, requests and offers that lapse, lists that move. Each is safe to do twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import job
from app.core.outbox import post_mail
from app.core.periodic import periodic
from app.webinars import clearing, offering, registering, seats, transferring
from app.webinars.emails import places
from app.webinars.enums import RegistrationState, Status
from app.webinars.jobs._posting import held, not_held_fact, post_once, transfer_held, webinar_held
from app.webinars.models import Registration
from app.webinars.phases import is_coming, is_over


@job("webinars.send_not_held")
def send_not_held(registration_id: int) -> None:
    registration, webinar = held(registration_id)
    if webinar.status == Status.CANCELLED:
        post_once(places.not_held(registration), registration, not_held_fact(webinar))


@job("webinars.send_confirm_link")
def send_confirm_link(registration_id: int, asked: str) -> None:
    registration, webinar = held(registration_id)
    if registration.state == RegistrationState.PENDING_EMAIL and not is_over(webinar, utcnow()):
        post_once(places.confirm_address(registration), registration, f"confirm:{asked}")


@job("webinars.send_own_link")
def send_own_link(registration_id: int, asked: str) -> None:
    registration, webinar = held(registration_id)
    if registration.state in registering.PLACED and not is_over(webinar, utcnow()):
        post_once(places.own_link(registration), registration, f"own_link:{asked}")


@job("webinars.send_waitlisted")
def send_waitlisted(registration_id: int) -> None:
    registration, _ = held(registration_id)
    if registration.state == RegistrationState.WAITLISTED:
        fact = f"waitlisted:{registration.queued_at.isoformat()}"
        post_once(places.waitlisted(registration), registration, fact)


@job("webinars.send_pending")
def send_pending(registration_id: int) -> None:
    registration, webinar = held(registration_id)
    is_pending = registration.state == RegistrationState.PENDING_APPROVAL
    if is_pending and is_coming(webinar, utcnow()):
        fact = f"pending:{registration.queued_at.isoformat()}"
        post_once(places.pending(registration), registration, fact)


@job("webinars.send_rejected")
def send_rejected(registration_id: int) -> None:
    registration, _ = held(registration_id)
    if registration.state == RegistrationState.REJECTED:
        fact = f"rejected:{registration.queued_at.isoformat()}"
        post_once(places.rejected(registration), registration, fact)


@job("webinars.send_offer")
def send_offer(registration_id: int, offered_at: str) -> None:
    registration, webinar = held(registration_id)
    made_at = datetime.fromisoformat(offered_at)
    is_this = offering.is_open(registration) and registration.offered_at == made_at
    if is_this and is_coming(webinar, utcnow()):
        post_once(places.offer(registration), registration, f"offer:{offered_at}")


@job("webinars.end_offer")
def end_offer(registration_id: int, offered_at: str) -> None:
    registration, _ = held(registration_id)
    offering.expire(registration, datetime.fromisoformat(offered_at))


@job("webinars.send_transfer")
def send_transfer(transfer_id: int) -> None:
    transfer, giver = transfer_held(transfer_id)
    if transferring.is_open(transfer):
        message = places.transfer(transfer, giver)
        post_mail(message, transfer.to_email, f"webinars.transfer:{transfer.id}")


@job("webinars.send_series")
def send_series(registration_ids: list[int]) -> None:
    """One mail with all dates, counted as a mail of each session."""
    rows = sorted(_all_held(registration_ids), key=lambda row: (row.webinar.sorts_at, row.id))
    if not rows:
        return
    first, *others = rows
    fact = f"series:{first.queued_at.isoformat()}"
    post_once(places.whole_series([first, *others]), first, fact)
    for registration in others:
        registration.last_mailed_at = first.last_mailed_at


def _all_held(registration_ids: list[int]) -> list[Registration]:
    """In the order in which everybody locks several webinars."""
    mine = select(Registration.id).where(Registration.id.in_(registration_ids))
    ids = db.session.scalars(mine.order_by(Registration.webinar_id)).all()
    return [held(registration_id)[0] for registration_id in ids]


@job("webinars.release_kept")
def release_kept(webinar_id: int) -> None:
    seats.promote(webinar_held(webinar_id))


@periodic("webinars.move_lists_up", every=timedelta(hours=1))
def move_lists_up() -> None:
    """Whatever freed a seat without saying so, say a membership that ended or a later zone."""
    for webinar_id in db.session.scalars(seats.webinars_with_a_line()).all():
        seats.promote(seats.hold(webinar_id))


@periodic("webinars.forget_answers", every=timedelta(days=1))
def forget_answers() -> None:
    clearing.forget_answers()


@job("webinars.expire")
def expire(registration_id: int, queued_at: str) -> None:
    registration, _ = held(registration_id)
    registering.expire(registration, datetime.fromisoformat(queued_at))
