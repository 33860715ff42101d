"""What the page of one webinar shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup, escape

from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404
from app.core.early_members import Asked, Told, kept_page, leave
from app.core.fragments import Key, many_fragments
from app.core.i18n import _, language
from app.core.parts import whole_page
from app.core.reading_ahead import WEBINAR
from app.core.slugs import slugify
from app.core.zones import to_local
from app.feedback.summing import PublicLine, public_line
from app.live.attendees import PLACED
from app.live.own_marks import Known, Later, chosen, has_marks, names_in
from app.live.queries import room_of
from app.live.rooming import has_room
from app.materials.showing import Shelf, shelf_for
from app.network.naming import city_name
from app.network.queries import member_cities
from app.notes.nudging import promised_on
from app.notes.queries import one_summary
from app.notes.registers import Kept, kept_at
from app.questions.showing import Excerpt, Reader, excerpt_for, own_votes_at, vote_names
from app.webinars import preflight
from app.webinars.access_card import AccessLine, access_lines
from app.webinars.agenda import Stop, stops
from app.webinars.enums import DatePrecision, Phase, Status
from app.webinars.forms.webinar import PublishForm
from app.webinars.glancing import Glance, glance_at
from app.webinars.hours import clock_warning, place
from app.webinars.permissions import can_manage, can_schedule
from app.webinars.presenting import named_participants
from app.webinars.queries import one_webinar, webinar_to_read
from app.webinars.tickets import registers_at_once, ticket_for
from app.webinars.times import Clock, clocks
from app.webinars.timetable import Row, row, zone_of
from app.webinars.views._notes_lines import NotesLines, is_of_notes, notes_lines, own_lines

PAGE = "webinars/webinar.html"
TICKET_HERE = Markup("\x1d")  # where the ticket comes: no text has it (see `core.forms.tidy`)
PAST = {Phase.OVERRUN, Phase.ENDED}
HAS_NOTES = {Status.PUBLISHED, Status.ARCHIVED}


@dataclass(frozen=True)
class WebinarPage:
    """One webinar for one reader.

    `kind` is draft, cancelled, postponed, past, live, lobby or open. `place` names the zone in
    which hours are told; a past day without an hour has none.
    """

    row: Row
    kind: str
    place: str
    has_summary: bool
    summary_on: date | None
    kept: Kept | None
    clocks: list[Clock]
    clock_warning: str
    programme: list[Stop]
    access: list[AccessLine]
    checks: list[preflight.Check]
    can_manage: bool
    can_schedule: bool
    shelf: Shelf
    questions: Excerpt
    participants: list[str]
    feedback: PublicLine | None
    notes: NotesLines | None


class Rights(NamedTuple):
    """What the reader may do here. Inside is who has a seat, speaks or organises; people on the
    waiting list take part too.
    """

    manages: bool
    is_inside: bool
    takes_part: bool


def webinar_page(webinar: Any, publish_form: PublishForm | None = None) -> str:
    """The page as HTML, made anew; a refused publication shows its reasons."""
    form = publish_form or PublishForm()
    rights = Rights(can_manage(viewer(), webinar), is_inside=True, takes_part=True)
    ticket = Markup(_made_ticket(webinar))  # noqa: S704 - our template
    main = chosen(_made_main(webinar, ticket, form, rights), Known())
    return _page(blocks_of(webinar, main, is_refused=bool(form.errors)))


def glanced_page(glance: Glance) -> str:
    """The same of parts that are kept: what all see alike, and the ticket of this reader."""
    if glance.status == Status.DRAFT:
        return webinar_page(_webinar(glance.id))
    return _page(blocks_of(glance, main_of(glance, viewer())))


def kept_webinar(asked: Asked, webinar_id: int, slug: str = "") -> Told | None:
    """The same page if nothing of it has to be made, and this is its address."""
    glance = leave(asked, WEBINAR, glance_at(asked.person, webinar_id))
    if asked.token is None or glance is None or glance.status == Status.DRAFT:
        return None
    if slug != slugify(glance.title):
        return None
    blocks = blocks_of(glance, main_of(glance, asked.person))
    return kept_page(PAGE, asked, asked.token, **blocks)


def main_of(glance: Glance, person: Any) -> str:
    """With places for address and token."""
    keys = _keys(glance, person)
    main, ticket = many_fragments(keys, partial(_made, glance, keys))
    if has_marks(main):
        main = chosen(main, Known(_own_names(glance, person, names_in(main))))
    return main.replace(TICKET_HERE, ticket)


def blocks_of(webinar: Any, main: str, *, is_refused: bool = False) -> dict[str, str]:
    """As HTML, by their names in the template."""
    title = f"{_('Error:')} {webinar.title}" if is_refused else webinar.title
    words = {"title": title, "desc": webinar.host_label or webinar.title}
    return {**{name: str(escape(said)) for name, said in words.items()}, "main": main}


def _page(blocks: dict[str, str]) -> str:
    return whole_page(PAGE, viewer(), **blocks)


def _keys(glance: Glance, person: Any) -> list[Key]:
    """Of the main part and of the ticket. The phase moves with the clock, clocks by the hour."""
    now, tongue = utcnow(), language()
    basis = (glance.id, glance.generations, glance.phase(now), tongue, person is None)
    ticket = (zone_of(person), registers_at_once(person), glance.place, glance.keeps_seats())
    hour = f"{now:%Y-%m-%dT%H}"
    return [
        ("webinar", *basis, hour, zone_of(person), *_whole(person, glance)),
        ("ticket", *basis, *ticket),
    ]


def _own_names(glance: Glance, person: Any, asked: set[str]) -> set[str]:
    """What of the page is the reader's own: lines about the notes, votes for questions."""
    place = glance.place
    lines = own_lines(person, glance, asked)
    if all(map(is_of_notes, asked)):
        return lines
    votes = own_votes_at(glance.id, person.id if person else None, place[0] if place else None)
    return lines | vote_names(votes)


