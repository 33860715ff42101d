"""The part of a text that shows why it was found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from markupsafe import Markup, escape

from app.search.parsing import WORD, Query, fold

BEGIN, END = "\x02", "\x03"
"""Marks around a found word. They never occur in stored text; pages turn them into <mark>."""

SIGNS = 240
READ_AT_MOST = 60_000
MOST_PLACES = 200
END_OF = itemgetter(1)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
NO_WORD = re.compile(r"(?!)")


def marked(text: str, query: Query) -> str:
    """The whole text with its found words marked."""
    return _with_marks(text, _places(text, query))


def snippet(text: str, query: Query) -> str:
    """About 240 signs around most of the found words; the beginning if there are none."""
    text = " ".join(text[:READ_AT_MOST].split())
    places = _places(text, query)
    start, end = _window(text, places)
    inside = [(a - start, b - start) for a, b in places if a >= start and b <= end]
    shown = _with_marks(text[start:end], inside)
    return f"{'… ' if start else ''}{shown.strip()}{' …' if end < len(text) else ''}"


def is_in(text: str, query: Query) -> bool:
    return bool(_places(text[:READ_AT_MOST], query))


def _places(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the wanted words stand. One look at the whole text is much faster than one at each
    word, but needs a text that is as long folded as before."""
    plain = _folded(text)
    found = _word_by_word(text, query) if plain is None else _at_once(plain, query)
    return list(islice(found, MOST_PLACES))


def _at_once(plain: str, query: Query) -> Iterator[tuple[int, int]]:
    """What comes before a word is looked at last: a pattern that begins with a letter is found
    faster."""
    for found in _pattern(query).finditer(plain):
        start, end = found.span()
        if start == 0 or not plain[start - 1].isalnum():
            yield start, end


def _word_by_word(text: str, query: Query) -> Iterator[tuple[int, int]]:
    whole, begun = _wanted(query)
    for word in WORD.finditer(text):
        folded = fold(word[0])
        if folded in whole or folded.startswith(begun):
            yield word.span()


def _folded(text: str) -> str | None:
    """The text as `fold` makes its words, sign by sign. None where one becomes two, as ß does, or
    ends a word."""
    for sign in set(NOT_ASCII.findall(text)):
        folded = fold(sign) if sign.isalnum() else sign
        if len(folded) != 1 or sign.isalnum() != folded.isalnum():
            return None
        if folded != sign:
            text = text.replace(sign, folded)
    return text.lower()


@lru_cache(maxsize=64)
def _pattern(query: Query) -> re.Pattern[str]:
    whole, begun = _wanted(query)
    words = [rf"{re.escape(word)}(?![^\W_])" for word in sorted(whole)]
    words += [rf"{re.escape(word)}[^\W_]*" for word in begun]
    return re.compile("|".join(words)) if words else NO_WORD


def _wanted(query: Query) -> tuple[set[str], tuple[str, ...]]:
    """Whole words, and beginnings."""
    whole = {fold(word) for term in query.wanted for word in term.words}
    return whole, tuple(fold(term.words[-1]) for term in query.wanted if term.is_prefix)


def _window(text: str, places: list[tuple[int, int]]) -> tuple[int, int]:
    """Where to cut: at the spaces around the stretch that holds the most places."""
    if len(text) <= SIGNS:
        return 0, len(text)
    starts = [begin for begin, _ in places] or [0]
    best = max(starts, key=lambda start: _held(places, start))
    start = max(0, best - SIGNS // 4)
    start = 0 if start == 0 else _after_space(text, start, best)
    end = min(len(text), start + SIGNS)
    if end < len(text):
        space = text.rfind(" ", start + SIGNS // 2, end)
        end = space if space > best else end
    return start, end


def _held(places: list[tuple[int, int]], start: int) -> int:
    """Places are in order, so that a text full of found words is not compared with itself."""
    return bisect_right(places, start + SIGNS * 3 // 4, key=END_OF) - bisect_left(places, (start,))


def _after_space(text: str, start: int, before: int) -> int:
    space = text.find(" ", start, before)
    return space + 1 if space >= 0 else start


def _with_marks(text: str, places: list[tuple[int, int]]) -> str:
    parts = []
    reached = 0
    for begin, end in places:
        parts += [text[reached:begin], BEGIN, text[begin:end], END]
        reached = end
    return "".join([*parts, text[reached:]])


def without_marks(text: str) -> str:
    """Text as it may be stored: our marks, NUL and other controls taken out."""
    return re.sub(r"[\x00-\x08\x0b-\x1e\x7f]", " ", text)


def highlighted(text: str) -> Markup:
    """The marks as <mark>, everything else escaped: text is escaped before marks become tags."""
    safe = str(escape(text))
    return Markup(safe.replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S704
