"""What stands around the rows of a list: alike for all who may choose the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.core.forgery import with_token
from app.core.fragments import Key, fragment, token_place
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.listing import ThreadList
from app.forum.reach import NETWORK, PEOPLE, TOPICS, Reach
from app.forum.wording import ListWords, news_count
from app.topics.cards import TopicCard

Base = Mapping[str, Any]


def list_head(
    listed: ThreadList, words: ListWords, endpoint: str, base: Base, topic: Any
) -> Markup:
    """Which lists there are, what narrows this one, and in which order it is."""
    choice, city = listed.choice, listed.choice.city
    said = (*choice.hints, *words.chips, *words.shows, city.id if city else 0)
    topics = tuple(one.id for one in choice.topics)
    key = _key(listed, endpoint, base, said, topics, topic.id if topic else 0)
    place = f"{token_place()}-news"
    values = {"listed": listed, "words": words, "endpoint": endpoint, "base": base, "topic": topic}
    text = _kept("forum/_list_head.html", key, {**values, "NEWS": place})
    return Markup(text.replace(place, _new_count(listed)))  # noqa: S704 - rendered by our templates


def _new_count(listed: ThreadList) -> Markup:
    if not listed.new_count:
        return Markup()
    return Markup(' <span class="num">{}</span>').format(news_count(listed.new_count))


def list_pages(listed: ThreadList, endpoint: str, base: Base) -> Markup:
    """The way to the other pages."""
    key = _key(listed, endpoint, base, listed.page.number, listed.page.count)
    return _kept(
        "forum/_list_pages.html", key, {"listed": listed, "endpoint": endpoint, "base": base}
    )


def list_side(listed: ThreadList, takes_part: bool) -> Markup:
    """Beside the list of all conversations: marking them as read, and the first topics."""
    has_news = takes_part and listed.new_count > 0
    topics = tuple(one.id for one in listed.choice.topics)
    key = (language(), listed.reach.generations[TOPICS], topics, has_news)
    values = {"topics": listed.choice.topics, "has_news": has_news}
    return with_token(_kept("forum/_list_side.html", key, values))


def topic_head(reach: Reach, topic: TopicCard, can_start: bool) -> Markup:
    """What a topic is, and the way to start something in it."""
    key = (language(), reach.generations[TOPICS], topic.id, can_start)
    return _kept("topics/_head.html", key, {"topic": topic, "can_start": can_start})


def topic_aside(listed: ThreadList, topic: TopicCard, takes_part: bool) -> Markup:
    """Who runs a topic, and how the viewer follows it."""
    reach, level = listed.reach, listed.level
    made_from = (reach.generations[TOPICS], reach.generations[PEOPLE])
    found = fragment(
        ("topics/_aside.html", language(), *made_from, topic.id, level, takes_part),
        lambda: rendered(
            "topics/_aside.html",
            topic=topic,
            level=level,
            takes_part=takes_part,
            stewards=reach.cards.stewards(topic),
        ),
    )
    return with_token(found)


def _key(listed: ThreadList, endpoint: str, base: Base, *parts: Any) -> Key:
    made_from = (listed.reach.generations[TOPICS], listed.reach.generations[NETWORK])
    return (language(), *made_from, endpoint, *base.items(), listed.choice.wanted, *parts)


def _kept(template: str, key: Key, values: Mapping[str, Any]) -> Markup:
    text = fragment((template, *key), lambda: rendered(template, **values))
    return Markup(text)  # noqa: S704 - rendered by our templates
