"""What the home page shows: what is next, what is new, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.i18n import _
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.front_lists import front_lists
from app.forum.listing import listed_anywhere
from app.forum.own_news import own_news
from app.forum.reach import TOPICS, Reach, reach_of
from app.forum.rows import Line
from app.home.front_parts import (
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


@dataclass(frozen=True)
class MemberPage:
    """`first_threads` are there when the chosen list is empty."""

    reach: Reach
    has_next: bool
    next_panel: Markup
    timetable: Markup
    network_map: Markup
    newest_cities: Markup
    chosen: Show
    lists_head: Markup
    threads: list[Line]
    first_threads: list[Line]
    to_answer: list[Line]
    topic_stops: Markup


@dataclass(frozen=True)
class VisitorPage:
    """`waits`: signed in, not approved yet."""

    reach: Reach
    timetable: Markup
    network_map: Markup
    network_size: str
    newest_cities: Markup
    threads: list[Line]
    waits: bool


def member_page(viewer: User, chosen: Show) -> MemberPage:
    reach, ahead = reach_of(viewer), coming(viewer, utcnow())
    lists = front_lists(reach, viewer, chosen)
    lines = topic_lines(reach)
    new_count = sum(line.unread_count for line in lines)
    since = new_since(lists.threads, ahead.zone) if chosen is Show.NEW else None
    return MemberPage(
        reach=reach,
        has_next=ahead.next is not None,
        next_panel=next_panel(ahead),
        timetable=timetable(ahead, _("Coming up")),
        network_map=network_map(reach, viewer),
        newest_cities=newest_cities(reach),
        chosen=chosen,
        lists_head=lists_head(chosen, new_count, since, ahead.today),
        threads=lists.threads,
        first_threads=lists.first_threads,
        to_answer=lists.to_answer,
        topic_stops=topic_stops(lines[:SHOWN_TOPICS], reach.generations[TOPICS]),
    )


def visitor_page(viewer: User | None) -> VisitorPage:
    """What anybody may read, in no one's order of importance."""
    reach = reach_of(None)
    return VisitorPage(
        reach=reach,
        timetable=timetable(coming(None, utcnow()), _("Open webinars")),
        network_map=network_map(reach, None),
        network_size=size_words(reach),
        newest_cities=newest_cities(reach),
        threads=listed_anywhere(reach, Show.ALL).shared(FIRST_THREADS, 0).lines(),
        waits=viewer is not None,
    )


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
