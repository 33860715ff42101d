"""The network on the home page: drawn once for everybody, until a city changes."""

from __future__ import annotations

from typing import Any

from app.accounts.directory import own_city
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.fragments import fragment, read_once
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.reach import NETWORK, PEOPLE, Reach
from app.home.pieces import Wanted, piece
from app.home.wording import network_size
from app.network.city_map import line_map
from app.network.queries import city_points


def network_map(reach: Reach, viewer: User | None, tongue: str) -> Wanted:
    """The map with the viewer's own city; nothing where there is no city yet."""
    own = _own_city(reach, viewer) if viewer else ""
    key = ("network_map", reach.generations[NETWORK], own, tongue)
    return piece(key, lambda: _drawn(own))


def newest_cities(reach: Reach, tongue: str) -> Wanted:
    """The newest cities and how large the network is."""
    return piece(("newest_cities", reach.generations[NETWORK], tongue), _listed)


def size_words(reach: Reach) -> str:
    """How many cities there are, in how many countries."""
    key = ("network_size", reach.generations[NETWORK], language())
    return fragment(key, lambda: network_size(city_points()))


def _drawn(own: str) -> str:
    cities: list[Any] = city_points()
    return rendered("home/_map.html", map=line_map(cities, you=own)) if cities else ""


def _listed() -> str:
    return rendered("home/_network.html", cities=city_points())


def _own_city(reach: Reach, viewer: User) -> str:
    """The slug of the city whose seat the viewer holds today."""
    today = utcnow().date()
    key = ("own_city", viewer.id, reach.generations[PEOPLE], reach.generations[NETWORK], today)
    return read_once(key, lambda: own_city(viewer, today))
