"""Parts of the front page that many readers share, kept under all that they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from app.accounts.models import User
from app.core.fragments import Key, many_fragments
from app.core.i18n import language
from app.core.parts import part
from app.core.templating import elapsed, rendered
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.wording import news_count
from app.topics.cards import TopicCard
from app.webinars.enums import Phase, RegistrationState
from app.webinars.lines import HAS_PLACE, MOST_NEXT, Line, next_ones
from app.webinars.timetable import row, zone_of

OPEN_ROOM = {Phase.LOBBY, Phase.LIVE, Phase.OVERRUN}

Found = tuple[Line, RegistrationState | None]


@dataclass(frozen=True)
class TopicLine:
    """How many threads of a topic are new for the viewer, or hold something new."""

    topic: TopicCard
    unread_count: int


@dataclass(frozen=True)
class Coming:
    """The webinars ahead, in the order of time. `next` is the viewer's own next one, else the
    network's.
    """

    found: Sequence[Found]
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        return to_local(self.now, self.zone).date()

    @property
    def mine(self) -> Found | None:
        return next((one for one in self.found if one[1] in HAS_PLACE), None)

    @property
    def next(self) -> Found | None:
        return self.mine or next(iter(self.found), None)


def coming(viewer: User | None, now: datetime) -> Coming:
    """What is ahead in the viewer's zone. Cancelled ones are told in the schedule, not here."""
    return Coming(next_ones(viewer, now), zone_of(viewer), now)


def next_panel(ahead: Coming) -> Markup:
    """The big clock of the next webinar."""
    if ahead.next is None:
        return part("home/_next.html", row=None)
    shown = row(ahead.next[0], ahead.zone, ahead.now)
    is_mine = ahead.mine is not None
    return part(
        "home/_next.html",
        row=shown,
        zone=ahead.zone,  # a moment of one zone equals the same moment of another one
        mine=is_mine,
        may_join=is_mine and shown.phase in OPEN_ROOM,
        today=ahead.today,
        elapsed=shown.starts and elapsed(shown.starts),
    )


def timetable(ahead: Coming, heading: str) -> Markup:
    """The next few."""
    rows = (row(line, ahead.zone, ahead.now, state) for line, state in ahead.found[:MOST_NEXT])
    return part(
        "home/_timetable.html",
        heading=heading,
        rows=tuple(rows),
        zone=ahead.zone,
        today=ahead.today,
    )


def lists_head(chosen: Show, new_count: int, since: date | None, today: date) -> Markup:
    """What is new since when, and which lists there are."""
    news = news_count(new_count) if new_count else ""
    return part("home/_lists.html", chosen=chosen, news=news, since=since, today=today)


def topic_stops(lines: Sequence[TopicLine], generation: int) -> Markup:
    """Topics with what is new in them."""
    place = (language(), generation)
    by_key: dict[Key, TopicLine] = {
        ("home_topic", *place, line.topic.id, line.unread_count): line for line in lines
    }

    def make(missing: list[Key]) -> dict[Key, str]:
        return {key: rendered("home/_stop.html", stop=by_key[key]) for key in missing}

    return Markup("".join(many_fragments(list(by_key), make)))  # noqa: S704 - our template
