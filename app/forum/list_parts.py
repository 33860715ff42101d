"""A page of a list, put together out of parts: all but its rows are alike for many readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.accounts.permissions import may_take_part
from app.core.fragments import Key, fragment, thin
from app.core.i18n import language
from app.core.parts import laid_in, places_of
from app.core.templating import rendered
from app.forum.listing import ThreadList
from app.forum.reach import NETWORK, PEOPLE, TOPICS
from app.forum.row_texts import list_rows
from app.forum.wording import SHOWS, list_words, news_count
from app.topics.cards import TopicCard

ASKED = {"show", "page"}
PLAIN = re.compile(r"[a-z]+|[0-9]+", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a list lives, with the values in its address. `topic`: the one whose page it is."""

    endpoint: str
    base: Mapping[str, Any] = field(default_factory=dict)
    topic: TopicCard | None = None


def framed(template: str, key: Key, laid: Mapping[str, str], **values: Any) -> str:
    """A text that is kept by this key and the language, with others laid in by their names.

    The key says all that the values do. Tokens and the address still have their places.
    """

    def make() -> str:
        return thin(rendered(template, **values, **places_of(laid)))

    return laid_in(fragment((template, language(), *key), make), laid)


def plain_values(query: str) -> dict[str, str] | None:
    """What an address asks of a list, in words that say themselves. None: it asks for more."""
    pairs = [one.split("=") for one in query.split("&")] if query else []
    values = {pair[0]: pair[-1] for pair in pairs}
    is_plain = all(len(pair) == 2 and PLAIN.fullmatch(pair[1]) for pair in pairs)
    return values if is_plain and len(values) == len(pairs) and values.keys() <= ASKED else None


def list_body(listed: ThreadList, place: Place) -> str:
    """What can be chosen, the rows, and the way to the other pages."""
    wanted, laid = listed.choice.wanted, {"HEAD": _head(listed, place)}
    has_rows, takes_part = bool(listed.page.rows), may_take_part(listed.reach.viewer)
    if has_rows:
        laid |= {"ROWS": list_rows(listed), "PAGES": _pages(listed, place)}
    said = wanted.show if has_rows else wanted
    key = (*_basis(listed, place), said, has_rows, takes_part)
    values = {"wanted": wanted, "has_rows": has_rows, "takes_part": takes_part}
    return framed("forum/_list.html", key, laid, names=SHOWS, **values, **vars(place))


def list_side(listed: ThreadList) -> str:
    """Beside the list of all conversations: marking them as read, and the first topics."""
    has_news = may_take_part(listed.reach.viewer) and listed.new_count > 0
    key = (listed.reach.generations[TOPICS], _topics(listed), has_news)
    values = {"topics": listed.choice.topics, "has_news": has_news}
    return framed("forum/_list_side.html", key, {}, **values)


def topic_aside(listed: ThreadList, topic: TopicCard) -> str:
    """Who runs a topic, and how the viewer follows it."""
    reach, level, takes_part = listed.reach, listed.level, may_take_part(listed.reach.viewer)
    made_from = (reach.generations[TOPICS], reach.generations[PEOPLE])

    def make() -> str:
        values = {"topic": topic, "level": level, "takes_part": takes_part}
        return rendered("topics/_aside.html", stewards=reach.cards.stewards(topic), **values)

    key = ("topics/_aside.html", language(), *made_from, topic.id, level, takes_part)
    return fragment(key, lambda: thin(make()))


def _head(listed: ThreadList, place: Place) -> str:
    """Which lists there are, what narrows this one, and in which order it is."""
    choice, viewer = listed.choice, listed.reach.viewer

    def make() -> str:
        words = list_words(viewer, choice, place.topic or choice.topic, listed.reach)
        values = {"listed": listed, "words": words, **vars(place), **places_of(["NEWS"])}
        return thin(rendered("forum/_list_head.html", **values))

    city = choice.city.id if choice.city else 0
    key = (*_basis(listed, place), choice.wanted, *choice.hints, city, _topics(listed))
    text = fragment(("forum/_list_head.html", language(), viewer is None, *key), make)
    return laid_in(text, {"NEWS": _new_count(listed)})


def _new_count(listed: ThreadList) -> str:
    """Of what nobody wrote: nothing in it has to be escaped."""
    count = listed.new_count
    return f' <span class="num">{news_count(count)}</span>' if count else ""


def _pages(listed: ThreadList, place: Place) -> str:
    """The way to the other pages."""
    page, wanted = listed.page, listed.choice.wanted
    key = (*_basis(listed, place), wanted, page.number, page.count)
    return framed("forum/_list_pages.html", key, {}, listed=listed, **vars(place))


def _basis(listed: ThreadList, place: Place) -> Key:
    found, topic = listed.reach.generations, place.topic
    made_from = (found[TOPICS], found[NETWORK], topic.id if topic else 0)
    return (*made_from, place.endpoint, *place.base.items())


def _topics(listed: ThreadList) -> tuple[int, ...]:
    return tuple(one.id for one in listed.choice.topics)
