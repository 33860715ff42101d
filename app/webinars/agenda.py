"""The programme of a webinar: its items and when each begins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.webinars.models import AgendaItem, Webinar


@dataclass(frozen=True)
class AgendaRow:
    """One row as a form has it. `id` names the item it changes; rows without a title are gone."""

    title: str
    minutes: int | None = None
    detail: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Stop:
    """An item of the programme. `starts_at` is None after an item of unknown length."""

    item: AgendaItem
    starts_at: datetime | None


def replace_agenda(webinar: Webinar, rows: Sequence[AgendaRow]) -> None:
    """Make the programme what the rows say. Items keep their ids: notes hang on them."""
    kept = {item.id: item for item in webinar.agenda}
    items = []
    for position, row in enumerate((row for row in rows if row.title), start=1):
        item = kept.pop(row.id, None) if row.id else None
        items.append(_fill(item or AgendaItem(), row, position))
    webinar.agenda = items


def _fill(item: AgendaItem, row: AgendaRow, position: int) -> AgendaItem:
    item.title, item.minutes, item.detail = row.title, row.minutes, row.detail
    item.position = position
    return item


def stops(webinar: Webinar) -> list[Stop]:
    """The programme with computed times."""
    lengths = [item.minutes for item in webinar.agenda]
    known = list(itertools.takewhile(lambda minutes: minutes is not None, lengths))
    begins: list[datetime | None] = [webinar.starts_at, *itertools.repeat(None, len(lengths))]
    for index, minutes in enumerate(known):
        begins[index + 1] = _later(begins[index], minutes)
    return [Stop(item, begin) for item, begin in zip(webinar.agenda, begins, strict=False)]


def _later(moment: datetime | None, minutes: int | None) -> datetime | None:
    return moment and moment + timedelta(minutes=minutes or 0)


def minutes_in_all(webinar: Webinar) -> int:
    """The length of the programme; items without a length count nothing."""
    return sum(item.minutes or 0 for item in webinar.agenda)
