"""The list of participants as a table for a spreadsheet.

UTF-8 with its mark, CRLF, every cell in quotes. The separator is the one that Excel takes in the
reader's language: a semicolon where numbers have a decimal comma, else a comma; LibreOffice splits
at both, and never inside quotes. (A first line `sep=` would say it to Excel everywhere, but with
that line Excel forgets that the file is UTF-8.)
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

from sqlalchemy import Select

from app.core.db import db
from app.core.enums import Attribution
from app.core.i18n import _, in_language, language
from app.core.zones import to_local
from app.network.naming import country_name, language_name
from app.webinars.asking import answer_words, answers_of, every_question_at
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import RegistrationQuestion
from app.webinars.words import answer_in_words, state_words

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@")
ODD_STARTS = ("\t", "\r", "\n")
UNSEEN = {"Cf", "Zs", "Zl", "Zp", "Cc"}  # characters that a spreadsheet may pass over
ROWS_AT_ONCE = 200


def city_of(registration: Registration) -> str:
    """The member's city, else what a guest wrote."""
    return in_language(registration.city.names) if registration.city else registration.city_label


def write_table(target: TextIO, webinar: Webinar, people: Select[Registration]) -> None:
    """All of them, a few at a time, so that a large list needs no more memory than a small one.

    `target` is opened with newline="" as csv wants it.
    """
    questions = db.session.scalars(every_question_at(webinar.id)).all()
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    target.write(BOM)
    table.writerow([harmless(words) for words in _head(webinar, questions)])
    for rows in _portions(people):
        replies = answers_of([row.id for row in rows])
        for row in rows:
            cells = _cells(row, webinar, questions, replies.get(row.id, {}))
            table.writerow([harmless(cell) for cell in cells])


def separator() -> str:
    return "," if language() == "en" else ";"


def harmless(cell: str) -> str:
    """A spreadsheet would run a cell that starts like a formula, also in full-width characters."""
    if cell.startswith(ODD_STARTS):
        return f"'{cell}"
    seen = next((sign for sign in cell if unicodedata.category(sign) not in UNSEEN), "")
    starts = unicodedata.normalize("NFKC", seen).startswith(FORMULA_STARTS)
    return f"'{cell}" if starts else cell


def _head(webinar: Webinar, questions: Sequence[RegistrationQuestion]) -> list[str]:
    return [
        _("Name"),
        _("Mail address"),
        _("City"),
        _("Country"),
        _("State"),
        _("Language"),
        _("Access needs"),
        _("Answer by calendar"),
        _("Comment"),
        _("Name in the list"),
        *(question.label for question in questions),
        _("Registered (%(zone)s)", zone=webinar.tzid),
        *_attendance_head(webinar),
    ]


def _cells(
    row: Registration,
    webinar: Webinar,
    questions: Sequence[RegistrationQuestion],
    replies: dict[int, str],
) -> list[str]:
    return [
        row.name,
        row.email,
        city_of(row),
        country_name(row.city.country_code) if row.city else "",
        state_words(row.state),
        language_name(row.language),
        row.access_needs,
        answer_in_words(row.partstat),
        row.reply_comment,
        _("Yes") if row.is_listed else _("No"),
        *(answer_words(question, replies.get(question.id, "")) for question in questions),
        _moment(row.created_at, webinar),
        *_attendance(row, webinar),
    ]


def names_stay(webinar: Webinar) -> bool:
    """Under the Chatham House rule no file says who was there, only from which cities."""
    return webinar.attribution != Attribution.CHATHAM_HOUSE


def _attendance_head(webinar: Webinar) -> list[str]:
    if not names_stay(webinar):
        return []
    return [_("Joined (%(zone)s)", zone=webinar.tzid), _("Attended"), _("Minutes")]


def _attendance(row: Registration, webinar: Webinar) -> list[str]:
    """Empty where neither an organiser nor a report said anything."""
    if not names_stay(webinar):
        return []
    words = {True: _("Yes"), False: _("No"), None: ""}
    minutes = "" if row.minutes_attended is None else str(row.minutes_attended)
    return [_moment(row.joined_at, webinar), words[row.attended], minutes]


def _moment(value: datetime | None, webinar: Webinar) -> str:
    """As spreadsheets of all countries read it, in the webinar's zone."""
    return f"{to_local(value, webinar.tzid):%Y-%m-%d %H:%M}" if value else ""


def _portions(people: Select[Registration]) -> Iterator[Sequence[Registration]]:
    read = db.session.scalars(people.execution_options(yield_per=ROWS_AT_ONCE))
    yield from read.partitions()
