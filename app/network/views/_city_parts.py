"""Parts of a city's page that all see alike, kept until the network or its people change."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from app.accounts.directory import people_of_city
from app.core.db import first_or_404
from app.core.fragments import Key, many_fragments
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.reach import NETWORK, PEOPLE, Reach
from app.network.listing import by_date, runs_on
from app.network.naming import country_name, name_of
from app.network.queries import city_by_id

NAMES = ("head", "people", "membership")


def city_parts(reach: Reach, city_id: int, today: date) -> dict[str, Markup]:
    """What it is, who speaks for it, and since when it belongs to the network."""
    made_from = (reach.generations[NETWORK], reach.generations[PEOPLE], language(), today)
    keys: list[Key] = [("city", name, city_id, reach.is_member, *made_from) for name in NAMES]

    def make(_missing: list[Key]) -> dict[Key, str]:
        return dict(zip(keys, _made(city_id, today, reach.is_member), strict=True))

    texts = many_fragments(keys, make)
    return dict(zip(NAMES, map(Markup, texts), strict=True))


def _made(city_id: int, today: date, shows_people: bool) -> list[str]:
    city = first_or_404(city_by_id(city_id))
    values = {
        "city": city,
        "name": name_of(city),
        "country": country_name(city.country_code),
        "seats": people_of_city(city.id, today),
        "shows_people": shows_people,
        "periods": [(period, runs_on(period, today)) for period in by_date(city.memberships)],
    }
    return [rendered(f"network/_city_{name}.html", **values) for name in NAMES]
