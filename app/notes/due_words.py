"""The day by which something is promised, as people write it in the languages of the interface."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

from babel import Locale

LANGUAGES = ("en", "de", "nl", "sv", "es", "ca", "fr")
LEAP_YEARS_APART = 8  # 29 February comes again after at most so many years

BEFORE = (
    "no later than", "due date", "due on", "due by", "due", "until", "till", "before", "by",
    "bis spätestens", "bis zum", "bis", "spätestens am", "spätestens", "fällig am", "fällig",
    "tot en met", "uiterlijk op", "uiterlijk", "tot", "vóór", "voor",
    "senast den", "senast", "till den", "före den", "före", "innan",
    "para el día", "para el", "antes del", "hasta el", "a más tardar el",
    "per al dia", "per al", "abans del", "fins al", "com a molt tard el",
    "d'ici le", "d'ici au", "d'ici", "avant le", "jusqu'au", "pour le", "au plus tard le",
)  # fmt: skip
"""What stands in front of a due day."""
ARTICLES = ("the", "den", "dem", "der", "le", "el", "op", "on", "am")
OF = r"(?:of |de |d['’])?"
ENDING = r"(?:st|nd|rd|th|er|:e|[.º])?"


@dataclass(frozen=True)
class Due:
    """The day, and from where to where the words reach that say it."""

    day: date
    start: int
    end: int


def due_in(text: str, met_on: date) -> Due | None:
    """The last due day that a line names. A day without a year is the next one from `met_on` on.

    Days that no calendar has are words like any other.
    """
    found = None
    for mark in _mark().finditer(text):
        spoken = _spoken().match(text, mark.end())
        day = _day(spoken, met_on) if spoken else None
        if spoken and day:
            found = Due(day, mark.start(), spoken.end())
    return found


def plain(word: str) -> str:
    """Without accents and capitals, as words are compared: `März` is `marz`, `Maß` is `mass`."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def any_of(words: Iterable[str]) -> str:
    """The expression that finds one of the words, with its accents or without."""
    spelt = {one for word in words for one in (word, plain(word))}
    longest_first = sorted(spelt, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("'", "['’]") for word in longest_first)


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(BEFORE)}):?\s+|(?<!\S)!", re.IGNORECASE)


@cache
def _spoken() -> re.Pattern[str]:
    article = rf"(?:(?:{any_of(ARTICLES)}) )?"
    weekdays, months = any_of(_numbers("days")), any_of(_numbers("months"))
    whole = any_of(_numbers("days", "wide"))
    written = "|".join(
        [
            r"(?P<iso>\d{4}-\d{2}-\d{2})",
            r"(?P<d1>\d{1,2})(?P<sep>[./-])(?P<m1>\d{1,2})(?P=sep)(?P<y1>\d{4}|\d{2})",
            r"(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.",
            r"(?P<d5>\d{2})/(?P<m5>\d{1,2})|(?P<d6>\d)/(?P<m6>\d{2})",  # but not "two thirds"
            rf"(?P<d2>\d{{1,2}}){ENDING} {OF}(?P<m2>{months})\b(?:[.,]? {OF}(?P<y2>\d{{4}}))?",
            rf"(?P<m3>{months})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y3>\d{{4}}))?",
            rf"(?P<weekday>{whole})",
        ]
    )
    before = rf"{article}(?:(?:{weekdays})\b\.?,? )?{article}"
    return re.compile(rf"{before}(?:{written})(?!\w)", re.IGNORECASE)


def _day(match: re.Match[str], met_on: date) -> date | None:
    said = {name: words for name, words in match.groupdict().items() if words}
    if "weekday" in said:
        number = _numbers("days")[said["weekday"].lower()]
        return met_on + timedelta(days=(number - met_on.weekday() - 1) % 7 + 1)
    if "iso" in said:
        year, month, day = said["iso"].split("-")
        return _dated(year, int(month), int(day), met_on)
    n = next(name[1] for name in said if name[0] == "d")
    month = said[f"m{n}"]
    number = int(month) if month.isdecimal() else _numbers("months")[month.lower()]
    return _dated(said.get(f"y{n}"), number, int(said[f"d{n}"]), met_on)


def _dated(year: str | None, month: int, day: int, met_on: date) -> date | None:
    if year:
        return _of_calendar(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(met_on.year, met_on.year + LEAP_YEARS_APART + 1)
    days = (_of_calendar(each, month, day) for each in years)
    return next((one for one in days if one is not None and one >= met_on), None)


def _of_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _numbers(kind: str, *widths: str) -> dict[str, int]:
    """Months from 1 and weekdays from 0 by their names, whole and short, in small letters."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        names = getattr(Locale.parse(language), kind)
        for use, width in product(("format", "stand-alone"), widths or ("wide", "abbreviated")):
            found |= {_bare(name): number for number, name in names[use][width].items()}
    return {spelt: number for name, number in found.items() for spelt in (name, plain(name))}


def _bare(name: str) -> str:
    """Catalan months come as "de març" and "d’abril", short names with a full stop."""
    return re.sub(r"^(?:de |d['’])", "", name.lower()).rstrip(".")
