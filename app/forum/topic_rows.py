"""The list of topics as HTML: kept for all who reach the same, with one reader's news laid in."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.core.clock import utcnow
from app.core.fragments import fragment, token_place
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.own_news import own_news
from app.forum.reach import TOPICS, Reach
from app.forum.row_texts import NEWS, pieces_of
from app.forum.topic_counts import TopicCounts, held_by_topic

PIECES = 4  # of a row: its number, up to its class, up to the news, the end


def topic_rows(reach: Reach) -> Markup:
    """Every topic whose name the viewer may know, with what they find in it."""
    minute = int(utcnow().timestamp()) // 60
    key = reach.key("topic_rows", reach.topics, reach.generations[TOPICS], language(), minute)
    return _laid(fragment(key, lambda: _texts(reach)), own_news(reach).by_topic)


def _texts(reach: Reach) -> str:
    place, held, none = f"{token_place()}-news", held_by_topic(reach), TopicCounts()
    texts = (
        rendered("topics/_row.html", topic=card, found=held.get(card.id, none), NEWS=place)
        for card in reach.cards.listed_to(reach.topics)
    )
    return "".join(text.replace(NEWS, "").replace(place, NEWS) for text in texts)


def _laid(text: str, news: Mapping[int, int]) -> Markup:
    parts: list[str] = []
    told = {count: _news_text(count) for count in {*news.values()} if count}
    for topic_id, start, body, end in pieces_of(text, PIECES):
        count = news.get(int(topic_id), 0)
        parts += (start, " unread", body, told[count], end) if count else (start, body, end)
    return Markup("".join(parts))  # noqa: S704 - rendered by our templates


def _news_text(count: int) -> str:
    key = ("topic_news", language(), count)
    return fragment(key, lambda: rendered("topics/_row_news.html", count=count))
