"""The network map of actual cities, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from markupsafe import Markup

from app.core.i18n import _, language, ngettext
from app.network.line_drawing import draw
from app.network.line_map import Stop, founding_stops
from app.network.models import City
from app.network.naming import name_of


def line_map(
    cities: Iterable[City], hub: City | str | None = None, you: City | str | None = None
) -> Markup:
    """The map. `hub` is the city that hosts, `you` the reader's own; rows or slugs."""
    drawn = [_stop(city) for city in cities]
    labels = {stop.key: stop.label for stop in drawn}
    host, own = _slug(hub), _slug(you)
    sentence = _sentence(len(drawn), labels.get(host, ""), labels.get(own, ""))
    return draw(tuple(drawn), sentence, host, own)


def filled_map(cities: Iterable[City], full: Collection[City], sentence: str) -> Markup:
    """The map with some of its stops filled. `sentence` says which these are."""
    drawn = tuple(_stop(city) for city in cities)
    return draw(drawn, sentence, full=frozenset(city.slug for city in full))


def network_picture() -> Markup:
    """The founding cities, for pages that ask no database."""
    return draw(tuple(founding_stops()), _("The founding cities of the network as a line map."))


def end_of_line_map() -> Markup:
    """The founding cities and a dotted line that leads nowhere, for addresses without a page."""
    sentence = _("The network of cities drawn as a line map, with a dotted line that ends nowhere.")
    return draw(tuple(founding_stops()), sentence, lost=_("You are here"))


def _stop(city: City) -> Stop:
    name = name_of(city)
    lang = "" if name.language == language() else name.language
    return Stop(city.slug, name.text, city.latitude, city.longitude, lang)


def _slug(city: City | str | None) -> str:
    return city.slug if isinstance(city, City) else city or ""


def _sentence(count: int, host: str, own: str) -> str:
    parts = [
        ngettext(
            "The network drawn as a line map with %(num)d city.",
            "The network drawn as a line map with %(num)d cities.",
            count,
        )
    ]
    if host:
        parts.append(_("%(city)s hosts.", city=host))
    if own:
        parts.append(_("%(city)s is your city.", city=own))
    return " ".join(parts)
