"""Parts of the front page that many readers share, kept under all that they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.accounts.models import User
from app.core.fragments import Key
from app.core.i18n import language
from app.core.parts import places_of
from app.core.templating import elapsed, rendered
from app.core.zones import to_local
from app.forum.enums import Show
from app.forum.listing import MOST_NEW
from app.forum.wording import news_count
from app.home.pieces import Wanted, piece
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
    network's. `tongue`: the language they are told in.
    """

    found: Sequence[Found]
    zone: str
    now: datetime
    tongue: str

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
    return Coming(next_ones(viewer, now), zone_of(viewer), now, language())


def next_panel(ahead: Coming) -> Wanted:
    """The big clock of the next webinar."""
    if ahead.next is None:
        return _part("home/_next.html", ahead.tongue, row=None)
    shown = row(ahead.next[0], ahead.zone, ahead.now)
    is_mine = ahead.mine is not None
    return _part(
        "home/_next.html",
        ahead.tongue,
        row=shown,
        zone=ahead.zone,  # a moment of one zone equals the same moment of another one
        mine=is_mine,
        may_join=is_mine and shown.phase in OPEN_ROOM,
        today=ahead.today,
        elapsed=shown.starts and elapsed(shown.starts),
    )


def timetable(ahead: Coming, *, for_member: bool) -> Wanted:
    """The next few."""
    rows = (row(line, ahead.zone, ahead.now, state) for line, state in ahead.found[:MOST_NEXT])
    return _part(
        "home/_timetable.html",
        ahead.tongue,
        for_member=for_member,
        rows=tuple(rows),
        zone=ahead.zone,
        today=ahead.today,
    )


def lists_head(chosen: Show, new_count: int, since: date | None, ahead: Coming) -> Wanted:
    """What is new since when, and which lists there are."""
    today, count = ahead.today, min(new_count, MOST_NEW + 1)

    def make() -> str:
        news = news_count(count) if count else ""
        values = {"chosen": chosen, "news": news, "since": since, "today": today}
        return rendered("home/_lists.html", **values)

    return piece(("home/_lists.html", ahead.tongue, chosen, count, since, today), make)


def topic_stops(lines: Sequence[TopicLine], generation: int, tongue: str) -> Wanted:
    """Topics with what is new in them."""
    by_key: dict[Key, TopicLine] = {
        ("home_topic", tongue, generation, line.topic.id, line.unread_count): line for line in lines
    }

    def make(missing: Sequence[Key]) -> dict[Key, str]:
        return {key: rendered("home/_stop.html", stop=by_key[key]) for key in missing}

    return Wanted(list(by_key), make)


def member_frame(tongue: str, names: Sequence[str], states: Mapping[str, bool]) -> Wanted:
    """All that no reader sees differently, with places for what has these names."""
    key = ("home/_member.html", tongue, *states.values())
    return piece(key, lambda: rendered("home/_member.html", **states, **places_of(names)))


def _part(template: str, tongue: str, **values: Any) -> Wanted:
    key = (template, tongue, *values.values())
    return piece(key, lambda: rendered(template, **values))
