"""What the home page shows: what is next, what is new, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.i18n import _
from app.core.parts import part
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.front_lists import FrontLists, front_lists
from app.forum.listing import listed_anywhere
from app.forum.own_news import own_news
from app.forum.reach import TOPICS, Reach, reach_of
from app.forum.row_texts import thread_rows
from app.forum.rows import Line
from app.home.front_parts import (
    Coming,
    TopicLine,
    coming,
    lists_head,
    next_panel,
    timetable,
    topic_stops,
)
from app.home.network_parts import network_map, newest_cities, size_words

SHOWN_TOPICS = 6
FIRST_THREADS = 3


def member_page(viewer: User, chosen: Show) -> Markup:
    """All between head and foot: what nobody sees differently is kept, the rest laid into it."""
    reach, ahead = reach_of(viewer), coming(viewer, utcnow())
    lists, lines = front_lists(reach, viewer, chosen), topic_lines(reach)
    drawn = network_map(reach, viewer)
    own = {
        "next_panel": next_panel(ahead),
        "network_map": drawn,
        "lists_head": _lists_head(chosen, lists, lines, ahead),
        "threads": thread_rows(reach, lists.threads),
        "first_threads": thread_rows(reach, lists.first_threads),
        "to_answer": thread_rows(reach, lists.to_answer),
        "timetable": timetable(ahead, _("Coming up")),
        "topic_stops": topic_stops(lines[:SHOWN_TOPICS], reach.generations[TOPICS]),
        "newest_cities": newest_cities(reach),
    }
    return part(
        "home/_member.html",
        own,
        has_next=ahead.next is not None,
        has_map=bool(drawn),
        shows_news=chosen is Show.NEW,
        has_threads=bool(lists.threads),
        has_first=bool(lists.first_threads),
        has_questions=bool(lists.to_answer),
    )


def _lists_head(
    chosen: Show, lists: FrontLists, lines: Sequence[TopicLine], ahead: Coming
) -> Markup:
    new_count = sum(line.unread_count for line in lines)
    since = new_since(lists.threads, ahead.zone) if chosen is Show.NEW else None
    return lists_head(chosen, new_count, since, ahead.today)


def visitor_page(viewer: User | None) -> Markup:
    """What anybody may read, in no one's order of importance. Signed in, a viewer still waits."""
    reach = reach_of(None)
    drawn = network_map(reach, None)
    threads = listed_anywhere(reach, Show.ALL).shared(FIRST_THREADS, 0).lines()
    own = {
        "network_map": drawn,
        "network_size": size_words(reach),
        "threads": thread_rows(reach, threads),
        "timetable": timetable(coming(None, utcnow()), _("Open webinars")),
        "newest_cities": newest_cities(reach),
    }
    states = {"has_map": bool(drawn), "has_threads": bool(threads), "waits": viewer is not None}
    return part("home/_visitor.html", own, **states)


def topic_lines(reach: Reach) -> list[TopicLine]:
    """All topics the viewer reads, those with the most new threads first."""
    news = own_news(reach).by_topic
    lines = [TopicLine(topic, news.get(topic.id, 0)) for topic in reach.cards.of(reach.topics)]
    return sorted(lines, key=lambda line: -line.unread_count)


def show_named(read: str | None) -> Show:
    """The list an address asks for; anything unknown is what is new."""
    return Show(read) if read in set(Show) else Show.NEW


def new_since(listed: Sequence[Line], tzid: str) -> date | None:
    """The day, where the reader is, since which everything new on the page is new."""
    news = (to_local(row.last_post_at, tzid).date() for row in listed if row.is_unread)
    return min(news, default=None)
