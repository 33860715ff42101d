"""Numbers of one webinar, or of many added up: nobody's name, nobody's address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

ELSEWHERE = 0  # stands for a city where people named none of the network


@dataclass(frozen=True)
class Turnout:
    """`expected` had a seat or came, `attended` came, `reached` came or opened the summary."""

    expected: int = 0
    attended: int = 0
    reached: int = 0

    def __add__(self, other: Turnout) -> Turnout:
        return Turnout(
            self.expected + other.expected,
            self.attended + other.attended,
            self.reached + other.reached,
        )


@dataclass(frozen=True)
class Figures:
    """`expected` are those who had a seat, and those who came without one.

    `cities` goes by the city's number, `languages` by code. Feedback counts from five answers to
    one webinar on. `readers` opened the summary by a link of ours, `…_opened` count followed links.
    """

    registered: int = 0
    confirmed: int = 0
    waitlisted_most: int = 0
    expected: int = 0
    attended: int = 0
    reached: int = 0
    withdrawn: int = 0
    cities: dict[int, Turnout] = field(default_factory=dict)
    languages: dict[str, Turnout] = field(default_factory=dict)
    questions_asked: int = 0
    questions_answered: int = 0
    question_votes: int = 0
    polls: int = 0
    poll_voters: int = 0
    feedback_answers: int = 0
    feedback_rated: int = 0
    feedback_stars: int = 0
    reminders_sent: int = 0
    reminders_bounced: int = 0
    readers: int = 0
    summary_opened: int = 0
    recording_opened: int = 0

    @property
    def no_show(self) -> int:
        return self.expected - self.attended

    @property
    def rate(self) -> int | None:
        """Of a hundred who were expected, how many came."""
        return round(100 * self.attended / self.expected) if self.expected else None

    @property
    def usefulness(self) -> float | None:
        """The mean of one to five."""
        if not self.feedback_answers or not self.feedback_rated:
            return None
        return round(self.feedback_stars / self.feedback_rated, 1)


NUMBERS = [one.name for one in fields(Figures) if one.name not in {"cities", "languages"}]


def added(many: Iterable[Figures]) -> Figures:
    """All together; of waiting lists the longest."""
    listed = list(many)
    sums: dict[str, Any] = {
        name: sum(getattr(figures, name) for figures in listed) for name in NUMBERS
    }
    sums["waitlisted_most"] = max((one.waitlisted_most for one in listed), default=0)
    cities = _added_up(figures.cities for figures in listed)
    return Figures(**sums, cities=cities, languages=_added_up(one.languages for one in listed))


def to_json(figures: Figures) -> dict[str, Any]:
    return asdict(figures)


def from_json(kept: dict[str, Any]) -> Figures:
    """What an older release kept has fewer numbers."""
    numbers = {name: kept[name] for name in NUMBERS if name in kept}
    cities = {int(key): Turnout(**value) for key, value in kept.get("cities", {}).items()}
    languages = {key: Turnout(**value) for key, value in kept.get("languages", {}).items()}
    return Figures(**numbers, cities=cities, languages=languages)


def _added_up(many: Iterable[dict[Any, Turnout]]) -> dict[Any, Turnout]:
    sums: dict[Any, Turnout] = {}
    for turnouts in many:
        for key, turnout in turnouts.items():
            sums[key] = sums.get(key, Turnout()) + turnout
    return sums
