"""Time zones to choose from, for forms."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.core.zones import zone_names
from app.network.queries import member_cities


def zone_choices(own: str) -> dict[str, list[tuple[str, str]]]:
    """The network's zones and one's own first, then all others by continent."""
    near = {city.timezone for city in db.session.scalars(member_cities(utcnow().date()))} | {own}
    groups = {_("In the network"): _named(near)}
    for name in sorted(zone_names() - near):
        groups.setdefault(name.split("/")[0], []).append((name, _place(name)))
    return groups


def _named(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, _place(name)) for name in sorted(names)]


def _place(name: str) -> str:
    return name.split("/", 1)[-1].replace("_", " ").replace("/", ", ")
