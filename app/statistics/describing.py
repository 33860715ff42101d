"""Numbers as people read them: a sentence, a small picture, the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.core.db import db
from app.core.i18n import _, ngettext
from app.network.models import City
from app.network.naming import city_name, country_name, language_name
from app.network.queries import cities_by_ids
from app.statistics.figures import Figures, Turnout

FEWEST_TOLD = 3  # what fewer people did is told to organisers only


@dataclass(frozen=True)
class Row:
    """`numbers` are what the columns say; `height` is that of the bar."""

    name: str
    numbers: tuple[str, ...]
    height: float


@dataclass(frozen=True)
class Picture:
    """`columns` name the first column and those of the numbers."""

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: list[Row]

    @property
    def heights(self) -> list[float]:
        return [row.height for row in self.rows]

    @property
    def drawn(self) -> list[tuple[Row, int]]:
        """Each row with its bar in percent of the longest, by fives: widths are classes."""
        longest = max([*self.heights, 1])
        return [(row, round(row.height / longest * 20) * 5) for row in self.rows]


def pictures(figures: Figures, *, exact: bool = True) -> list[Picture]:
    """People, cities, countries, languages. Not `exact`: fewer than three people are no number."""
    cities = {city.id: city for city in db.session.scalars(cities_by_ids(figures.cities))}
    drawn = [
        people(figures),
        _turnouts(_("Cities"), _by_city(figures, cities), exact=exact),
        _turnouts(_("Countries"), _by_country(figures, cities), exact=exact),
        _turnouts(_("Languages of their mail"), _by_language(figures), exact=exact),
    ]
    return [picture for picture in drawn if any(picture.heights)]


def people(figures: Figures) -> Picture:
    steps = [
        (_("Registered"), figures.registered),
        (_("Had a seat"), figures.confirmed),
        (_("Came"), figures.attended),
        (_("Had a seat and did not come"), figures.no_show),
        (_("Gave their seat back"), figures.withdrawn),
        (_("Waited at the same time, at most"), figures.waitlisted_most),
    ]
    columns = (_("What"), _("People"))
    return Picture(_("People"), turnout(figures), columns, [_row(*step) for step in steps])


def turnout(figures: Figures) -> str:
    """The one sentence that everybody asks for."""
    if not figures.expected:
        return _("Nobody had a seat.")
    return ngettext(
        "%(came)s of the one person who was expected came: %(rate)s of 100.",
        "%(came)s of the %(num)s people who were expected came: %(rate)s of 100.",
        figures.expected,
        came=figures.attended,
        rate=figures.rate,
    )


def sentences(figures: Figures) -> list[str]:
    """What else there is to say, a sentence each; nothing of what did not happen."""
    said = [
        _asked(figures), _polled(figures), _judged(figures), _reminded(figures),
        _read(figures), _watched(figures),
    ]  # fmt: skip
    return [sentence for sentence in said if sentence]


def _asked(figures: Figures) -> str:
    if not figures.questions_asked:
        return ""
    return ngettext(
        "They asked one question; answered: %(answered)s, votes: %(votes)s.",
        "They asked %(num)s questions; answered: %(answered)s, votes: %(votes)s.",
        figures.questions_asked,
        answered=figures.questions_answered,
        votes=figures.question_votes,
    )


def _polled(figures: Figures) -> str:
    if not figures.polls:
        return ""
    return ngettext(
        "There was one quick poll; people answered %(voters)s times.",
        "There were %(num)s quick polls; people answered %(voters)s times.",
        figures.polls,
        voters=figures.poll_voters,
    )


def _judged(figures: Figures) -> str:
    if figures.usefulness is None:
        return ""
    return ngettext(
        "One person gave feedback: %(stars)s of 5.",
        "%(num)s people gave feedback: %(stars)s of 5.",
        figures.feedback_answers,
        stars=figures.usefulness,
    )


def _reminded(figures: Figures) -> str:
    if not figures.reminders_sent and not figures.reminders_bounced:
        return ""
    return ngettext(
        "One reminder was sent; not delivered: %(bounced)s.",
        "%(num)s reminders were sent; not delivered: %(bounced)s.",
        figures.reminders_sent,
        bounced=figures.reminders_bounced,
    )


def _read(figures: Figures) -> str:
    if not figures.summary_opened:
        return ""
    return ngettext(
        "One person said that they read the summary.",
        "%(num)s people said that they read the summary.",
        figures.summary_opened,
    )


def _watched(figures: Figures) -> str:
    if not figures.recording_opened:
        return ""
    return ngettext(
        "The recording was opened once.",
        "The recording was opened %(num)s times.",
        figures.recording_opened,
    )


def _by_city(figures: Figures, cities: dict[int, City]) -> dict[str, Turnout]:
    return _merged(
        figures.cities,
        lambda key: city_name(cities[key]) if key in cities else _("Elsewhere"),
    )


def _by_country(figures: Figures, cities: dict[int, City]) -> dict[str, Turnout]:
    known = {key: turnout for key, turnout in figures.cities.items() if key in cities}
    return _merged(known, lambda key: country_name(cities[key].country_code))


def _by_language(figures: Figures) -> dict[str, Turnout]:
    return _merged(figures.languages, language_name)


def _merged(turnouts: dict[Any, Turnout], name: Callable[[Any], str]) -> dict[str, Turnout]:
    sums: dict[str, Turnout] = {}
    for key, one in turnouts.items():
        sums[name(key)] = sums.get(name(key), Turnout()) + one
    return {key: one for key, one in sums.items() if one.expected}


def _turnouts(title: str, turnouts: dict[str, Turnout], *, exact: bool) -> Picture:
    in_order = sorted(turnouts.items(), key=lambda pair: (-pair[1].attended, pair[0]))
    columns = (title, _("Expected"), _("Came"))
    said = "; ".join(f"{name}: {_told(one.attended, exact)}" for name, one in in_order[:5])
    sentence = _("Those who came: %(said)s.", said=said)
    return Picture(title, sentence, columns, [_turnout_row(*pair, exact) for pair in in_order])


def _turnout_row(name: str, one: Turnout, exact: bool) -> Row:
    told = (_told(one.expected, exact), _told(one.attended, exact))
    return Row(name, told, one.attended if exact or one.attended >= FEWEST_TOLD else 0)


def _told(count: int, exact: bool) -> str:
    return str(count) if exact or count >= FEWEST_TOLD else _("fewer than three")


def _row(name: str, count: int) -> Row:
    return Row(name, (str(count),), count)


def by_year(figures: Iterable[tuple[int, Figures]]) -> Picture:
    """A bar a year, the earliest first."""
    rows = [Row(str(year), _of_year(one), one.attended) for year, one in figures]
    columns = (_("Year"), _("Registered"), _("Expected"), _("Came"), _("Of 100"))
    said = "; ".join(f"{row.name}: {row.numbers[2]}" for row in rows)
    sentence = _("People who came, by year: %(said)s.", said=said)
    return Picture(_("By year"), sentence, columns, rows)


def _of_year(one: Figures) -> tuple[str, ...]:
    rate = "–" if one.rate is None else str(one.rate)
    return str(one.registered), str(one.expected), str(one.attended), rate
