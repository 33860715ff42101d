"""The directory of cities and each city's page."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from app.accounts.directory import people_by_city
from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db
from app.core.fragments import fragment
from app.core.generations import generations
from app.core.i18n import language
from app.core.templating import rendered
from app.core.visitor_pages import MINUTE, open_page
from app.forum.city_threads import threads_of_city
from app.forum.reach import reach_of
from app.network.listing import SORTS, city_rows, sort_named
from app.network.naming import country_name, name_of
from app.network.queries import cities_listed, city_facts
from app.network.views._city_parts import city_parts
from app.notes.city_actions import city_actions
from app.webinars.lines import organised_from
from app.webinars.timetable import rows as timetable_rows
from app.webinars.timetable import zone_of

bp = Blueprint("cities", __name__)

SHOWN = ("network", "people")


@bp.get("/cities")
@open_page(*SHOWN)
def index() -> str:
    """All cities: the list first in reading order, the map above it for those who see it."""
    today, sort = utcnow().date(), sort_named(request.args.get("sort"))
    key = ("cities", *generations(*SHOWN), language(), today, sort)
    main = Markup(fragment(key, lambda: _made(today, sort)))  # noqa: S704 - our template
    return render_template("network/cities.html", main=main)


def _made(today: date, sort: str) -> str:
    cities = db.session.scalars(cities_listed()).all()
    rows = city_rows(cities, people_by_city(today), today, sort)
    return rendered("network/_cities.html", cities=cities, rows=rows, sort=sort, sorts=SORTS)


@bp.get("/cities/<slug>")
@open_page(every=MINUTE)
def show(slug: str) -> str:
    city = city_facts(slug)
    if city is None:
        raise NotFound
    now, reader = utcnow(), viewer()
    reach = reach_of(reader)
    webinars = organised_from(reader, city.id, now)
    return render_template(
        "network/city.html",
        name=name_of(city),
        country=country_name(city.country_code),
        parts=city_parts(reach, city.id, now.date()),
        reach=reach,
        actions=city_actions(reach, city, now.date()),
        threads=threads_of_city(reach, city.id),
        webinars=timetable_rows(webinars, zone_of(reader), now, {}),
        today=now.date(),
    )