def _rights(person: Any, glance: Glance) -> Rights:
    inside = glance.is_inside(person)
    is_placed = glance.place is not None and glance.place[1] in PLACED
    return Rights(
        glance.can_manage(person), inside, inside or is_placed or registers_at_once(person)
    )


def _whole(person: Any, glance: Glance) -> tuple[bool, ...]:
    """All that the main part says differently to different people."""
    rights = _rights(person, glance)
    is_scheduler = rights.manages and can_schedule(person)
    return *rights, is_scheduler, registers_at_once(person)


def _made(glance: Glance, keys: list[Key], missing: list[Key]) -> dict[Key, str]:
    rights, made = _rights(viewer(), glance), {}
    webinar = _webinar(glance.id) if rights.manages else _read_webinar(glance.id)
    if keys[0] in missing:
        made[keys[0]] = _made_main(webinar, TICKET_HERE, PublishForm(), rights)
    if keys[1] in missing:
        has_place = glance.place is not None
        made[keys[1]] = _made_ticket(webinar, asks=glance.has_questions, has_place=has_place)
    return made


def _made_main(webinar: Any, ticket: Markup, form: PublishForm, rights: Rights) -> str:
    return render_template(
        "webinars/_main.html",
        webinar=webinar,
        page=page_of(webinar, rights),
        ticket=ticket,
        publish_form=form,
        own=Later(),
    )


def _made_ticket(webinar: Any, *, asks: bool = True, has_place: bool = True) -> str:
    """`asks`: whether its organisers may have questions of their own."""
    ticket = ticket_for(viewer(), webinar, asks=asks, has_place=has_place)
    return render_template("webinars/_ticket.html", ticket=ticket)


def _webinar(webinar_id: int) -> Any:
    return first_or_404(one_webinar(viewer(), webinar_id))


def _read_webinar(webinar_id: int) -> Any:
    return first_or_404(webinar_to_read(viewer(), webinar_id))


def page_of(webinar: Any, rights: Rights) -> WebinarPage:
    person, now = viewer(), utcnow()
    tzid = zone_of(person)
    shown = row(webinar, tzid, now)
    cities = _cities() if shown.starts and shown.phase not in PAST else []
    zones = {tzid, webinar.tzid, *(zone for _name, zone in cities)}
    is_ahead = bool(shown.starts) and webinar.starts_at is not None
    has_summary = shown.phase in PAST and _has_summary(webinar)
    return WebinarPage(
        row=shown,
        kind=_kind(webinar, shown.phase),
        place=place(tzid),
        has_summary=has_summary,
        summary_on=promised_on(webinar) if shown.phase in PAST and not has_summary else None,
        kept=kept_at(webinar.id) if has_summary else None,
        clocks=clocks(webinar.starts_at, tzid, cities) if cities else [],
        clock_warning=clock_warning(now, webinar.starts_at, zones) if is_ahead else "",
        programme=_programme(webinar, tzid),
        access=access_lines(webinar),
        checks=_checks(webinar, now),
        can_manage=rights.manages,
        can_schedule=can_schedule(person),
        notes=_notes(webinar, shown.phase in PAST) if not has_summary else None,
        **_what_stays(webinar, rights, is_past=shown.phase in PAST),
    )


def _notes(webinar: Any, is_past: bool) -> NotesLines | None:
    return notes_lines(webinar, is_past=is_past) if webinar.status in HAS_NOTES else None


def _what_stays(webinar: Any, rights: Rights, *, is_past: bool) -> dict[str, Any]:
    """Recording, materials, questions and people, as far as this reader may know them."""
    is_member = registers_at_once(viewer())
    return {
        "shelf": shelf_for(webinar, is_inside=rights.is_inside),
        "questions": excerpt_for(webinar, Reader(is_member, rights.takes_part)),
        "feedback": public_line(webinar.id) if is_past else None,
        "participants": named_participants(webinar, is_member=is_member) if is_past else [],
    }


def _checks(webinar: Any, now: Any) -> list[preflight.Check]:
    if webinar.status != Status.DRAFT:
        return []
    return preflight.checks(webinar, now, has_room=has_room(webinar, room_of(webinar.id)))


def _has_summary(webinar: Any) -> bool:
    return db.session.scalars(one_summary(viewer(), webinar.id)).first() is not None


def _cities() -> list[tuple[str, str]]:
    """Name and zone of each city of the network."""
    cities = db.session.scalars(member_cities(utcnow().date()))
    return [(city_name(city), city.timezone) for city in cities]


def _kind(webinar: Any, phase: Phase) -> str:
    if webinar.status in {Status.DRAFT, Status.CANCELLED, Status.POSTPONED}:
        return str(webinar.status)
    if phase in PAST:
        return "past"
    return "open" if phase == Phase.UPCOMING else str(phase)


def _programme(webinar: Any, tzid: str) -> list[Stop]:
    """The programme with hours in the reader's zone, where hours are known."""
    if webinar.date_precision != DatePrecision.MINUTE:
        return [Stop(stop.item, None) for stop in stops(webinar)]
    return [
        Stop(stop.item, to_local(stop.starts_at, tzid) if stop.starts_at else None)
        for stop in stops(webinar)
    ]
