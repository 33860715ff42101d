"""Each mail by the clock and to speakers, in every language: subject, links, nothing left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from babel.dates import format_datetime
from flask import Flask

from app.core.clock import utcnow
from app.core.db import write
from app.core.i18n import LANGUAGES, with_region
from app.core.zones import to_local
from app.webinars.emails import reminders, speakers
from app.webinars.enums import SpeakerState, Status
from app.webinars.mail_plan import Reminder
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.speakers import contact_of
from tests.factories_registrations import at, make_registration, text_of
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_speaker,
    make_webinar,
)

NOW = "2026-03-10T08:15:00+00:00"
START = at("2026-03-25T09:00:00+00:00")
ATHENS = "Europe/Athens"
HARD = "Łódź Αθήνα <b>København</b> & 🎥"
LEFT_OVER = re.compile(r"%\(|\{\{|\}\}|\{%|\bNone\b|&amp;|Undefined")
LINK = re.compile(r"https?://[^\s\"<>]+")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def webinar(app: Flask) -> Webinar:
    webinar = make_webinar(HARD, starts_at=START, ends_at=START + timedelta(hours=1))
    make_agenda_item(webinar, "Welcome & introduction")
    return webinar


def person(webinar: Webinar, language: str, **changes: Any) -> Registration:
    return make_registration(webinar, language=language, timezone=ATHENS, name=HARD, **changes)


def speaker(webinar: Webinar, language: str, **changes: Any) -> Speaker:
    values = {"email": "s@demo.invalid", "language": language, "timezone": ATHENS}
    return make_speaker(webinar, HARD, **(values | changes))


def by_clock(kind: Reminder, has_joined: bool = False) -> Callable[[Webinar, str], EmailMessage]:
    def made(webinar: Webinar, language: str) -> EmailMessage:
        joined_at = utcnow() if has_joined else None
        return reminders.reminder(person(webinar, language, joined_at=joined_at), kind)

    return made


def to_speaker(compose: Any, **changes: Any) -> Callable[[Webinar, str], EmailMessage]:
    def made(webinar: Webinar, language: str) -> EmailMessage:
        one = speaker(webinar, language, **changes)
        return compose(one, contact_of(one))  # type: ignore[no-any-return]

    return made


def news(status: Status) -> Callable[[Webinar, str], EmailMessage]:
    def made(webinar: Webinar, language: str) -> EmailMessage:
        with write():
            webinar.status = status
            webinar.cancel_reason = webinar.postpone_reason = "The room is flooded."
        return to_speaker(speakers.news)(webinar, language)

    return made


def declined(webinar: Webinar, language: str) -> EmailMessage:
    organiser = make_organiser(locale=language, timezone=ATHENS)
    return speakers.declined(speaker(webinar, language), organiser)


def briefing_of_organiser(webinar: Webinar, language: str) -> EmailMessage:
    speaker(webinar, language, state=SpeakerState.INVITED)
    organiser = make_organiser(locale=language, timezone=ATHENS)
    return speakers.organiser_briefing(webinar, organiser)


STOP = r"/(registrations|speakers)/[\w-]+/reminders/stop"
OWN, JOIN = r"/registrations/[\w-]+", r"/webinars/\d+/join\?t=[\w-]+"
COLLEAGUE = f"{OWN}/colleague"
SPEAKER, SPEAKERS = r"/speakers/[\w-]+", r"/webinars/\d+/speakers"
PAGE, PEOPLE, DOOR = r"/webinars/\d+-[\w-]+", r"/webinars/\d+/registrations", r"/webinars/\d+/join"
MAILS: dict[str, tuple[Callable[[Webinar, str], EmailMessage], list[str]]] = {
    "a week before": (by_clock(Reminder.WEEK), [OWN, STOP, JOIN, COLLEAGUE]),
    "the day before": (by_clock(Reminder.DAY), [OWN, STOP, JOIN, COLLEAGUE]),
    "an hour before": (by_clock(Reminder.HOUR), [OWN, STOP, JOIN, COLLEAGUE]),
    "it has started": (by_clock(Reminder.LATE), [STOP, JOIN]),
    "thanks": (by_clock(Reminder.AFTER, has_joined=True), [OWN, STOP, PAGE]),
    "missed": (by_clock(Reminder.AFTER), [OWN, STOP, PAGE]),
    "will you speak": (to_speaker(speakers.ask), [SPEAKER]),
    "you speak soon": (to_speaker(speakers.briefing), [SPEAKER, JOIN]),
    "you said yes": (to_speaker(speakers.briefing, state=SpeakerState.CONFIRMED), [SPEAKER, JOIN]),
    "you speak in an hour": (to_speaker(speakers.reminder), [SPEAKER, STOP, JOIN]),
    "changed": (news(Status.PUBLISHED), [SPEAKER]),
    "put off": (news(Status.POSTPONED), [SPEAKER]),
    "cancelled": (news(Status.CANCELLED), [SPEAKER]),
    "speaker declined": (declined, [SPEAKERS]),
    "organiser's briefing": (briefing_of_organiser, [PEOPLE, SPEAKERS, DOOR, PAGE]),
}
NEITHER_DAY_NOR_HOUR_IN_SUBJECT = {
    "it has started", "thanks", "missed", "put off", "cancelled", "speaker declined",
}  # fmt: skip


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def links_in(text: str) -> set[str]:
    found = {link.rstrip(".,)") for link in LINK.findall(text)}
    return {link.removeprefix("http://localhost") for link in found} - {""}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILS)
def test_mail_is_whole_in_every_language(webinar: Webinar, name: str, language: str) -> None:
    compose, wanted = MAILS[name]

    message = compose(webinar, language)

    text, html, subject = text_of(message), html_of(message), str(message["Subject"])
    assert message["Content-Language"] == language
    assert f'<html lang="{language}">' in html
    assert HARD in subject
    assert LEFT_OVER.findall(subject + text) == []
    assert "<b>København" not in html
    for links in (links_in(text), links_in(html)):
        missing = [form for form in wanted if not any(re.fullmatch(form, one) for one in links)]
        unknown = [one for one in links if not any(re.fullmatch(form, one) for form in wanted)]
        assert (missing, unknown) == ([], [])
    assert _day(language) in text
    assert "11:00–12:00" in text  # ten in Brussels, in Athens
    if name not in NEITHER_DAY_NOR_HOUR_IN_SUBJECT:
        assert "11:00–12:00" in subject


@pytest.mark.parametrize("name", MAILS)
def test_mail_has_two_parts_and_no_calendar(webinar: Webinar, name: str) -> None:
    message = MAILS[name][0](webinar, "en")

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", MAILS)
def test_only_reminders_offer_to_end_them(webinar: Webinar, name: str) -> None:
    message = MAILS[name][0](webinar, "en")

    offers = message["List-Unsubscribe"] is not None
    assert offers == (STOP in MAILS[name][1])
    assert (message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") == offers


def _day(language: str) -> str:
    """The day's name and number as this language writes them."""
    local = to_local(START, ATHENS)
    return str(format_datetime(local, "EEE", tzinfo=local.tzinfo, locale=with_region(language)))
