"""Rows of lists as HTML: kept for everybody, with one reader's news laid in."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.core.fragments import Key, fragment, many_fragments
from app.core.i18n import language
from app.core.templating import elapsed, rendered
from app.forum.reach import NETWORK, PEOPLE, TOPICS, Reach
from app.forum.rows import FACTS, Line, rows_of

NEWS = "\x1e"  # where a reader's own news stand: first in the class of a row, last at its end


def thread_rows(reach: Reach, lines: Sequence[Line]) -> Markup:
    """All rows of a page of a list."""
    keys = {_key(reach, line): line for line in lines}

    def make(missing: list[Key]) -> dict[Key, str]:
        return _made(reach, {key: keys[key] for key in missing})

    texts = many_fragments(list(keys), make)
    laid = (_with_news(text, line) for text, line in zip(texts, keys.values(), strict=True))
    return Markup("".join(laid))  # noqa: S704 - rendered by our templates


def _key(reach: Reach, line: Line) -> Key:
    """All that a row says. Moments stand in it as far as they are said: "2 hours ago"."""
    made_from = (reach.generations[PEOPLE], reach.generations[NETWORK], reach.generations[TOPICS])
    days = line.days_left
    waits = None if days is None else (days, _zone(reach))
    said = (language(), reach.is_member, elapsed(line.last_post_at), waits, line.unread_count > 0)
    return ("thread_row", *made_from, *said, *(getattr(line, fact.key) for fact in FACTS))


def _made(reach: Reach, missing: dict[Key, Line]) -> dict[Key, str]:
    rows = rows_of(reach.viewer, [line.id for line in missing.values()])
    return {
        key: rendered(
            "forum/_thread_row.html",
            row=rows[line.id],
            has_unread=line.unread_count > 0,
            zone=_zone(reach),
            NEWS=NEWS,
        )
        for key, line in missing.items()
    }


def _with_news(text: str, line: Line) -> str:
    if not line.is_unread:
        return text.replace(NEWS, "")
    head, rest = text.split(NEWS, 1)
    body, tail = rest.rsplit(NEWS, 1)
    key = ("thread_news", language(), line.unread_count)
    news = fragment(key, lambda: rendered("forum/_thread_news.html", count=line.unread_count))
    return f"{head} unread{body}{news}{tail}"


def _zone(reach: Reach) -> str:
    return reach.viewer.timezone if reach.viewer else "UTC"
