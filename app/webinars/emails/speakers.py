"""Mails to speakers, who may have no account, and to organisers about them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from app.accounts.models import User
from app.core.email import Recipient, compose
from app.core.i18n import speaking as in_language_of
from app.core.links import absolute_url
from app.webinars import seats
from app.webinars.clock_zones import zones_of
from app.webinars.emails._unsubscribing import offer_to_stop, stop_url
from app.webinars.emails._words import hours_of
from app.webinars.entries import join_url, page_url
from app.webinars.enums import SpeakerState, Status
from app.webinars.hours import day_words
from app.webinars.models import Speaker, Webinar
from app.webinars.speakers import Contact
from app.webinars.speaking import answer_by, slides_by


def ask(speaker: Speaker, contact: Contact) -> EmailMessage:
    """The personal link, with the question whether they come."""
    return _to_speaker("speaker-ask", speaker, contact)


def briefing(speaker: Speaker, contact: Contact) -> EmailMessage:
    return _to_speaker("speaker-briefing", speaker, contact)


def reminder(speaker: Speaker, contact: Contact) -> EmailMessage:
    stop = stop_url("speakers", speaker.token)
    message = _to_speaker("speaker-reminder", speaker, contact, stop_url=stop)
    offer_to_stop(message, "speakers", speaker.token)
    return message


def news(speaker: Speaker, contact: Contact) -> EmailMessage:
    """The webinar moved or was renamed, is put off, or will not be held."""
    webinar = speaker.webinar
    reasons = {Status.CANCELLED: webinar.cancel_reason, Status.POSTPONED: webinar.postpone_reason}
    reason = reasons.get(webinar.status, "")
    return _to_speaker("speaker-news", speaker, contact, reason=reason)


def declined(speaker: Speaker, organiser: User) -> EmailMessage:
    return _to_organiser("speaker-declined", speaker.webinar, organiser, speaker=speaker)


def organiser_briefing(webinar: Webinar, organiser: User) -> EmailMessage:
    return _to_organiser(
        "organiser-briefing",
        webinar,
        organiser,
        coming=seats.taken_count(webinar),
        waiting=seats.waiting_count(webinar),
        unanswered=_names(webinar, SpeakerState.INVITED),
        without_slides=[one.name for one in webinar.speakers if _owes_slides(one)],
    )


def _to_speaker(name: str, speaker: Speaker, contact: Contact, **words: Any) -> EmailMessage:
    webinar = speaker.webinar
    to = Recipient(contact.address, contact.name, contact.language, contact.timezone)
    with in_language_of(to.locale):
        hours = hours_of(webinar.starts_at, webinar.ends_at, to.timezone, zones_of(webinar))
        days = {
            "answer_day": day_words(answer_by(speaker), to.timezone),
            "slides_day": day_words(slides_by(webinar), to.timezone),
        }
    return compose(
        name,
        to,
        webinar=webinar,
        speaker=speaker,
        speaker_url=absolute_url("speaking.show", token=speaker.token),
        join_url=f"{join_url(webinar)}?t={speaker.token}",
        **hours,
        **days,
        **words,
    )


def _to_organiser(name: str, webinar: Webinar, organiser: User, **words: Any) -> EmailMessage:
    to = Recipient(
        organiser.email, organiser.display_name, organiser.locale or "en", organiser.timezone
    )
    with in_language_of(to.locale):
        hours = hours_of(webinar.starts_at, webinar.ends_at, to.timezone, zones_of(webinar))
    return compose(
        name,
        to,
        webinar=webinar,
        page_url=page_url(webinar),
        speakers_url=absolute_url("speakers.index", webinar_id=webinar.id),
        people_url=absolute_url("registrations.index", webinar_id=webinar.id),
        join_url=join_url(webinar),
        **hours,
        **words,
    )


def _names(webinar: Webinar, state: SpeakerState) -> list[str]:
    return [one.name for one in webinar.speakers if one.state == state]


def _owes_slides(speaker: Speaker) -> bool:
    return speaker.state != SpeakerState.DECLINED and speaker.slides_id is None
