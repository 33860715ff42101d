"""What a filter can ask of a text, as words of the index that nobody types.

They only lead to texts sooner: every filter is asked again of the rows themselves, so a fact that
is out of date hides a text from a filter at worst and never shows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from app.forum.enums import ThreadKind
from app.search.parsing import WORD, Query, fold

PREFIX = "zq"
OTHER = f"{PREFIX}other"
"""On everything that is no conversation: there is little of it beside the posts."""

OPENS, OWN, SOLVED = f"{PREFIX}opens", f"{PREFIX}own", f"{PREFIX}solved"
NOTHING = f"{PREFIX}nothing"
OPENING = 1


def facts_of_post(row: Any, tag_ids: Iterable[int]) -> str:
    """`row`: see `forum.findable.facts_of_posts`."""
    facts = [topic(row.topic_id), thread(row.thread_id), kind(row.kind), language(row.language)]
    facts += [author(row.author_id), seat(row.seat_id), *map(tag, tag_ids)]
    facts += [month(row.created_at), year(row.created_at)]
    if row.accepted_number is not None:
        facts.append(SOLVED)
    if row.author_id == row.started_by:
        facts.append(OWN)
    if row.number == OPENING:
        facts += [OPENS, *title_words(row.title)]
    return " ".join(dict.fromkeys(facts))


def title_words(title: str) -> list[str]:
    return [titled(fold(word)) for word in WORD.findall(title)]


def titled(folded: str) -> str:
    """A word that stands in a title."""
    return f"{PREFIX}w{''.join(folded.split())}"


def words_titled(query: Query) -> list[list[str]]:
    """What a title that has the wanted words says: one of each group."""
    groups: list[list[str]] = []
    for terms in query.groups:
        if len(terms) > 1:
            groups.append([_begun(term.words[0], term.is_prefix) for term in terms])
        else:
            *whole, last = terms[0].words
            groups += [[titled(fold(word))] for word in whole]
            groups.append([_begun(last, terms[0].is_prefix)])
    return groups


def _begun(word: str, is_prefix: bool) -> str:
    return titled(fold(word)) + ("*" if is_prefix else "")


def topic(topic_id: int) -> str:
    return f"{PREFIX}t{topic_id}"


def thread(thread_id: int) -> str:
    return f"{PREFIX}h{thread_id}"


def tag(tag_id: int) -> str:
    return f"{PREFIX}g{tag_id}"


def author(user_id: int | None) -> str:
    return f"{PREFIX}a{user_id or 0}"


def seat(seat_id: int | None) -> str:
    return f"{PREFIX}s{seat_id or 0}"


def kind(value: ThreadKind | str) -> str:
    return f"{PREFIX}k{ThreadKind(value).value}"


def language(code: str) -> str:
    return f"{PREFIX}l{''.join(filter(str.isalnum, code.lower()))}"


def month(moment: datetime) -> str:
    return f"{PREFIX}m{moment.astimezone(UTC):%Y%m}"


def year(moment: datetime) -> str:
    return f"{PREFIX}y{moment.astimezone(UTC):%Y}"


def months(begin: datetime, end: datetime) -> Sequence[str]:
    """Every month from one moment to another; whole years, decades and centuries as such.

    Where a year is meant by its beginning, a * follows.
    """
    first, last = _month_number(begin), _month_number(end)
    found = []
    while first <= last:
        word, months_in = _longest_from(first, last)
        found.append(PREFIX + word)
        first += months_in
    return found or [NOTHING]


def _longest_from(first: int, last: int) -> tuple[str, int]:
    year, month = divmod(first, 12)
    for years, digits in ((100, 2), (10, 3), (1, 4)):
        if first % (12 * years) == 0 and first + 12 * years - 1 <= last:
            return f"y{str(year)[:digits]}{'' if years == 1 else '*'}", 12 * years
    return f"m{year}{month + 1:02}", 1


def _month_number(moment: datetime) -> int:
    utc = moment.astimezone(UTC)
    return utc.year * 12 + utc.month - 1
