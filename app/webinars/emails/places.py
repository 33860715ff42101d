"""Mails about a place that nothing in a calendar stands for yet."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from app.accounts.queries import person_by_email
from app.core.email import Recipient, compose
from app.core.i18n import _, speaking
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.core.tokens import sign
from app.webinars.emails._words import hours_of, plain
from app.webinars.entries import page_url
from app.webinars.enums import RegistrationState, Waiting
from app.webinars.hours import moment_words
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import SeatTransfer
from app.webinars.seats import place_in_line
from app.webinars.session_registering import asked_together
from app.webinars.words import state_words

CONFIRM = "webinars.confirm_address"


def not_held(registration: Registration) -> EmailMessage:
    """The webinar will not be held, to a person with nothing in the calendar."""
    return plain("webinar-cancelled", registration)


def postponed(registration: Registration) -> EmailMessage:
    """The webinar has no date for now, to a person with nothing in the calendar."""
    return plain("webinar-postponed", registration)


def confirm_address(registration: Registration) -> EmailMessage:
    """Ask a guest whether the address is theirs."""
    token = sign(CONFIRM, registration.id)
    link = absolute_url("registrations.confirm", token=token)
    count = len(asked_together(registration))
    return plain("webinar-confirm", registration, confirm_url=link, session_count=count)


def own_link(registration: Registration) -> EmailMessage:
    """The personal link again, to somebody who has a place."""
    return plain("webinar-own-link", registration)


def waitlisted(registration: Registration) -> EmailMessage:
    is_offered = registration.webinar.waiting == Waiting.OFFER
    place = place_in_line(registration)
    return plain("webinar-waitlisted", registration, place=place, is_offered=is_offered)


def pending(registration: Registration) -> EmailMessage:
    """The organisers decide who comes; there is no seat before."""
    return plain("webinar-pending", registration)


def rejected(registration: Registration) -> EmailMessage:
    return plain("webinar-rejected", registration)


def offer(registration: Registration) -> EmailMessage:
    """A seat is free, for a while, for this person."""
    with speaking(registration.language):
        until = moment_words(registration.offered_until, registration.timezone)
    link = absolute_url("registrations.show", token=registration.token)
    return plain("webinar-offer", registration, until=until, offer_url=link)


def transfer(transfer: SeatTransfer, giver: Registration) -> EmailMessage:
    """Ask a colleague whether they take the seat, in their own language where it is known."""
    member = person_by_email(transfer.to_email)
    language = (member.locale if member else "") or giver.language
    zone = member.timezone if member else giver.timezone
    webinar = giver.webinar
    with speaking(language):
        hours = hours_of(webinar.starts_at, webinar.ends_at, zone)
        until = moment_words(transfer.expires_at, zone)
    return compose(
        "webinar-transfer",
        Recipient(transfer.to_email, transfer.to_name or transfer.to_email, language, zone),
        webinar=webinar,
        giver=giver,
        until=until,
        page_url=page_url(webinar),
        transfer_url=absolute_url("transfers.show", token=transfer.token),
        **hours,
    )


def whole_series(registrations: Sequence[Registration]) -> EmailMessage:
    """All dates of a series in one mail, to a person who registered for all that are to come."""
    first = registrations[0]
    with speaking(first.language):
        sessions = [_session(registration) for registration in registrations]
    return plain(
        "webinar-series",
        first,
        sessions=sessions,
        series=first.webinar.series,
        feed_url=_feed_of(first.webinar),
    )


def _feed_of(webinar: Webinar) -> str:
    title = webinar.series.title if webinar.series else ""
    place = {"series_id": webinar.series_id, "slug": slugify(title)}
    return absolute_url("calendars.series_feed", **place)


def _session(registration: Registration) -> dict[str, str]:
    webinar = registration.webinar
    hours = hours_of(webinar.starts_at, webinar.ends_at, registration.timezone)
    return {
        "title": webinar.title,
        "when": hours["when"],
        "state": _yours(registration.state),
        "own_url": absolute_url("registrations.show", token=registration.token),
    }


def _yours(state: RegistrationState) -> str:
    words = {
        RegistrationState.CONFIRMED: _("You have a seat."),
        RegistrationState.WAITLISTED: _("All seats are taken: you are on the waiting list."),
        RegistrationState.PENDING_APPROVAL: _("The organisers decide about your request."),
    }
    return words.get(state) or state_words(state)
