"""A report as people and their stays, with everything that is not sure said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.attendance.enums import Column, DayOrder, ReportKind
from app.attendance.reading.decoding import Row, rows_of
from app.attendance.reading.headings import CAME, NO, WENT, YES, Columns, plain
from app.attendance.reading.layout import PEOPLE, STAYS, Layout, Table, layout_of
from app.attendance.reading.moments import (
    Written,
    moment_of,
    order_of,
    read_moment,
    seconds_in,
)
from app.attendance.reading.names import name_key

CHOSEN = (
    Column.NAME, Column.EMAIL, Column.JOINED, Column.LEFT, Column.MINUTES, Column.ACTION,
    Column.MOMENT,
)  # fmt: skip
"""Columns that an organiser may name."""
LONGEST_NAME, LONGEST_ADDRESS = 200, 254


@dataclass(frozen=True)
class Choices:
    """What the organiser says about the report. None: work it out."""

    tzid: str
    near: date | None = None  # the day of the webinar where it takes place
    order: DayOrder | None = None
    columns: Columns | None = None


@dataclass(frozen=True)
class Stay:
    """One line of one person. `minutes` as the report counts them; without `left_at`, no end."""

    name: str
    email: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Understood:
    """`order` None: nobody can say which is the day. `unread` lines say nothing of a person.

    `is_sure` False: the columns were found by what is in them, not by their names.
    """

    kind: ReportKind
    head: Row
    columns: Columns
    is_sure: bool
    order: DayOrder | None
    asks_order: bool
    stays: list[Stay]
    unread: int


@dataclass(frozen=True)
class _Line:
    name: str
    email: str
    joined: Written | None
    left: Written | None
    seconds: int | None


def understood(text: str, choices: Choices) -> Understood:
    """Raise NotAReport or TooManyLines."""
    layout, is_sure = _layout(rows_of(text), choices.columns)
    lines, unread = _lines_of(layout)
    moments = [one for line in lines for one in (line.joined, line.left) if one is not None]
    own_order = order_of(moments, choices.near)
    order = choices.order if choices.order and own_order is None else own_order
    return Understood(
        kind=layout.kind,
        head=layout.main.head,
        columns=layout.main.columns,
        is_sure=is_sure,
        order=order,
        asks_order=own_order is None,
        stays=[_stay(line, order, choices) for line in lines],
        unread=unread,
    )


def person_key(stay: Stay) -> str:
    """Lines with the same key are one person: by address, else by name."""
    return stay.email or f"name:{name_key(stay.name)}"


def _layout(rows: list[Row], chosen: Columns | None) -> tuple[Layout, bool]:
    """As the report says it itself, unless the organiser says otherwise; and whether it is sure."""
    own = layout_of(rows)
    if chosen is None or chosen == {k: v for k, v in own.main.columns.items() if k in CHOSEN}:
        return own, own.is_sure and _acts_are_known(own)
    unasked = {k: v for k, v in own.main.columns.items() if k not in CHOSEN}
    return layout_of(rows, {**unasked, **chosen}), False


def _stay(line: _Line, order: DayOrder | None, choices: Choices) -> Stay:
    joined_at, left_at = (
        moment_of(one, order, choices.near, choices.tzid) for one in (line.joined, line.left)
    )
    if joined_at and left_at and left_at < joined_at:
        left_at = None
    minutes = None if line.seconds is None else line.seconds // 60
    return Stay(line.name, line.email, joined_at, left_at, minutes)


def _lines_of(layout: Layout) -> tuple[list[_Line], int]:
    """The lines of all tables; of Teams, who is in the list of stays is taken from there."""
    read = [(table, *_read(table)) for table in layout.tables]
    stays = {_key(one) for table, lines, _ in read if table.part == STAYS for one in lines}
    lines = [
        one
        for table, found, _ in read
        for one in found
        if table.part != PEOPLE or _key(one) not in stays
    ]
    return lines, sum(unread for _table, _lines, unread in read)


def _key(line: _Line) -> str:
    return line.email or name_key(line.name)


def _read(table: Table) -> tuple[list[_Line], int]:
    """The lines of one table, and how many say nothing."""
    wanted = [row for row in table.rows if _counts(row, table.columns)]
    if Column.ACTION in table.columns and Column.MOMENT in table.columns:
        return _pairs(wanted, table.columns)
    lines = [_line(row, table.columns) for row in wanted]
    named = [line for line in lines if line.name or line.email]
    return named, len(lines) - len(named)


def _acts_are_known(layout: Layout) -> bool:
    """Whether the words for coming and going are ours."""
    return all(
        plain(_cell(row, table.columns, Column.ACTION)) in CAME | WENT
        for table in layout.tables
        if Column.ACTION in table.columns
        for row in table.rows
    )


def _counts(row: Row, columns: Columns) -> bool:
    """Not who registered with Zoom and never came, not the time in the waiting room."""
    never_came = plain(_cell(row, columns, Column.ATTENDED)) in NO
    return not never_came and plain(_cell(row, columns, Column.WAITING)) not in YES


def _line(row: Row, columns: Columns) -> _Line:
    name, email = _who(row, columns)
    return _Line(
        name,
        email,
        read_moment(_cell(row, columns, Column.JOINED)),
        read_moment(_cell(row, columns, Column.LEFT)),
        seconds_in(_cell(row, columns, Column.MINUTES)),
    )


def _who(row: Row, columns: Columns) -> tuple[str, str]:
    name = _cell(row, columns, Column.NAME)[:LONGEST_NAME]
    addresses = (_cell(row, columns, one) for one in (Column.EMAIL, Column.ACCOUNT))
    email = next((one.lower() for one in addresses if _is_address(one)), "")
    return name, email


def _is_address(cell: str) -> bool:
    local, _, host = cell.partition("@")
    is_whole = bool(local) and "." in host and "@" not in host
    return is_whole and " " not in cell and len(cell) <= LONGEST_ADDRESS


def _cell(row: Row, columns: Columns, column: Column) -> str:
    at = columns.get(column)
    return row[at] if at is not None and at < len(row) else ""


def _pairs(rows: Sequence[Row], columns: Columns) -> tuple[list[_Line], int]:
    """One line for coming and one for going: each stay begins with the first and ends with the
    second. Who never goes was there when the list was saved."""
    events: dict[tuple[str, str], list[tuple[str, Written]]] = defaultdict(list)
    unread = 0
    for row in rows:
        moment = read_moment(_cell(row, columns, Column.MOMENT))
        who = _who(row, columns)
        if moment is None or not any(who):
            unread += 1
        else:
            events[who].append((plain(_cell(row, columns, Column.ACTION)), moment))
    came = _coming(events.values())
    return [line for who, acts in events.items() for line in _stays(who, acts, came)], unread


def _coming(events: Iterable[list[tuple[str, Written]]]) -> set[str]:
    """The words for coming: ours, else those with which most people begin."""
    acts = list(events)
    words = {word for one in acts for word, _ in one}
    if words & (CAME | WENT):
        return CAME
    first = Counter(one[0][0] for one in acts)
    return {word for word, _ in first.most_common(1)}


def _stays(
    who: tuple[str, str], acts: list[tuple[str, Written]], came: set[str]
) -> Iterator[_Line]:
    since: Written | None = None
    for word, moment in acts:
        if word not in came:
            yield _Line(*who, since, moment, None)
            since = None
        elif since is None:
            since = moment
    if since is not None:
        yield _Line(*who, since, None, None)
