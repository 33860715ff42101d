"""Webinars through the activities people use, and their registrations in bulk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from app.accounts.models import User
from app.core.clock import standing_at
from app.core.markup import render
from app.core.stocking import stock
from app.demo.crowd.size import CLOSED_TO_VISITORS, TOPICS, Crowd
from app.demo.crowd.writing import Writer
from app.search.documents import documents_of_webinar
from app.search.indexing import put
from app.webinars.agenda import AgendaRow
from app.webinars.chronicling import record_past
from app.webinars.details import WebinarDetails
from app.webinars.enums import PartStat, RegistrationState
from app.webinars.models import Registration, Webinar
from app.webinars.publishing import publish
from app.webinars.scheduling import new_uid, schedule
from app.webinars.speakers import SpeakerRow
from app.webinars.times import Slot, slot

ZONE = "Europe/Brussels"
BACK, AHEAD = timedelta(days=80), timedelta(days=500)  # all of them are in the public feed
PUBLISHED = timedelta(days=81)
OPEN_TOPICS = [number for number in range(TOPICS) if number not in CLOSED_TO_VISITORS]
STOPS = 5
TEN = time(10)


def hold_webinars(
    crowd: Crowd, organiser: User, domain: str, writer: Writer, held: list[Webinar]
) -> Iterator[int]:
    """Half of them took place, half are coming. What is made is added to `held`."""
    for number in range(crowd.size.webinars):
        with standing_at(crowd.now - PUBLISHED):
            details = _details(crowd, number, writer)
            held.append(_webinar(crowd, number, details, organiser, new_uid(domain)))
        put(documents_of_webinar(held[-1]))
        yield 1


def is_past(crowd: Crowd, number: int) -> bool:
    return number < crowd.size.webinars // 2


def _webinar(
    crowd: Crowd, number: int, details: WebinarDetails, organiser: User, uid: str
) -> Webinar:
    when = _slot(crowd, number)
    if is_past(crowd, number):
        webinar = record_past(details, when, organiser, uid=uid, tzid=ZONE)
    else:
        webinar = schedule(details, when, organiser, uid=uid)
        publish(webinar, organiser)
    webinar.is_demo = True
    return webinar


def _slot(crowd: Crowd, number: int) -> Slot:
    """At ten in the morning, evenly spread over the months before and after today."""
    past = crowd.size.webinars // 2
    if is_past(crowd, number):
        day = crowd.now - BACK * ((past - number) / past)
    else:
        day = crowd.now + timedelta(days=2) + AHEAD * ((number - past) / crowd.size.webinars)
    start = datetime.combine(day.date(), TEN)
    return slot(start, start + timedelta(minutes=90), ZONE)


def _details(crowd: Crowd, number: int, writer: Writer) -> WebinarDetails:
    language = writer.language()
    description = writer.text(language).body
    speakers = [crowd.author(number, place) for place in range(3)]
    return WebinarDetails(
        title=writer.title(language),
        description=description,
        description_html=render(description).html,
        language=language,
        topic_id=crowd.topic + OPEN_TOPICS[number % len(OPEN_TOPICS)],
        capacity=None,
        room_url=f"https://meet.demo.invalid/{number + 1}",
        host_label="Measured city 1",
        agenda=tuple(
            AgendaRow(title=writer.title(language), minutes=15, detail=writer.sentence(language))
            for _ in range(STOPS)
        ),
        speakers=tuple(
            SpeakerRow(name=f"Speaker {member + 1}", affiliation=f"Measured city {member % 60 + 1}")
            for member in speakers
        ),
    )


def fill_seats(crowd: Crowd, held: list[Webinar]) -> Iterator[int]:
    yield from stock(Registration, _registrations(crowd, held))


def _registrations(crowd: Crowd, held: list[Webinar]) -> Iterator[dict[str, Any]]:
    """Each webinar has as many as every other, no member twice."""
    size = crowd.size
    for place in range(min(size.registrations, len(held) * size.members)):
        webinar, turn = held[place % len(held)], place // len(held)
        member = (place % len(held) * 17 + turn) % size.members
        at = crowd.now - PUBLISHED + timedelta(minutes=place)
        yield {
            "webinar_id": webinar.id,
            "user_id": crowd.user + member,
            "email": f"member-{member + 1}@demo.invalid" if member else "official@demo.invalid",
            "name": f"Official {member + 1}",
            "city_id": crowd.city_of(member),
            "language": "en",
            "timezone": ZONE,
            "state": RegistrationState.CONFIRMED,
            "token": secrets.token_urlsafe(32),
            "is_listed": member % 3 == 0,
            "partstat": PartStat.ACCEPTED if member % 2 else PartStat.NEEDS_ACTION,
            "ics_last_sequence": 0,
            "ics_last_method": "REQUEST",
            "ics_last_sent_at": at,
            "created_at": at,
            "queued_at": at,
            "confirmed_at": at,
            "joined_at": webinar.starts_at if is_past(crowd, place % len(held)) else None,
        }
