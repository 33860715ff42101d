"""Where in a report the people are, and which column is which.

A report of Teams has numbered parts: who was there (2) and each of their stays (3). One of Zoom
has lines about the meeting on top, and a webinar's one table for hosts and one for attendees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.attendance.enums import Column, ReportKind
from app.attendance.errors import NotAReport
from app.attendance.reading.decoding import Row
from app.attendance.reading.headings import Columns, columns_in, is_of_zoom
from app.attendance.reading.moments import read_moment, seconds_in

PART = re.compile(r"([0-9])\.\s*\S.*")
PEOPLE, STAYS = 2, 3
BY_PLACE: Columns = {
    Column.NAME: 0,
    Column.JOINED: 1,
    Column.LEFT: 2,
    Column.MINUTES: 3,
    Column.EMAIL: 4,
}
"""In both parts of a Teams report, whatever its language."""
SAMPLE = 50
MOSTLY = 0.6


@dataclass
class Table:
    """`part` is the number of a Teams report's part, else 0."""

    head: Row
    columns: Columns
    part: int = 0
    is_sure: bool = True
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    kind: ReportKind
    tables: list[Table]

    @property
    def is_sure(self) -> bool:
        """Whether every heading was known by its name."""
        return all(table.is_sure for table in self.tables)

    @property
    def main(self) -> Table:
        """The table that says most."""
        return max(self.tables, key=lambda table: len(table.rows))


def layout_of(rows: list[Row], chosen: Columns | None = None) -> Layout:
    """`chosen` are columns that an organiser named, for the largest table. Raise NotAReport."""
    tables = [table for table in _tables(rows) if table.rows] or [_by_content(rows)]
    layout = Layout(_kind(tables), tables)
    if chosen:
        main = layout.main
        return Layout(layout.kind, [Table(main.head, chosen, main.part, True, main.rows)])
    return layout


def _tables(rows: list[Row]) -> list[Table]:
    found: list[Table] = []
    part, is_open = 0, False
    for row in rows:
        filled = [cell for cell in row if cell]
        if not filled:
            continue
        title = PART.fullmatch(filled[0]) if len(filled) == 1 else None
        if len(filled) == 1:
            part, is_open = (int(title[1]) if title else part), False
        elif table := _begun(row, part, is_open):
            found.append(table)
            is_open = True
        elif is_open:
            found[-1].rows.append(row)
    return found


def _begun(row: Row, part: int, is_open: bool) -> Table | None:
    """The table whose head this row is."""
    if any("@" in cell for cell in row):
        return None
    columns = columns_in(row)
    if columns is not None:
        return Table(row, columns, part)
    if part in {PEOPLE, STAYS} and not is_open and len(row) > len(BY_PLACE):
        return Table(row, dict(BY_PLACE), part, is_sure=False)
    return None


def _kind(tables: list[Table]) -> ReportKind:
    of_teams = {Column.ACTION, Column.ACCOUNT}
    if any(table.part or of_teams & table.columns.keys() for table in tables):
        return ReportKind.TEAMS
    if any(is_of_zoom(table.head) for table in tables):
        return ReportKind.ZOOM
    return ReportKind.OTHER


def _by_content(rows: list[Row]) -> Table:
    """Work it out from the cells: an address has an @, a moment is one, a length is one."""
    block = _widest_block(rows)
    head, body = block[0], block[1:]
    columns = dict(_guessed(body[:SAMPLE], len(head)))
    if Column.NAME not in columns or len(columns) < 2:
        raise NotAReport
    return Table(head, columns, is_sure=False, rows=body)


def _widest_block(rows: list[Row]) -> list[Row]:
    """The lines that have the commonest number of cells, from two on."""
    widths = Counter(len(row) for row in rows if sum(1 for cell in row if cell) > 1)
    if not widths:
        raise NotAReport
    width = max(widths, key=lambda cells: (widths[cells], cells))
    block = [row for row in rows if len(row) == width and any(row)]
    if width < 2 or len(block) < 2:
        raise NotAReport
    return block


def _guessed(body: list[Row], width: int) -> Iterator[tuple[Column, int]]:
    moments = [at for at in range(width) if _are_mostly(body, at, _is_moment)]
    addresses = [at for at in range(width) if _are_mostly(body, at, lambda cell: "@" in cell)]
    lengths = [at for at in range(width) if _are_mostly(body, at, _is_length) and at not in moments]
    texts = [at for at in range(width) if at not in {*moments, *addresses, *lengths}]
    if not (moments or addresses or lengths):
        return
    if len(moments) == 1 and len(texts) > 1:
        yield Column.ACTION, texts[1]
        yield Column.MOMENT, moments[0]
    else:
        yield from zip((Column.JOINED, Column.LEFT), moments, strict=False)
    yield from ((Column.EMAIL, at) for at in addresses[:1])
    yield from ((Column.MINUTES, at) for at in lengths[-1:])
    yield from ((Column.NAME, at) for at in texts[:1])


def _are_mostly(body: list[Row], at: int, is_one: Callable[[str], bool]) -> bool:
    cells = [row[at] for row in body if row[at]]
    return bool(cells) and sum(map(is_one, cells)) >= MOSTLY * len(cells)


def _is_moment(cell: str) -> bool:
    return read_moment(cell) is not None


def _is_length(cell: str) -> bool:
    return seconds_in(cell) is not None
