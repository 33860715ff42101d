"""The schedule as HTML, kept for all who reach the same; one reader's registrations laid in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from markupsafe import Markup

from app.core.fragments import Key, fragment, many_fragments
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.reach import PEOPLE, TOPICS, Reach
from app.topics.cards import Cards
from app.webinars.enums import RegistrationState
from app.webinars.lines import schedule
from app.webinars.own import Own
from app.webinars.timetable import Row, by_day, by_year, rows, zone_of

STATE = "\x1e"  # around the number of a webinar: here comes how the reader is registered for it
COMING, OVER, HAS_MORE = PARTS = ("coming", "over", "has_more")


@dataclass(frozen=True)
class Choice:
    """What a schedule is narrowed to, and which page of the past it shows."""

    topic_id: int | None
    mine: bool
    number: int


@dataclass(frozen=True)
class Schedule:
    """Both lists as HTML; empty where there is nothing."""

    coming: Markup
    over: Markup
    has_more: bool


def schedule_text(reach: Reach, own: Own, now: datetime, choice: Choice) -> Schedule:
    """What the reader sees depends on no more than what is in the keys.

    The generation of people is there for the moment between two statements in which somebody
    joins a group: what is read then must never be found by others.
    """
    key = (
        *("schedule", language(), zone_of(reach.viewer), f"{now:%Y-%m-%dT%H:%M}"),
        *(own.generation, reach.generations[PEOPLE], reach.generations[TOPICS]),
        *(reach.wide[-1], reach.topics, reach.groups, own.organised),
        *(choice.topic_id, choice.number),
    )
    keys: list[Key] = [(*key, part) for part in PARTS]
    make = partial(_made, reach, now, choice)
    texts = list(make(keys).values()) if choice.mine else many_fragments(keys, make)
    coming, over = (_with_states(text, own.states) for text in texts[:2])
    return Schedule(coming, over, bool(texts[2]))


def _made(reach: Reach, now: datetime, choice: Choice, keys: list[Key]) -> dict[Key, str]:
    found = schedule(reach.viewer, now, choice.number, choice.topic_id, mine=choice.mine)
    tzid = zone_of(reach.viewer)
    coming = by_day(rows(found.coming, tzid, now, {}))
    over = by_year(rows(found.over, tzid, now, {}))
    made = {
        COMING: _grouped(reach, coming, with_day=False),
        OVER: _grouped(reach, over, with_day=True),
        HAS_MORE: "yes" if found.has_more else "",
    }
    return {key: made[str(key[-1])] for key in keys}


def _grouped(reach: Reach, groups: Sequence[tuple[Any, list[Row]]], *, with_day: bool) -> str:
    listed = [row for _head, group in groups for row in group]
    texts = iter(_texts(reach, listed, with_day=with_day))
    parts = [(head, Markup("".join(islice(texts, len(group))))) for head, group in groups]  # noqa: S704
    return rendered("webinars/_groups.html", groups=parts, by_day=not with_day)


def _texts(reach: Reach, listed: Sequence[Row], *, with_day: bool) -> list[str]:
    """A row's text depends on what is said in it alone: it outlives a change of another one."""
    place = (language(), zone_of(reach.viewer), reach.generations[TOPICS], with_day)
    by_key: dict[Key, Row] = {
        ("webinar_row", *place, one.phase, one.webinar): one for one in listed
    }
    return many_fragments(list(by_key), partial(_rows_made, reach.cards, with_day, by_key))


def _rows_made(
    cards: Cards, with_day: bool, by_key: dict[Key, Row], missing: list[Key]
) -> dict[Key, str]:
    return {
        key: rendered(
            "webinars/_row.html",
            row=by_key[key],
            topic=cards.all.get(by_key[key].webinar.topic_id or 0),
            with_day=with_day,
            STATE=STATE,
        )
        for key in missing
    }


def _with_states(text: str, states: Mapping[int, RegistrationState]) -> Markup:
    """Every second piece is the number of a webinar."""
    pieces = text.split(STATE)
    pieces[1::2] = [_state(states.get(int(number))) for number in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704 - rendered by our templates


def _state(state: RegistrationState | None) -> str:
    if state is None:
        return ""
    key = ("webinar_state", language(), state)
    return fragment(key, lambda: rendered("webinars/_own_state.html", state=state))
