"""What a person typed into the search field, as something a database can be asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

PIECE = re.compile(r'(-?)(?:"([^"]*)"|(\w[\w\'’.-]*)(\*?))')
WORD = re.compile(r"[^\W_]+")
MOST_PIECES = 16
LONGEST_WORD = 60
SHORTEST_PREFIX = 2
SHORTEST, SHORTEST_IDEOGRAMS = 3, 2
IDEOGRAM = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
OR = "OR"
OPERATOR = re.compile(r'(?<!\S)(-?)([a-zA-Z]{2,20}):("[^"]*"|\S+)')
OPERATORS = {
    "topic": "topic",
    "author": "author",
    "city": "city",
    "kind": "kind",
    "status": "state",
    "lang": "language",
    "after": "since",
    "before": "until",
    "tag": "tag",
}
"""What can be typed, and the field of the form that says the same."""
FOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
    | dict(zip("άέήίόύώ", "αεηιουω", strict=True))
)
"""Letters that FTS5 does not take apart; the triggers of the first migration do the same."""


@dataclass(frozen=True)
class Term:
    """Words that must stand together, in this order. `is_prefix`: the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    is_alternative: bool = False  # to the term before it


@dataclass(frozen=True)
class Query:
    """What has to be there and what must not."""

    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def groups(self) -> list[list[Term]]:
        """The wanted terms: one of each group has to be there."""
        groups: list[list[Term]] = []
        for term in self.wanted:
            if term.is_alternative and groups:
                groups[-1].append(term)
            else:
                groups.append([term])
        return groups

    @property
    def is_long_enough(self) -> bool:
        """Shorter words are everywhere; one sign of some scripts says as much as a word."""
        wanted = "".join(word for term in self.wanted for word in term.words)
        fewest = SHORTEST_IDEOGRAMS if IDEOGRAM.search(wanted) else SHORTEST
        return len(wanted) >= fewest

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)


@dataclass(frozen=True)
class Typed:
    """What was typed: the words, the fields that operators name, and names that mean nothing."""

    words: str
    fields: dict[str, str]
    unknown: list[str]


def read(typed: str) -> Typed:
    """Take operators out of what was typed. An unknown one stays as plain words."""
    fields: dict[str, str] = {}
    unknown: list[str] = []

    def taken(found: re.Match[str]) -> str:
        minus, name, value = found.groups()
        field = OPERATORS.get(name.lower())
        if field and not minus:
            fields[field] = value.strip('"')
            return " "
        if not value.startswith("//"):
            unknown.append(f"{minus}{name}:")
        return found[0]

    words = OPERATOR.sub(taken, typed)
    return Typed(" ".join(words.split()), fields, unknown)


def parse(typed: str) -> Query:
    """Read words, "phrases", -without, begin* and one OR other.

    Anything else is space; nothing is an error.
    """
    pieces = list(PIECE.finditer(unicodedata.normalize("NFC", typed)))[:MOST_PIECES]
    terms: list[Term] = []
    after_or = False
    for piece in pieces:
        if piece[0] == OR:
            after_or = bool(terms)
        elif (term := _term(piece, after_or)).words:
            terms.append(term)
            after_or = False
    return Query(tuple(terms))


def _term(piece: re.Match[str], after_or: bool) -> Term:
    minus, phrase, word, star = piece.groups()
    words = tuple(part[:LONGEST_WORD] for part in WORD.findall(phrase or word or ""))
    is_prefix = bool(star) and len("".join(words)) >= SHORTEST_PREFIX
    return Term(words, is_prefix, bool(minus), after_or and not minus)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """The form in which a word of the query and a word of a text are compared."""
    plain = unicodedata.normalize("NFKD", spell_out(word.casefold()))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def spell_out(word: str) -> str:
    """Straße as strasse, Łódź as lódź: letters no database takes apart by itself."""
    return word.lower().translate(FOLDED)
