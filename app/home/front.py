"""What the home page shows: what is next, what is new, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import null

from app.accounts.models import User
from app.accounts.queries import current_city_id
from app.core.clock import utcnow
from app.core.db import db
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.listing import ThreadRow, latest_threads, questions_for, threads_anywhere
from app.forum.topic_counts import TopicCounts, topics_with_counts
from app.network.models import City
from app.network.queries import cities_on_map
from app.topics.models import Topic
from app.webinars.enums import Phase, RegistrationState, Status
from app.webinars.models import Webinar
from app.webinars.queries import states_of, upcoming
from app.webinars.timetable import Row, rows, zone_of

MOST_THREADS = 20
MOST_COMING = 30
SHOWN_COMING = 4
SHOWN_TOPICS = 6
SHOWN_NEW_CITIES = 5
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
    """All cities, the newest first, and the viewer's own."""

    cities: Sequence[City]
    own_city: City | None

    @property
    def newest(self) -> Sequence[City]:
        return self.cities[:SHOWN_NEW_CITIES]

    @property
    def country_count(self) -> int:
        return len({city.country_code for city in self.cities})


@dataclass(frozen=True)
class TopicLine:
    topic: Topic
    counts: TopicCounts


@dataclass(frozen=True)
class MemberPage:
    """`first_threads` are there when the chosen list is empty. `since`: all news are newer."""

    coming: Coming
    network: Network
    chosen: Show
    threads: list[ThreadRow]
    first_threads: list[ThreadRow]
    to_answer: list[ThreadRow]
    lines: list[TopicLine]
    new_count: int
    since: date | None
    today: date


@dataclass(frozen=True)
class VisitorPage:
    """`waits`: signed in, not approved yet."""

    coming: Coming
    network: Network
    threads: list[ThreadRow]
    waits: bool
    today: date


def member_page(viewer: User, chosen: Show) -> MemberPage:
    now = utcnow()
    listed = threads_anywhere(viewer, chosen, MOST_THREADS)
    lines = topic_lines(viewer)
    return MemberPage(
        coming=coming(viewer, now),
        network=network(viewer),
        chosen=chosen,
        threads=listed,
        first_threads=[] if listed else latest_threads(viewer, FIRST_THREADS),
        to_answer=questions_for(viewer, MOST_TO_ANSWER),
        lines=lines[:SHOWN_TOPICS],
        new_count=sum(line.counts.unread_count for line in lines),
        since=new_since(listed, zone_of(viewer)) if chosen is Show.NEW else None,
        today=to_local(now, zone_of(viewer)).date(),
    )


def visitor_page(viewer: User | None) -> VisitorPage:
    """What anybody may read, in no one's order of importance."""
    now = utcnow()
    return VisitorPage(
        coming=coming(None, now),
        network=network(None),
        threads=latest_threads(None, FIRST_THREADS),
        waits=viewer is not None,
        today=to_local(now, zone_of(viewer)).date(),
    )


def coming(viewer: User | None, now: datetime) -> Coming:
    """What is ahead in the viewer's zone. Cancelled ones are told in the schedule, not here."""
    ahead = upcoming(viewer, now).where(Webinar.status == Status.PUBLISHED).limit(MOST_COMING)
    webinars = db.session.scalars(ahead).all()
    states = states_of(viewer, [webinar.id for webinar in webinars])
    listed = rows(webinars, zone_of(viewer), now, states)
    mine = next((row for row in listed if row.state in HAS_PLACE), None)
    return Coming(mine or next(iter(listed), None), mine is not None, listed[:SHOWN_COMING])


def network(viewer: User | None) -> Network:
    own_id = current_city_id(viewer) if viewer else null()
    rows = db.session.execute(cities_on_map().add_columns(City.id == own_id)).all()
    own = next((city for city, is_own in rows if is_own), None)
    return Network([city for city, _ in rows], own)


def topic_lines(viewer: User | None) -> list[TopicLine]:
    """All topics the viewer reads, those with the most new threads first."""
    lines = [TopicLine(topic, counts) for topic, counts in topics_with_counts(viewer)]
    return sorted(lines, key=lambda line: -line.counts.unread_count)


def show_named(read: str | None) -> Show:
    """The list an address asks for; anything unknown is what is new."""
    return Show(read) if read in set(Show) else Show.NEW


def new_since(listed: Sequence[ThreadRow], tzid: str) -> date | None:
    """The day, where the reader is, since which everything new on the page is new."""
    news = (to_local(row.last_post_at, tzid).date() for row in listed if row.is_unread)
    return min(news, default=None)
