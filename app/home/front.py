"""What the home page shows: what is next, what is new, who is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from markupsafe import Markup

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.i18n import language
from app.core.parts import laid_in, part
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.front_lists import FrontLists, front_lists
from app.forum.front_rows import row_keys, rows_made
from app.forum.listing import listed_anywhere
from app.forum.own_news import Mark, OwnNews, own_news
from app.forum.reach import TOPICS, Reach, reach_of
from app.forum.row_texts import laid, thread_rows
from app.home.front_parts import (
    Coming,
    TopicLine,
    coming,
    lists_head,
    member_frame,
    next_panel,
    timetable,
    topic_stops,
)
from app.home.network_parts import network_map, newest_cities, size_words
from app.home.pieces import Wanted, joined

SHOWN_TOPICS = 6
FIRST_THREADS = 3
ROWS = ("threads", "first_threads", "to_answer")
FRAME = "frame"


@dataclass(frozen=True)
class Front:
    """The page of a member: the texts it is put together from, and what in its rows is new."""

    chosen: Show
    wanted: Mapping[str, Wanted]
    marks: Mapping[int, Mark]


def front_of(viewer: User, chosen: Show) -> Front:
    """All that has to be read for it; no text is made yet."""
    reach, ahead = reach_of(viewer), coming(viewer, utcnow())
    lists = front_lists(reach, viewer, chosen)
    news = own_news(reach, lists.ids)
    wanted = _wanted(reach, viewer, ahead) | _news_wanted(reach, lists, news, ahead)
    frame = member_frame(ahead.tongue, list(wanted), _states(lists, ahead))
    return Front(chosen, wanted | {FRAME: frame}, news.marks)


def main_of(front: Front) -> str:
    """All between head and foot, with places for address and token."""
    texts = joined(front.wanted)
    frame = texts.pop(FRAME)
    return laid_in(frame, texts | {name: laid(texts[name], front.marks) for name in ROWS})


def _wanted(reach: Reach, viewer: User, ahead: Coming) -> dict[str, Wanted]:
    return {
        "next_panel": next_panel(ahead),
        "network_map": network_map(reach, viewer, ahead.tongue),
        "timetable": timetable(ahead, for_member=True),
        "newest_cities": newest_cities(reach, ahead.tongue),
    }


def _news_wanted(
    reach: Reach, lists: FrontLists, news: OwnNews, ahead: Coming
) -> dict[str, Wanted]:
    lines, since = topic_lines(reach, news), new_since(lists, news.marks, ahead.zone)
    count = sum(line.unread_count for line in lines)
    shown = lines[:SHOWN_TOPICS]
    return {
        "lists_head": lists_head(lists.chosen, count, since, ahead),
        "topic_stops": topic_stops(shown, reach.generations[TOPICS], ahead.tongue),
        **{name: _rows(reach, getattr(lists, name)) for name in ROWS},
    }


def _rows(reach: Reach, ids: Sequence[int]) -> Wanted:
    return Wanted(row_keys(reach, ids), partial(rows_made, reach))


def _states(lists: FrontLists, ahead: Coming) -> dict[str, bool]:
    return {
        "has_next": ahead.next is not None,
        "shows_news": lists.chosen is Show.NEW,
        "has_threads": bool(lists.threads),
        "has_first": bool(lists.first_threads),
        "has_questions": bool(lists.to_answer),
    }


def visitor_page(viewer: User | None) -> Markup:
    """What anybody may read, in no one's order of importance. Signed in, a viewer still waits."""
    reach, tongue = reach_of(None), language()
    threads = listed_anywhere(reach, Show.ALL).shared(FIRST_THREADS, 0).lines()
    texts = joined(
        {
            "network_map": network_map(reach, None, tongue),
            "timetable": timetable(coming(None, utcnow()), for_member=False),
            "newest_cities": newest_cities(reach, tongue),
        }
    )
    own = {
        **{name: Markup(text) for name, text in texts.items()},  # noqa: S704 - our templates
        "network_size": size_words(reach),
        "threads": thread_rows(reach, threads),
    }
    states = {"has_threads": bool(threads), "waits": viewer is not None}
    return part("home/_visitor.html", own, **states)


def topic_lines(reach: Reach, news: OwnNews) -> list[TopicLine]:
    """All topics the viewer reads, those with the most new threads first."""
    lines = [
        TopicLine(topic, news.by_topic.get(topic.id, 0)) for topic in reach.cards.of(reach.topics)
    ]
    return sorted(lines, key=lambda line: -line.unread_count)


def show_named(read: str | None) -> Show:
    """The list an address asks for; anything unknown is what is new."""
    return Show(read) if read in set(Show) else Show.NEW


def new_since(lists: FrontLists, marks: Mapping[int, Mark], tzid: str) -> date | None:
    """The day, where the reader is, since which everything new on the page is new."""
    unread = (at for one, at in lists.moments.items() if one in marks and marks[one].is_unread)
    first = min(unread, default=None)
    return to_local(datetime.fromisoformat(first), tzid).date() if first else None
