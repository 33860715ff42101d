"""Figures as tables for a spreadsheet: no cell is ever run as a formula there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from app.core.i18n import _, in_language
from app.statistics.describing import Picture
from app.statistics.figures import Figures
from app.statistics.overview import Held
from app.webinars.exporting import BOM, harmless, separator


def table_of(figures: Figures, drawn: Sequence[Picture]) -> str:
    """All of one webinar: what, which, how many."""
    rows = [(_("People"), name, value) for name, value in _numbers(figures)]
    for picture in drawn[1:]:
        for row in picture.rows:
            pairs = zip(picture.columns[1:], row.numbers, strict=True)
            rows += [(picture.title, f"{row.name}: {column}", number) for column, number in pairs]
    return _written((_("About"), _("What"), _("How many")), rows)


def table_of_many(held: Iterable[Held]) -> str:
    """A line for each webinar."""
    head = (_("Year"), _("Topic"), _("Webinar"), *(name for name, _value in _numbers(Figures())))
    rows = ((str(one.year), _topic(one), one.webinar.title, *_values(one.figures)) for one in held)
    return _written(head, rows)


def table_of_years(years: Iterable[tuple[int, Figures]]) -> str:
    """A line for each year."""
    head = (_("Year"), *(name for name, _value in _numbers(Figures())))
    return _written(head, ((str(year), *_values(figures)) for year, figures in years))


def _topic(held: Held) -> str:
    return in_language(held.webinar.topic.names) if held.webinar.topic else ""


def _values(figures: Figures) -> list[str]:
    return [value for _name, value in _numbers(figures)]


def _numbers(figures: Figures) -> list[tuple[str, str]]:
    usefulness = figures.usefulness
    listed = [
        (_("Registered"), figures.registered),
        (_("Had a seat"), figures.confirmed),
        (_("Expected"), figures.expected),
        (_("Came"), figures.attended),
        (_("Of 100"), "" if figures.rate is None else figures.rate),
        (_("Had a seat and did not come"), figures.no_show),
        (_("Gave their seat back"), figures.withdrawn),
        (_("Waited at the same time, at most"), figures.waitlisted_most),
        (_("Came or opened the summary"), figures.reached),
        (_("Questions"), figures.questions_asked),
        (_("Questions answered"), figures.questions_answered),
        (_("Votes for questions"), figures.question_votes),
        (_("Quick polls"), figures.polls),
        (_("Answers to quick polls"), figures.poll_voters),
        (_("Answers of feedback (from five on)"), figures.feedback_answers),
        (_("Usefulness (1 to 5)"), "" if usefulness is None else usefulness),
        (_("Reminders sent"), figures.reminders_sent),
        (_("Reminders not delivered"), figures.reminders_bounced),
        (_("Said that they read the summary"), figures.summary_opened),
        (_("Recording opened"), figures.recording_opened),
    ]
    return [(name, str(value)) for name, value in listed]


def _written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = StringIO(newline="")
    target.write(BOM)
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    for row in (head, *rows):
        table.writerow([harmless(cell) for cell in row])
    return target.getvalue()
