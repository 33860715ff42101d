"""Where in a recording something begins: from the programme, mended by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from app.core.db import db
from app.core.forms import tidy
from app.core.i18n import _
from app.materials.errors import ChapterRefused
from app.materials.models import Chapter
from app.materials.queries import chapters_of
from app.materials.timecodes import read_timecode, timecode
from app.webinars import seats
from app.webinars.models import Webinar

MOST_CHAPTERS = 60
LONGEST_TITLE = 200


@dataclass(frozen=True)
class ChapterRow:
    second: int
    title: str


def from_programme(webinar: Webinar, starts_at_second: int) -> list[ChapterRow]:
    """One for each item of the programme, as far as the lengths before it are known."""
    rows, second = [], starts_at_second
    for item in webinar.agenda:
        rows.append(ChapterRow(second, item.title))
        if item.minutes is None:
            break
        second += item.minutes * 60
    return _each_second_once(rows)


def as_lines(rows: Sequence[ChapterRow | Chapter]) -> str:
    """How a form shows them: 12:30 Questions."""
    return "\n".join(f"{timecode(row.second)} {row.title}" for row in rows)


def read_lines(text: str) -> list[ChapterRow]:
    """The chapters in the order of their seconds. Raise ChapterRefused with the line."""
    rows: dict[int, ChapterRow] = {}
    for number, line in enumerate(tidy(text).split("\n"), start=1):
        if line.strip():
            row = _read(line, number)
            if row.second in rows:
                raise ChapterRefused(number, _("Two chapters begin at the same second."))
            rows[row.second] = row
    if len(rows) > MOST_CHAPTERS:
        raise ChapterRefused(MOST_CHAPTERS + 1, _("A recording has at most 60 chapters."))
    return [rows[second] for second in sorted(rows)]


def replace(webinar: Webinar, rows: Sequence[ChapterRow]) -> None:
    """Make the chapters what the rows say; those named like an item of the programme stay its."""
    seats.hold(webinar.id)
    items = {item.title.casefold(): item.id for item in webinar.agenda}
    db.session.execute(delete(Chapter).where(Chapter.webinar_id == webinar.id))
    db.session.add_all(
        Chapter(
            webinar_id=webinar.id,
            second=row.second,
            title=row.title,
            agenda_item_id=items.get(row.title.casefold()),
        )
        for row in rows
    )
    db.session.flush()


def the_chapters(webinar: Webinar) -> Sequence[Chapter]:
    return db.session.scalars(chapters_of(webinar)).all()


def _read(line: str, number: int) -> ChapterRow:
    code, _space, title = " ".join(line.split()).partition(" ")
    try:
        second = read_timecode(code)
    except ValueError as error:
        raise ChapterRefused(
            number, _("Begin with the time, like 12:30, then a space and a title.")
        ) from error
    if not title or len(title) > LONGEST_TITLE:
        raise ChapterRefused(number, _("Write a title of up to 200 characters after the time."))
    return ChapterRow(second, title)


def _each_second_once(rows: Sequence[ChapterRow]) -> list[ChapterRow]:
    """Items of no length share a second: the first of them names it."""
    found: dict[int, ChapterRow] = {}
    for row in rows:
        found.setdefault(row.second, row)
    return list(found.values())
