"""The directory of cities and each city's page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.directory import people_by_city, people_of_city
from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404
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


@bp.get("/cities")
@open_page("network", "people")
def index() -> str:
    """All cities: the list first in reading order, the map above it for those who see it."""
    today = utcnow().date()
    cities = db.session.scalars(cities_listed()).all()
    sort = sort_named(request.args.get("sort"))
    rows = city_rows(cities, people_by_city(today), today, sort)
    return render_template("network/cities.html", cities=cities, rows=rows, sort=sort, sorts=SORTS)


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
