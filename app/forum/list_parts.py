"""What stands above and below the rows of a list: alike for all who may choose the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.core.fragments import Key, fragment
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.listing import ThreadList
from app.forum.reach import NETWORK, TOPICS
from app.forum.wording import ListWords

Base = Mapping[str, Any]


def list_head(
    listed: ThreadList, words: ListWords, endpoint: str, base: Base, topic: Any
) -> Markup:
    """Which lists there are, what narrows this one, and in which order it is."""
    choice, city = listed.choice, listed.choice.city
    said = (*choice.hints, *words.chips, *words.shows, city.id if city else 0)
    topics = tuple(one.id for one in choice.topics)
    key = _key(listed, endpoint, base, listed.new_count, said, topics, topic.id if topic else 0)
    values = {"listed": listed, "words": words, "endpoint": endpoint, "base": base, "topic": topic}
    return _kept("forum/_list_head.html", key, values)


def list_pages(listed: ThreadList, endpoint: str, base: Base) -> Markup:
    """The way to the other pages."""
    key = _key(listed, endpoint, base, listed.page.number, listed.page.count)
    return _kept(
        "forum/_list_pages.html", key, {"listed": listed, "endpoint": endpoint, "base": base}
    )


def _key(listed: ThreadList, endpoint: str, base: Base, *parts: Any) -> Key:
    made_from = (listed.reach.generations[TOPICS], listed.reach.generations[NETWORK])
    return (language(), *made_from, endpoint, *base.items(), listed.choice.wanted, *parts)


def _kept(template: str, key: Key, values: Mapping[str, Any]) -> Markup:
    text = fragment((template, *key), lambda: rendered(template, **values))
    return Markup(text)  # noqa: S704 - rendered by our templates
