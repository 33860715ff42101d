"""Routes by what people come for, and what their numbers say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.cells import Totals, add
from app.core.i18n import N_
from app.core.measures import BY_SECONDS, BY_STATUS, QUERIES, ROUTE, SECONDS, SQL, TIME

GROUPS: list[tuple[str, tuple[str, ...]]] = [
    (N_("Home"), ("",)),
    (N_("Conversations and topics"), ("threads", "topics", "posts", "preview", "drafts")),
    (N_("Webinars, notes and calendars"), ("webinars", "calendars", "registrations")),
    (N_("Knowledge"), ("knowledge",)),
    (N_("Search"), ("search", "search.atom", "completions")),
    (N_("Private messages"), ("messages",)),
    (N_("People and cities"), ("members", "cities", "notifications", "bookmarks", "settings")),
    (N_("Signing in"), ("sign-in", "sign-up", "sign-out", "confirm", "reset")),
    (N_("Files"), ("files",)),
    (N_("Feeds"), ("feeds",)),
    (N_("Addresses that do not exist"), ("unknown",)),
]
OTHER = N_("Other pages")
NEWS = N_("Open pages that ask what is new")
NO_PAGES = {"static", "fs-static", "healthz", "readyz", "metrics"}
"""Asked by machines all day long: they would make every average look good."""

BY_WORD = {word: group for group, words in GROUPS for word in words}
EMPTY = [0.0] * 40


@dataclass(frozen=True)
class Figures:
    """What one row of cells says."""

    row: list[float] = field(default_factory=lambda: EMPTY)

    @property
    def count(self) -> int:
        return int(sum(self.row[BY_STATUS]))

    @property
    def errors(self) -> int:
        """Answers that were our own fault."""
        return int(self.row[BY_STATUS][3])

    @property
    def seconds(self) -> float:
        """The average."""
        return self.row[TIME] / self.count if self.count else 0.0

    @property
    def sql_seconds(self) -> float:
        return self.row[SQL] / self.count if self.count else 0.0

    @property
    def statements(self) -> float:
        return self.row[QUERIES] / self.count if self.count else 0.0

    @property
    def most_within(self) -> float | None:
        """Seconds in which 95 of 100 were answered; None: more than the last bound, 10."""
        seen = 0.0
        for bound, count in zip(SECONDS, self.row[BY_SECONDS], strict=False):
            seen += count
            if seen >= 0.95 * self.count:
                return bound
        return None


@dataclass(frozen=True)
class Named:
    """A group of pages, or one route."""

    name: str
    figures: Figures


def is_page(name: str) -> bool:
    """Shown to somebody who waits for it."""
    return name.startswith(ROUTE) and _first_word(name) not in NO_PAGES and not _asks_news(name)


def pages_of(totals: Totals) -> Figures:
    return Figures(_sum(row for name, row in totals.items() if is_page(name)))


def groups_of(totals: Totals) -> list[Named]:
    """Those that were asked for, in the order of the list above."""
    sums: Totals = {}
    for name, row in totals.items():
        if name.startswith(ROUTE) and _first_word(name) not in NO_PAGES:
            sums = add(sums, {_group(name): row})
    order = [*(group for group, _ in GROUPS), OTHER, NEWS]
    return [Named(group, Figures(sums[group])) for group in order if group in sums]


def slowest(totals: Totals, most: int, least_count: int) -> list[Named]:
    """Routes with the highest average, of those asked for often enough to say so."""
    routes = [
        Named(name.removeprefix(ROUTE), Figures(row))
        for name, row in totals.items()
        if is_page(name)
    ]
    often = [route for route in routes if route.figures.count >= least_count]
    return sorted(often, key=lambda route: -route.figures.seconds)[:most]


def _sum(rows: Iterable[list[float]]) -> list[float]:
    total = EMPTY
    for row in rows:
        total = [a + b for a, b in zip(total, row, strict=False)]
    return total


def _group(name: str) -> str:
    return NEWS if _asks_news(name) else BY_WORD.get(_first_word(name), OTHER)


def _asks_news(name: str) -> bool:
    return name.endswith(("/live", "/news"))


def _first_word(name: str) -> str:
    """ "threads" of "route:GET /threads/<int:thread_id>"; "unknown" of what has no route."""
    route = name.removeprefix(ROUTE).rpartition(" ")[2]
    return route.split("/")[1] if "/" in route else route
