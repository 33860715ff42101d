"""What the home page shows: what is next, what is new, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.listing import questions_for, threads_anywhere
from app.forum.reach import Reach, reach_of
from app.forum.rows import Line
from app.forum.topic_counts import TopicCounts, counts_by_topic
from app.home.network_parts import network_map, newest_cities
from app.network.models import City
from app.network.queries import cities_on_map
from app.topics.cards import TopicCard
from app.webinars.enums import Phase, RegistrationState
from app.webinars.lines import next_ones
from app.webinars.timetable import Row, row, zone_of

MOST_THREADS = 20
SHOWN_COMING = 4
SHOWN_TOPICS = 6
FIRST_THREADS = 3
MOST_TO_ANSWER = 2
HAS_PLACE = {RegistrationState.CONFIRMED, RegistrationState.ON_HOLD, RegistrationState.OFFERED}


@dataclass(frozen=True)
class Coming:
    """The webinars ahead. `next` is the viewer's own next one, else the network's."""

    next: Row | None
    is_mine: bool
    soon: list[Row]

    @property
    def may_join(self) -> bool:
        return (
            self.is_mine
            and self.next is not None
            and self.next.phase
            in {
                Phase.LOBBY,
                Phase.LIVE,
                Phase.OVERRUN,
            }
        )


@dataclass(frozen=True)
class Network:
    """All cities, the newest first."""

    cities: Sequence[City]


@dataclass(frozen=True)
class TopicLine:
    topic: TopicCard
    counts: TopicCounts


@dataclass(frozen=True)
class MemberPage:
    """`first_threads` are there when the chosen list is empty. `since`: all news are newer."""

    reach: Reach
    coming: Coming
    network_map: Markup
    newest_cities: Markup
    chosen: Show
    threads: list[Line]
    first_threads: list[Line]
    to_answer: list[Line]
    lines: list[TopicLine]
    new_count: int
    since: date | None
    today: date


@dataclass(frozen=True)
class VisitorPage:
    """`waits`: signed in, not approved yet."""

    reach: Reach
    coming: Coming
    network: Network
    newest_cities: Markup
    threads: list[Line]
    waits: bool
    today: date


def member_page(viewer: User, chosen: Show) -> MemberPage:
    now = utcnow()
    reach = reach_of(viewer)
    listed = threads_anywhere(reach, chosen, MOST_THREADS)
    lines = topic_lines(viewer, reach)
    return MemberPage(
        reach=reach,
        coming=coming(viewer, now),
        network_map=network_map(reach, viewer),
        newest_cities=newest_cities(reach),
        chosen=chosen,
        threads=listed,
        first_threads=[] if listed else threads_anywhere(reach, Show.ALL, FIRST_THREADS),
        to_answer=questions_for(reach, MOST_TO_ANSWER),
        lines=lines[:SHOWN_TOPICS],
        new_count=sum(line.counts.unread_count for line in lines),
        since=new_since(listed, zone_of(viewer)) if chosen is Show.NEW else None,
        today=to_local(now, zone_of(viewer)).date(),
    )


def visitor_page(viewer: User | None) -> VisitorPage:
    """What anybody may read, in no one's order of importance."""
    now = utcnow()
    reach = reach_of(None)
    return VisitorPage(
        reach=reach,
        coming=coming(None, now),
        network=Network(db.session.scalars(cities_on_map()).all()),
        newest_cities=newest_cities(reach),
        threads=threads_anywhere(reach, Show.ALL, FIRST_THREADS),
        waits=viewer is not None,
        today=to_local(now, zone_of(viewer)).date(),
    )


def coming(viewer: User | None, now: datetime) -> Coming:
    """What is ahead in the viewer's zone. Cancelled ones are told in the schedule, not here."""
    found = next_ones(viewer, now)
    mine = next((one for one in found if one[1] in HAS_PLACE), None)
    first = mine or next(iter(found), None)
    tzid = zone_of(viewer)
    return Coming(
        next=row(first[0], tzid, now, first[1]) if first else None,
        is_mine=mine is not None,
        soon=[row(line, tzid, now, state) for line, state in found[:SHOWN_COMING]],
    )


def topic_lines(viewer: User | None, reach: Reach) -> list[TopicLine]:
    """All topics the viewer reads, those with the most new threads first."""
    counts, topics = counts_by_topic(viewer, reach), reach.cards.of(reach.topics)
    lines = [TopicLine(topic, counts.get(topic.id, TopicCounts())) for topic in topics]
    return sorted(lines, key=lambda line: -line.counts.unread_count)


def show_named(read: str | None) -> Show:
    """The list an address asks for; anything unknown is what is new."""
    return Show(read) if read in set(Show) else Show.NEW


def new_since(listed: Sequence[Line], tzid: str) -> date | None:
    """The day, where the reader is, since which everything new on the page is new."""
    news = (to_local(row.last_post_at, tzid).date() for row in listed if row.is_unread)
    return min(news, default=None)
