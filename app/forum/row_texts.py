"""Rows of lists as HTML: kept for everybody, with one reader's news laid in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Protocol

from markupsafe import Markup

from app.core.clock import utcnow
from app.core.fragments import Key, fragment, many_fragments, token_place
from app.core.i18n import language
from app.core.templating import elapsed, rendered
from app.forum.listing import ThreadList
from app.forum.reach import NETWORK, PEOPLE, TOPICS, Reach
from app.forum.rows import FACTS, Line, ThreadRow, rows_of
from app.forum.walking import SharedPage

NEWS = "\x1e"  # in a kept text: between its pieces, of which each reader sees some
PIECES = 7  # of a row: its number, up to its class, up to its address, that of who has read it,
# that of who has not, the rest up to the news, the end
facts_of = attrgetter(*(fact.key for fact in FACTS))


class News(Protocol):
    """What is new in one thread for one reader."""

    @property
    def unread_count(self) -> int: ...
    @property
    def is_unread(self) -> bool: ...


def list_rows(listed: ThreadList) -> Markup:
    """All rows of a page of conversations."""
    if listed.shared is None:
        return thread_rows(listed.reach, listed.page.rows)
    text = _shared_text(listed.reach, listed.shared)
    return laid(text, {mark.id: mark for mark in listed.page.rows})


def thread_rows(reach: Reach, lines: Sequence[Line]) -> Markup:
    """The rows of these threads."""
    return laid("".join(texts_of(reach, lines)), {line.id: line for line in lines})


def _shared_text(reach: Reach, page: SharedPage) -> str:
    """The rows of a page in one text. "2 hours ago" may be late by a minute, as for visitors."""
    zone = _zone(reach) if page.waits else ""
    key = ("list_rows", *page.key, *_made_from(reach), language(), _minute(), zone)
    return fragment(key, lambda: "".join(texts_of(reach, page.lines())))


def key_of_rows(reach: Reach) -> Key:
    """What rows are made from, apart from their threads, for all who reach the same."""
    made_from = (*_made_from(reach), language(), _minute(), _zone(reach))
    return reach.key("thread_rows", reach.topics, *made_from)


def _minute() -> int:
    return int(utcnow().timestamp()) // 60


def texts_of(reach: Reach, lines: Sequence[Line]) -> list[str]:
    """The rows of these threads, with all that any reader may see in them."""
    made_from, zone = (*_made_from(reach), language(), reach.is_member), _zone(reach)
    keys = {_key(made_from, zone, line): line for line in lines}

    def make(missing: list[Key]) -> dict[Key, str]:
        return _made(reach, {key: keys[key] for key in missing})

    return many_fragments(list(keys), make)


def _made_from(reach: Reach) -> Key:
    found = reach.generations
    return (found[PEOPLE], found[NETWORK], found[TOPICS])


def _key(made_from: Key, zone: str, line: Line) -> Key:
    """All that a row says. Moments stand in it as far as they are said: "2 hours ago"."""
    days = line.days_left
    waits = None if days is None else (days, zone)
    return ("thread_row", *made_from, elapsed(line.last_post_at), waits, *facts_of(line))


def _made(reach: Reach, missing: dict[Key, Line]) -> dict[Key, str]:
    """Threads that went away since their lines were read have no row."""
    rows, zone = rows_of(reach, [line.id for line in missing.values()]), _zone(reach)
    return {
        key: _row(rows[line.id], zone) if line.id in rows else "" for key, line in missing.items()
    }


def _row(row: ThreadRow, zone: str) -> str:
    """Nothing that people write can look like the end of a piece."""
    place = f"{token_place()}-news"
    text = rendered("forum/_thread_row.html", row=row, zone=zone, NEWS=place)
    return text.replace(NEWS, "").replace(place, NEWS)


def laid(text: str, news: Mapping[int, News]) -> Markup:
    """The text of rows as one reader sees it."""
    parts: list[str] = []
    counts = {one.unread_count for one in news.values() if one.is_unread}
    told = {count: _news_text(count) for count in counts}
    for thread_id, start, head, read, unread, rest, end in pieces_of(text, PIECES):
        found = news.get(int(thread_id))
        if found is None or not found.is_unread:
            parts += (start, head, read, rest, end)
        else:
            address = unread if found.unread_count else read
            parts += (start, " unread", head, address, rest, told[found.unread_count], end)
    return Markup("".join(parts))  # noqa: S704 - rendered by our templates


def pieces_of(text: str, count: int) -> Iterator[tuple[str, ...]]:
    """The pieces of each row, of which it has so many."""
    pieces = iter(text.split(NEWS)[1:])
    return zip(*[pieces] * count, strict=True)


def _news_text(count: int) -> str:
    key = ("thread_news", language(), count)
    return fragment(key, lambda: rendered("forum/_thread_news.html", count=count))


def _zone(reach: Reach) -> str:
    return reach.viewer.timezone if reach.viewer else "UTC"
