"""Cities, not heads: which cities of the network a webinar, or a year of them, reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _, ngettext
from app.network.city_map import filled_map
from app.network.models import City
from app.network.naming import city_name
from app.network.queries import member_cities
from app.statistics.figures import Figures


@dataclass(frozen=True)
class Reach:
    """Member cities: somebody was there or opened the summary, or nobody did. Both by name."""

    reached: list[City]
    missing: list[City]

    @property
    def count(self) -> int:
        return len(self.reached) + len(self.missing)


def reach_of(figures: Iterable[Figures], day: date | None = None) -> Reach:
    """Of those that were members on a day: the webinar's, or today."""
    heard = {
        city_id for one in figures for city_id, turnout in one.cities.items() if turnout.reached
    }
    members = db.session.scalars(member_cities(day or utcnow().date())).all()
    by_name = sorted(members, key=city_name)
    reached = [city for city in by_name if city.id in heard]
    return Reach(reached, [city for city in by_name if city.id not in heard])


def reach_sentence(reach: Reach) -> str:
    if not reach.count:
        return _("The network had no member cities then.")
    return ngettext(
        "%(reached)s of one city was reached.",
        "%(reached)s of %(num)s cities were reached.",
        reach.count,
        reached=len(reach.reached),
    )


def reach_map(reach: Reach) -> str:
    """The network with the reached cities filled."""
    cities = sorted([*reach.reached, *reach.missing], key=lambda city: city.id)
    said = _("The network drawn as a line map. Filled: the cities that were reached.")
    return filled_map(cities, reach.reached, f"{said} {reach_sentence(reach)}")
