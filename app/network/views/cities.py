"""The directory of cities and each city's page."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from markupsafe import Markup

from app.accounts.directory import people_by_city, people_of_city
from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404
from app.core.fragments import fragment
from app.core.generations import generations
from app.core.i18n import language
from app.core.templating import rendered
from app.core.visitor_pages import MINUTE, open_page
from app.forum.listing import latest_threads
from app.forum.queries import city_took_part
from app.forum.reach import reach_of
from app.network.listing import SORTS, by_date, city_rows, runs_on, sort_named
from app.network.naming import country_name, name_of
from app.network.queries import cities_listed, one_city
from app.webinars.lines import organised_from
from app.webinars.timetable import rows as timetable_rows
from app.webinars.timetable import zone_of

bp = Blueprint("cities", __name__)

MOST_ROWS = 20
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
    city = first_or_404(one_city(slug))
    now = utcnow()
    today = now.date()
    reader = viewer()
    reach = reach_of(reader)
    threads = latest_threads(reach, MOST_ROWS, city_took_part(reader, city.id))
    webinars = organised_from(reader, city.id, now)
    return render_template(
        "network/city.html",
        city=city,
        name=name_of(city),
        country=country_name(city.country_code),
        periods=[(period, runs_on(period, today)) for period in by_date(city.memberships)],
        seats=people_of_city(city.id, today),
        shows_people=reader is not None and reader.is_approved,
        reach=reach,
        threads=threads,
        webinars=timetable_rows(webinars, zone_of(reader), now, {}),
        today=today,
    )
