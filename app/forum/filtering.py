"""Which threads a list or a search holds, read from an address and written back into one.

Nothing in an address is an error: what is not understood is left out, with a sentence that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.core.clock import utcnow
from app.core.i18n import _
from app.forum.enums import Show, Sort, State, ThreadKind
from app.forum.languages import CODES

LONGEST_VALUE = 100
DAYS_AGO = re.compile(r"(\d{1,5})d", re.ASCII)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999
NARROWS = ("topic", "author", "city", "kind", "state", "language", "tag", "since", "until")
"""The fields that a page shows as chips; `show` and `sort` have controls of their own."""


@dataclass(frozen=True)
class ThreadFilter:
    """All that a reader can ask of a list of threads. Empty fields ask nothing."""

    show: Show = Show.ALL
    sort: Sort = Sort.LATEST
    topic: str = ""  # slug
    author: str = ""  # a name, a handle or "me"
    city: str = ""  # slug or name
    kind: ThreadKind | None = None
    state: State | None = None
    language: str = ""
    tag: str = ""  # slug
    since: date | None = None
    until: date | None = None

    @property
    def is_narrow(self) -> bool:
        return any(getattr(self, name) for name in NARROWS)

    @property
    def narrowed_by(self) -> list[str]:
        return [name for name in NARROWS if getattr(self, name)]

    def without(self, *names: str) -> ThreadFilter:
        empty = vars(ThreadFilter())
        return replace(self, **{name: empty[name] for name in names})

    def query(self, **changes: Any) -> dict[str, str]:
        """As the parameters of an address; what is as usual has none."""
        values = {name: _written(value) for name, value in vars(replace(self, **changes)).items()}
        usual = {name: _written(value) for name, value in vars(ThreadFilter()).items()}
        return {name: value for name, value in values.items() if value != usual[name]}


@dataclass(frozen=True)
class Reading:
    """A filter, and a sentence for each thing in the address that it could not take."""

    wanted: ThreadFilter
    hints: list[str]


def read_filter(values: Mapping[str, str], topics: Iterable[str]) -> Reading:
    """`topics`: the slugs that this reader can choose. One they cannot is as unknown as any."""
    hints: list[str] = []
    slugs = set(topics)

    def one_of(kinds: type[StrEnum], name: str) -> Any:
        return _checked(name, lambda text: kinds(text.lower()))

    def _checked(name: str, reading: Any, usual: Any = None) -> Any:
        text = _text(values.get(name))
        if not text:
            return usual
        try:
            return reading(text)
        except ValueError:
            hints.append(_("“%(value)s” is nothing to choose here and was left out.", value=text))
            return usual

    wanted = ThreadFilter(
        show=one_of(Show, "show") or Show.ALL,
        sort=one_of(Sort, "sort") or Sort.LATEST,
        topic=_checked("topic", lambda text: _known(text.lower(), slugs), ""),
        author=_text(values.get("author")),
        city=_text(values.get("city")),
        kind=one_of(ThreadKind, "kind"),
        state=one_of(State, "state"),
        language=_checked("language", lambda text: _known(text.lower(), CODES), ""),
        tag=_text(values.get("tag")).lower(),
        since=_checked("since", _day),
        until=_checked("until", _day),
    )
    return Reading(wanted, hints)


def _text(read: str | None) -> str:
    """One line without control characters. NUL reaches no database."""
    shown = "".join(sign if sign.isprintable() else " " for sign in (read or "")[:LONGEST_VALUE])
    return " ".join(shown.split())


def _day(text: str) -> date:
    """A day that every calendar and database can hold; "30d": so many days ago."""
    if ago := DAYS_AGO.fullmatch(text):
        return utcnow().date() - timedelta(days=int(ago[1]))
    day = date.fromisoformat(text)
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(text)
    return day


def _known(text: str, known: Iterable[str]) -> str:
    if text not in known:
        raise ValueError(text)
    return text


def _written(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, StrEnum) else value or ""
