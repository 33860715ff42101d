"""The webinars: what took place, what is coming, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import standing_at
from app.core.enums import Attribution, Visibility
from app.core.markup import render
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.demo.slots import announced_at, is_invented, slot_of
from app.webinars.agenda import AgendaRow
from app.webinars.chronicling import record_past
from app.webinars.copying import numbered
from app.webinars.details import WebinarDetails
from app.webinars.enums import Recording, Repeat
from app.webinars.models import Webinar
from app.webinars.organising import add_organiser
from app.webinars.postponing import postpone
from app.webinars.publishing import publish
from app.webinars.registering import Answers, Person, person_of, register
from app.webinars.scheduling import cancel, new_uid, schedule
from app.webinars.series import extend
from app.webinars.series_days import days_of, slots_on
from app.webinars.speakers import SpeakerRow
from app.webinars.times import slot

CHAPTERS = ("webinars", "hours", "year")
CHANGED = timedelta(days=2)


def meet(cast: Cast, uid_domain: str) -> None:
    for entry in [one for name in CHAPTERS for one in chapter(name)["webinars"]]:
        tell = _schedule if is_invented(entry) else _record
        webinar = tell(entry, cast, uid_domain)
        webinar.is_demo = True
        cast.webinars[entry["key"]] = webinar
        more = _more_sessions(entry, webinar, cast, uid_domain)
        for number, session in enumerate(more, start=2):
            cast.webinars[f"{entry['key']}-{number}"] = session
        for session in [webinar, *more]:
            _fill_seats(entry, session, cast)
        with standing_at(cast.now - CHANGED):
            _change(entry, webinar)


def _more_sessions(entry: Entry, first: Webinar, cast: Cast, uid_domain: str) -> list[Webinar]:
    """The rest of a series, each published as the first one is."""
    if "sessions" not in entry:
        return []
    repeat, count = Repeat(entry["sessions"]["repeat"]), entry["sessions"]["count"]
    start = slot_of(entry, cast.now)
    slots = slots_on(days_of(start.start_local.date(), repeat, count), start)
    owner, title = cast.people[entry["organisers"][0]], entry["title"]
    with standing_at(announced_at(entry, cast.now)):
        uids = [new_uid(uid_domain) for _ in slots[1:]]
        made = extend(first, slots[1:], owner, uids=uids, title=title)
        for session in made:
            session.is_demo = True
            publish(session, owner)
    return made


def _change(entry: Entry, webinar: Webinar) -> None:
    actor = webinar.organisers[0].user
    if "postponed" in entry:
        postpone(webinar, entry["postponed"], actor)
    if "cancelled" in entry:
        cancel(webinar, entry["cancelled"], actor)


def _record(entry: Entry, cast: Cast, uid_domain: str) -> Webinar:
    when = entry.get("year") or slot(entry["start_local"], entry["end_local"], entry["tzid"])
    first, *others = [cast.people[email] for email in entry["organisers"]]
    webinar = record_past(
        _details(entry, cast),
        when,
        first,
        uid=new_uid(uid_domain),
        tzid=entry["tzid"],
        source_url=entry["source_url"],
        remark=entry.get("remark", ""),
    )
    for person in others:
        add_organiser(webinar, person, first)
    return webinar


def _schedule(entry: Entry, cast: Cast, uid_domain: str) -> Webinar:
    first, *others = [cast.people[email] for email in entry["organisers"]]
    with standing_at(announced_at(entry, cast.now)):
        details, when = _details(entry, cast), slot_of(entry, cast.now)
        webinar = schedule(details, when, first, uid=new_uid(uid_domain))
        for person in others:
            add_organiser(webinar, person, first)
        webinar.is_template = entry.get("template", False)
        webinar.is_demo = True
        if not webinar.is_template and "poll" not in entry:
            publish(webinar, first)
    return webinar


def _details(entry: Entry, cast: Cast) -> WebinarDetails:
    description = entry["description"].strip()
    return WebinarDetails(
        title=numbered(entry["title"], 1),
        description=description,
        description_html=render(description).html,
        language=entry.get("language", "en"),
        topic_id=cast.topics[entry["topic"]].id,
        visibility=Visibility(entry.get("visibility", "public")),
        group_id=cast.group_id(entry.get("group")),
        attribution=Attribution(entry.get("attribution", "open")),
        capacity=entry.get("capacity"),
        room_url=entry.get("room_url", ""),
        recording=Recording(entry.get("recording", "none")),
        captions=entry.get("captions", ""),
        host_label=entry["host"],
        needs_approval=entry.get("needs_approval", False),
        kept_per_city=entry.get("kept_per_city"),
        has_captions=entry.get("has_captions", True if entry.get("captions") else None),
        has_sign_language=entry.get("has_sign_language"),
        has_interpretation=entry.get("has_interpretation"),
        plain_summary=entry.get("plain_summary", ""),
        agenda=tuple(AgendaRow(**item) for item in entry["agenda"]),
        speakers=tuple(_speaker(row, cast) for row in entry.get("speakers", [])),
    )


def _speaker(entry: Entry, cast: Cast) -> SpeakerRow:
    account = cast.people.get(entry.get("email", ""))
    return SpeakerRow(
        name=entry["name"],
        affiliation=entry["affiliation"],
        user_id=account.id if account else None,
    )


def _fill_seats(entry: Entry, webinar: Webinar, cast: Cast) -> None:
    """Members and guests register one after another; who comes too late waits."""
    members = [person_of(cast.people[email], "en") for email in entry.get("registered", [])]
    guests = [_guest(guest, webinar) for guest in entry.get("guests", [])]
    announced = announced_at(entry, cast.now)
    for hour, person in enumerate([*members, *guests], start=1):
        with standing_at(announced + timedelta(hours=hour)):
            register(webinar, person, Answers())


def _guest(entry: Entry, webinar: Webinar) -> Person:
    return Person(
        email=entry["email"],
        name=entry["name"],
        language="en",
        timezone=webinar.tzid,
        city_label=entry["city"],
    )
