"""What the page of one webinar shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template
from markupsafe import Markup

from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404
from app.core.forgery import with_token
from app.core.fragments import Key, many_fragments
from app.core.i18n import language
from app.core.zones import to_local
from app.network.naming import city_name
from app.network.queries import member_cities
from app.notes.queries import one_summary
from app.webinars import preflight
from app.webinars.access_card import AccessLine, access_lines
from app.webinars.agenda import Stop, stops
from app.webinars.enums import DatePrecision, Phase, Status
from app.webinars.forms.webinar import PublishForm
from app.webinars.glancing import Glance
from app.webinars.hours import clock_warning, place
from app.webinars.permissions import can_manage, can_schedule
from app.webinars.queries import one_webinar
from app.webinars.tickets import registers_at_once, ticket_for
from app.webinars.times import Clock, clocks
from app.webinars.timetable import Row, row, zone_of

TICKET_HERE = Markup("\x1e")  # where the ticket comes: no text has it (see `core.forms.tidy`)
PAST = {Phase.OVERRUN, Phase.ENDED}


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
    clocks: list[Clock]
    clock_warning: str
    programme: list[Stop]
    access: list[AccessLine]
    checks: list[preflight.Check]
    can_manage: bool
    can_schedule: bool


def webinar_page(webinar: Any, publish_form: PublishForm | None = None) -> str:
    """The page as HTML, made anew; a refused publication shows its reasons."""
    form = publish_form or PublishForm()
    main = _made_main(webinar, Markup(_made_ticket(webinar)), form)  # noqa: S704 - our template
    return _page(webinar, main, is_refused=bool(form.errors))


def glanced_page(glance: Glance) -> str:
    """The same of parts that are kept: what all see alike, and the ticket of this reader."""
    if glance.status == Status.DRAFT:
        return webinar_page(_webinar(glance.id))
    keys = _keys(glance)
    main, ticket = many_fragments(keys, partial(_made, glance, keys))
    return _page(glance, main.replace(TICKET_HERE, ticket), is_refused=False)


def _page(webinar: Any, main: str, *, is_refused: bool) -> str:
    return render_template(
        "webinars/webinar.html", webinar=webinar, main=with_token(main), is_refused=is_refused
    )


def _keys(glance: Glance) -> list[Key]:
    """Of the main part and of the ticket. The phase moves with the clock, clocks by the hour."""
    person, now = viewer(), utcnow()
    basis = (glance.id, glance.generations, glance.phase(now), language(), person is None)
    ticket = (zone_of(person), registers_at_once(person), glance.place, glance.keeps_seats())
    hour = f"{now:%Y-%m-%dT%H}"
    return [
        ("webinar", *basis, hour, zone_of(person), *_rights(person, glance)),
        ("ticket", *basis, *ticket),
    ]


def _rights(person: Any, glance: Glance) -> tuple[bool, bool]:
    """Whether the reader may change it, and make others from it."""
    manages = glance.can_manage(person)
    return manages, manages and can_schedule(person)


def _made(glance: Glance, keys: list[Key], missing: list[Key]) -> dict[Key, str]:
    webinar, made = _webinar(glance.id), {}
    if keys[0] in missing:
        made[keys[0]] = _made_main(webinar, TICKET_HERE, PublishForm())
    if keys[1] in missing:
        made[keys[1]] = _made_ticket(webinar, asks=glance.has_questions)
    return made


def _made_main(webinar: Any, ticket: Markup, form: PublishForm) -> str:
    page = page_of(webinar)
    return render_template(
        "webinars/_main.html", webinar=webinar, page=page, ticket=ticket, publish_form=form
    )


def _made_ticket(webinar: Any, *, asks: bool = True) -> str:
    """`asks`: whether its organisers may have questions of their own."""
    ticket = ticket_for(viewer(), webinar, asks=asks)
    return render_template("webinars/_ticket.html", ticket=ticket)


def _webinar(webinar_id: int) -> Any:
    return first_or_404(one_webinar(viewer(), webinar_id))


def page_of(webinar: Any) -> WebinarPage:
    person, now = viewer(), utcnow()
    tzid = zone_of(person)
    shown = row(webinar, tzid, now)
    cities = _cities() if shown.starts and shown.phase not in PAST else []
    zones = {tzid, webinar.tzid, *(zone for _name, zone in cities)}
    is_ahead = bool(shown.starts) and webinar.starts_at is not None
    return WebinarPage(
        row=shown,
        kind=_kind(webinar, shown.phase),
        place=place(tzid),
        has_summary=shown.phase in PAST and _has_summary(webinar),
        clocks=clocks(webinar.starts_at, tzid, cities) if cities else [],
        clock_warning=clock_warning(now, webinar.starts_at, zones) if is_ahead else "",
        programme=_programme(webinar, tzid),
        access=access_lines(webinar),
        checks=preflight.checks(webinar, now) if webinar.status == Status.DRAFT else [],
        can_manage=can_manage(person, webinar),
        can_schedule=can_schedule(person),
    )


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
