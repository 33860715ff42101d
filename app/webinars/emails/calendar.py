"""Mails with a calendar part (spec/calendar 2.2): invitation, update, cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from app.core import inbound
from app.core.clock import utcnow
from app.core.email import SENDER_NAME, attach_calendar
from app.core.i18n import _, speaking
from app.webinars import inviting, itip
from app.webinars.clock_zones import zones_of
from app.webinars.emails._words import plain
from app.webinars.entries import cancelled_title, entry_of
from app.webinars.events import siblings_of
from app.webinars.hours import place, when
from app.webinars.models import Registration
from app.webinars.reply_address import organizer_address


def invitation(
    registration: Registration, sequence: int, *, was_waiting: bool, is_short_notice: bool
) -> EmailMessage:
    """The REQUEST of a person who just got a seat."""
    words = {"was_waiting": was_waiting, "is_short_notice": is_short_notice}
    return _request("webinar-invitation", registration, sequence, words)


def invitation_again(registration: Registration, sequence: int) -> EmailMessage:
    """The same REQUEST once more, for a calendar that lost it."""
    words = {"was_waiting": False, "is_short_notice": False}
    return _request("webinar-invitation", registration, sequence, words)


def restored(registration: Registration, sequence: int, before: Mapping[str, str]) -> EmailMessage:
    """The REQUEST of a webinar that takes place after all."""
    words = {"changes": _changes(registration, before)}
    return _request("webinar-restored", registration, sequence, words)


def update(registration: Registration, sequence: int, before: Mapping[str, str]) -> EmailMessage:
    """The REQUEST that moves or renames what is in the calendar already."""
    return _request(
        "webinar-update",
        registration,
        sequence,
        {
            "changes": _changes(registration, before),
            "moved_zone": _moved_zone(registration, before),
        },
    )


def cancellation(registration: Registration, sequence: int) -> EmailMessage:
    """The CANCEL for everybody: the webinar will not be held."""
    return _cancel("webinar-cancelled", registration, sequence, whole=True)


def postponement(registration: Registration, sequence: int) -> EmailMessage:
    """The CANCEL for everybody until there is a new date; seats are kept."""
    return _cancel("webinar-postponed", registration, sequence, whole=True)


def withdrawal(registration: Registration, sequence: int) -> EmailMessage:
    """The CANCEL for one person who gave up the seat."""
    return _cancel("webinar-withdrawn", registration, sequence, whole=False)


def _request(
    name: str, registration: Registration, sequence: int, words: Mapping[str, Any]
) -> EmailMessage:
    message = plain(name, registration, answers_are_read=inbound.is_read(), **words)
    with speaking(registration.language):
        remark = _remark()
        entry = entry_of(
            registration.webinar,
            sequence=sequence,
            stamp=utcnow(),
            tzid=registration.timezone,
            zones=zones_of(registration.webinar),
            siblings=siblings_of(registration.webinar),
            remark=remark,
        )
    attendee, organizer = _attendee(registration), _organizer(registration)
    ics = itip.request(
        entry, attendee, organizer, chairs=_chairs(registration), asks=inbound.is_read()
    )
    return _with_calendar(message, ics, "REQUEST", organizer)


def _cancel(name: str, registration: Registration, sequence: int, *, whole: bool) -> EmailMessage:
    message = plain(name, registration)
    webinar = registration.webinar
    with speaking(registration.language):
        entry = entry_of(webinar, sequence=sequence, stamp=utcnow())
        summary = cancelled_title(webinar.title)
    entry = replace(entry, summary=summary)
    organizer = _organizer(registration)
    ics = itip.cancel(entry, _attendee(registration), organizer, whole=whole)
    return _with_calendar(message, ics, "CANCEL", organizer)


def _with_calendar(
    message: EmailMessage, ics: bytes, method: str, organizer: itip.Party
) -> EmailMessage:
    """As calendar programs send it: answers go to the organizer, nothing says "automatic"."""
    del message["Auto-Submitted"]
    del message["X-Auto-Response-Suppress"]
    message["Reply-To"] = organizer.address
    attach_calendar(message, ics, method)
    return message


def _changes(registration: Registration, before: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What changed, as (name, old, new) in words."""
    webinar = registration.webinar
    if webinar.starts_at is None or webinar.ends_at is None:
        return []
    with speaking(registration.language):
        changes = []
        if {"starts_at", "ends_at"} & before.keys():
            old_start = _moment(before.get("starts_at"), webinar.starts_at)
            old_end = _moment(before.get("ends_at"), webinar.ends_at)
            old = when(old_start, old_end, registration.timezone)
            new = when(webinar.starts_at, webinar.ends_at, registration.timezone)
            changes.append((_("Time"), old, new))
        if "title" in before:
            changes.append((_("Title"), before["title"], webinar.title))
    return [change for change in changes if change[1] != change[2]]


def _moved_zone(registration: Registration, before: Mapping[str, str]) -> str:
    """The place whose clocks follow other rules now, when that is what moved the webinar."""
    if inviting.ZONE_RULES not in before:
        return ""
    with speaking(registration.language):
        return place(before[inviting.ZONE_RULES])


def _moment(read: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(read) if read else otherwise


def _remark() -> str:
    if inbound.is_read():
        return ""
    return _(
        "The answer you give in your calendar is not read here. To cancel, use the link in "
        "the mail."
    )


def _organizer(registration: Registration) -> itip.Party:
    return itip.Party(SENDER_NAME, organizer_address(registration.id, registration.email))


def _attendee(registration: Registration) -> itip.Party:
    return itip.Party(registration.name, registration.email)


def _chairs(registration: Registration) -> bool:
    organisers = registration.webinar.organisers
    return any(seat.user_id == registration.user_id for seat in organisers)
