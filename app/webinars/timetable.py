"""Webinars as a reader's timetable: hours in the reader's zone, grouped by day and by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import cast

from app.accounts.models import User
from app.core.zones import to_local
from app.webinars.enums import DatePrecision, Phase, RegistrationState
from app.webinars.lines import Line
from app.webinars.models import Webinar
from app.webinars.phases import phase

DEFAULT_ZONE = "Europe/Brussels"


@dataclass(frozen=True)
class Row:
    """One webinar in a list. The hours are None when only the day or the year is known."""

    webinar: Webinar | Line
    starts: datetime | None
    ends: datetime | None
    day: date | None
    year: int
    phase: Phase
    state: RegistrationState | None = None


def zone_of(viewer: User | None) -> str:
    """The zone in which this reader is told hours."""
    return viewer.timezone if viewer else DEFAULT_ZONE


def rows(
    webinars: Iterable[Webinar | Line],
    tzid: str,
    now: datetime,
    states: Mapping[int, RegistrationState],
) -> list[Row]:
    return [row(webinar, tzid, now, states.get(webinar.id)) for webinar in webinars]


def row(
    webinar: Webinar | Line, tzid: str, now: datetime, state: RegistrationState | None = None
) -> Row:
    starts, ends = _local(webinar, webinar.starts_at, tzid), _local(webinar, webinar.ends_at, tzid)
    day = _day(webinar, starts)
    year = day.year if day else webinar.year or webinar.sorts_at.year
    return Row(webinar, starts, ends, day, year, phase(cast(Webinar, webinar), now), state)


def _local(webinar: Webinar | Line, moment: datetime | None, tzid: str) -> datetime | None:
    if moment is None or webinar.date_precision != DatePrecision.MINUTE:
        return None
    return to_local(moment, tzid)


def _day(webinar: Webinar | Line, starts: datetime | None) -> date | None:
    """A day without an hour stays the day of its own zone: days are never shifted."""
    if starts:
        return starts.date()
    return webinar.start_local.date() if webinar.start_local else None


def by_day(listed: Sequence[Row]) -> list[tuple[date | None, list[Row]]]:
    return [(day, list(group)) for day, group in groupby(listed, key=lambda row: row.day)]


def by_year(listed: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    return [(year, list(group)) for year, group in groupby(listed, key=lambda row: row.year)]
