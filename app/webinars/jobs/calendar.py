"""Calendar mails that follow from registering, changing and cancelling. Twice is once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from app.core.clock import utcnow
from app.core.jobs import job
from app.webinars import inviting, seats
from app.webinars.emails import calendar, places
from app.webinars.enums import RegistrationState, Status
from app.webinars.jobs._posting import (
    held,
    not_held_fact,
    post_calendar_mail,
    post_once,
    webinar_held,
)
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_over


@job("webinars.tell_change")
def tell_change(webinar_id: int, sequence: int, before: dict[str, str]) -> None:
    inviting.ask_everybody_again(webinar_held(webinar_id), sequence, before)


@job("webinars.tell_cancelled")
def tell_cancelled(webinar_id: int) -> None:
    inviting.cancel_everybody(webinar_held(webinar_id))


@job("webinars.tell_postponed")
def tell_postponed(webinar_id: int) -> None:
    webinar = webinar_held(webinar_id)
    if webinar.status == Status.POSTPONED:
        inviting.postpone_everybody(webinar)


@job("webinars.tell_restored")
def tell_restored(webinar_id: int, sequence: int, before: dict[str, str]) -> None:
    inviting.ask_everybody_again(webinar_held(webinar_id), sequence, before, is_restored=True)


@job("webinars.send_request")
def send_request(
    registration_id: int,
    before: dict[str, str] | None = None,
    was_waiting: bool = False,
    is_restored: bool = False,
) -> None:
    """The invitation, or the update of somebody who was invited. Nothing when it is no news."""
    registration, webinar = held(registration_id)
    if not _is_coming(registration, webinar) or inviting.is_told(registration, webinar):
        return
    sequence = inviting.next_sequence(registration, webinar)
    if registration.ics_last_method == "REQUEST":
        message = calendar.update(registration, sequence, before or {})
    elif is_restored and registration.ics_last_method == "CANCEL":
        message = calendar.restored(registration, sequence, before or {})
    else:
        message = calendar.invitation(
            registration,
            sequence,
            was_waiting=was_waiting,
            is_short_notice=was_waiting and _is_soon(webinar),
        )
    post_calendar_mail(message, registration, "REQUEST", sequence)


@job("webinars.send_request_again")
def send_request_again(registration_id: int, asked_at: str) -> None:
    """What the calendar has already, once more: same SEQUENCE, another DTSTAMP.

    Whatever was sent since it was asked for will do.
    """
    registration, webinar = held(registration_id)
    sent_at = registration.ics_last_sent_at
    if sent_at is not None and sent_at >= datetime.fromisoformat(asked_at):
        return
    if not inviting.is_told(registration, webinar):
        send_request(registration_id)
    elif _is_coming(registration, webinar):
        sequence = inviting.last_sequence(registration, webinar)
        message = calendar.invitation_again(registration, sequence)
        post_calendar_mail(message, registration, "REQUEST", sequence, again=asked_at)


@job("webinars.send_cancel")
def send_cancel(registration_id: int) -> None:
    """Take it out of the calendar of one person who withdrew, or of each when it is not held."""
    registration, webinar = held(registration_id)
    is_whole = webinar.status in {Status.CANCELLED, Status.POSTPONED}
    if not is_whole and registration.state == RegistrationState.CONFIRMED:
        return  # taken back meanwhile
    if registration.ics_last_method != "REQUEST":
        _tell_plainly(registration, webinar)
    elif not is_over(webinar, utcnow()):
        sequence = inviting.next_sequence(registration, webinar)
        message = _cancel_mail(registration, webinar)(registration, sequence)
        post_calendar_mail(message, registration, "CANCEL", sequence)


def _tell_plainly(registration: Registration, webinar: Webinar) -> None:
    """Who has a seat and nothing in the calendar: no invitation yet, or it was postponed."""
    if registration.state not in inviting.ON_THE_WAY:
        return
    on_hold = registration.state == RegistrationState.ON_HOLD
    is_new = registration.ics_last_method is None
    if webinar.status == Status.CANCELLED and (is_new or on_hold):
        post_once(places.not_held(registration), registration, not_held_fact(webinar))
    elif webinar.status == Status.POSTPONED and is_new:
        fact = f"postponed:{webinar.sequence}"
        post_once(places.postponed(registration), registration, fact)


def _cancel_mail(
    registration: Registration, webinar: Webinar
) -> Callable[[Registration, int], EmailMessage]:
    if registration.state == RegistrationState.CANCELLED:
        return calendar.withdrawal
    is_postponed = webinar.status == Status.POSTPONED
    return calendar.postponement if is_postponed else calendar.cancellation


def _is_coming(registration: Registration, webinar: Webinar) -> bool:
    return (
        registration.state == RegistrationState.CONFIRMED
        and webinar.status == Status.PUBLISHED
        and not is_over(webinar, utcnow())
    )


def _is_soon(webinar: Webinar) -> bool:
    return webinar.starts_at is not None and webinar.starts_at - utcnow() < seats.SHORT_NOTICE
