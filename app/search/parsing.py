"""What a person typed into the search field, as something a database can be asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PIECE = re.compile(r'(-?)(?:"([^"]*)"|(\w[\w\'’.-]*)(\*?))')
WORD = re.compile(r"[^\W_]+")
MOST_PIECES = 16
LONGEST_WORD = 60
SHORTEST_PREFIX = 2
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


@dataclass(frozen=True)
class Query:
    """What has to be there and what must not."""

    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)


def parse(typed: str) -> Query:
    """Read words, "phrases", -without and begin*. Anything else is space; nothing is an error."""
    pieces = list(PIECE.finditer(unicodedata.normalize("NFC", typed)))[:MOST_PIECES]
    return Query(tuple(term for piece in pieces if (term := _term(piece)).words))


def _term(piece: re.Match[str]) -> Term:
    minus, phrase, word, star = piece.groups()
    words = tuple(part[:LONGEST_WORD] for part in WORD.findall(phrase or word or ""))
    is_prefix = bool(star) and len("".join(words)) >= SHORTEST_PREFIX
    return Term(words, is_prefix, bool(minus))


def fold(word: str) -> str:
    """The form in which a word of the query and a word of a text are compared."""
    plain = unicodedata.normalize("NFKD", spell_out(word.casefold()))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def spell_out(word: str) -> str:
    """Straße as strasse, Łódź as lódź: letters no database takes apart by itself."""
    return word.lower().translate(FOLDED)
