"""What the two registers share: their filters, as an address has them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import abort, request

from app.accounts.login import viewer
from app.core.forms import tidy
from app.forum.reach import Reach, reach_of
from app.network.queries import city_facts
from app.notes.registers import Wanted

ROWS_A_PAGE = 50
LONGEST_WORDS = 100
FIRST_YEAR, LAST_YEAR = 1900, 9999
LONGEST_ID = 10

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class Filters:
    """What is wanted, and the same in the words of the address, without what says nothing."""

    wanted: Wanted
    named: dict[str, Any]
    topics: list[Any]
    city: Any = None

    def but(self, **changes: Any) -> dict[str, Any]:
        """The filters of another address: None takes one away."""
        return _said(self.named | changes)


def read_filters(more_named: dict[str, Any], **more: Any) -> Filters:
    """Raise 404 for a topic that the reader cannot read, and for a city that is none.

    What is no year counts for nothing. The others are filters of one register alone.
    """
    reach = reach_of(viewer())
    topic, city = _topic(reach), _city()
    year, webinar_id = _year(), _webinar_id()
    words = " ".join(tidy(request.args.get("q", ""))[:LONGEST_WORDS].split())
    is_mine = request.args.get("mine") == "1" and viewer() is not None
    wanted = Wanted(
        topic_id=topic.id if topic else None,
        year=year,
        city_id=city.id if city else None,
        words=words,
        webinar_id=webinar_id,
        is_mine=is_mine,
        **more,
    )
    named = {
        "topic": topic.slug if topic else None,
        "year": year,
        "city": city.slug if city else None,
        "q": words,
        "webinar": webinar_id,
        "mine": "1" if is_mine else None,
    }
    return Filters(wanted, _said(named | more_named), list(reach.cards.of(reach.topics)), city)


def one_of(kinds: type[Kind], name: str) -> Kind | None:
    """A word of the address that is one of a list; anything else is none of them."""
    read = request.args.get(name)
    return next((kind for kind in kinds if kind.value == read), None)


def _said(named: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if value}


def _topic(reach: Reach) -> Any:
    slug = request.args.get("topic")
    if not slug:
        return None
    cards = reach.cards.of(reach.topics)
    return next((card for card in cards if card.slug == slug), None) or abort(404)


def _city() -> Any:
    slug = request.args.get("city", "")
    return (city_facts(slug[:LONGEST_WORDS]) or abort(404)) if slug else None


def _year() -> int | None:
    read = request.args.get("year", "")
    is_year = read.isascii() and read.isdecimal() and len(read) == 4
    return int(read) if is_year and FIRST_YEAR <= int(read) <= LAST_YEAR else None


def _webinar_id() -> int | None:
    read = request.args.get("webinar", "")
    return int(read) if read.isascii() and read.isdecimal() and len(read) < LONGEST_ID else None
