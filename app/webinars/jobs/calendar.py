"""Calendar mails that follow from registering, changing and cancelling. Twice is once."""

from __future__ import annotations

from app.core.clock import utcnow
from app.core.jobs import job
from app.webinars import inviting, seats
from app.webinars.emails import calendar, places
from app.webinars.enums import RegistrationState, Status
from app.webinars.jobs._posting import held, post_calendar_mail, post_once, webinar_held
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_over


@job("webinars.tell_change")
def tell_change(webinar_id: int, sequence: int, before: dict[str, str]) -> None:
    inviting.ask_everybody_again(webinar_held(webinar_id), sequence, before)


@job("webinars.tell_cancelled")
def tell_cancelled(webinar_id: int) -> None:
    inviting.cancel_everybody(webinar_held(webinar_id))


@job("webinars.send_request")
def send_request(
    registration_id: int, before: dict[str, str] | None = None, was_waiting: bool = False
) -> None:
    """The invitation, or the update of somebody who was invited. Nothing when it is no news."""
    registration, webinar = held(registration_id)
    if not _is_coming(registration, webinar) or inviting.is_told(registration, webinar):
        return
    sequence = inviting.next_sequence(registration, webinar)
    if registration.ics_last_method == "REQUEST":
        message = calendar.update(registration, sequence, before or {})
    else:
        message = calendar.invitation(
            registration,
            sequence,
            was_waiting=was_waiting,
            is_short_notice=was_waiting and _is_soon(webinar),
        )
    post_calendar_mail(message, registration, "REQUEST", sequence)


@job("webinars.send_cancel")
def send_cancel(registration_id: int) -> None:
    """Take it out of the calendar of one person who withdrew, or of each when it is not held."""
    registration, webinar = held(registration_id)
    whole = webinar.status == Status.CANCELLED
    if not whole and registration.state != RegistrationState.CANCELLED:
        return
    if registration.ics_last_method != "REQUEST":
        if whole and registration.ics_last_method is None:
            post_once(places.not_held(registration), registration, "not_held")
        return
    if is_over(webinar, utcnow()):
        return
    sequence = inviting.next_sequence(registration, webinar)
    compose = calendar.cancellation if whole else calendar.withdrawal
    post_calendar_mail(compose(registration, sequence), registration, "CANCEL", sequence)


def _is_coming(registration: Registration, webinar: Webinar) -> bool:
    return (
        registration.state == RegistrationState.CONFIRMED
        and webinar.status == Status.PUBLISHED
        and not is_over(webinar, utcnow())
    )


def _is_soon(webinar: Webinar) -> bool:
    return webinar.starts_at is not None and webinar.starts_at - utcnow() < seats.SHORT_NOTICE
