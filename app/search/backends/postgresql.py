"""PostgreSQL's text search: the text of the tsquery and the score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Text,
    cast,
    column,
    extract,
    func,
    literal_column,
    table,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.search.parsing import FOLDED, Query, Term

INDEX = table("search_index", column("document_id", Integer), column("words", TSVECTOR))
NUMBER = INDEX.c.document_id
_simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
SCORES_AFTERWARDS = True


def expression(query: Query) -> str | None:
    """The text of a tsquery. Words hold letters and digits only, so none of their signs is read
    as an operator."""
    if not query.wanted:
        return None
    parts = [_any_of(group) for group in query.groups]
    parts += [f"!{_words(term)}" for term in query.unwanted]
    return " & ".join(parts)


def narrowed(words: str, facts: Sequence[Sequence[str]]) -> str:
    """The same with one fact of each group."""
    return " & ".join([f"({words})" if facts else words, *(f"({one_of(one)})" for one in facts)])


def one_of(facts: Sequence[str]) -> str:
    return " | ".join(f"'{fact}'" for fact in facts)


def _any_of(group: Sequence[Term]) -> str:
    return f"({' | '.join(map(_words, group))})"


def _words(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' if term.is_prefix else ''})"


def joined(left: FromClause, right: Any, on: ColumnElement[bool]) -> FromClause:
    return left.join(right.__table__, on)


def matches(asked: ColumnElement[Any]) -> ColumnElement[bool]:
    return INDEX.c.words.op("@@")(_tsquery(asked))


def score(words: ColumnElement[Any]) -> ColumnElement[Any]:
    """Low is good."""
    return -func.ts_rank(INDEX.c.words, _tsquery(words))


closeness = score


def _tsquery(asked: ColumnElement[Any]) -> ColumnElement[Any]:
    """Folded as `search_fold` folds a text, but with its signs: here they are operators."""
    text = func.lower(cast(asked, Text))
    for letter, plain in FOLDED.items():
        text = func.replace(text, chr(letter), plain)
    apart = func.pg_catalog.normalize(text, "NFD")
    bare = func.regexp_replace(apart, "[\u0300-\u036f]", "", "g")
    return func.to_tsquery(_simple, func.pg_catalog.normalize(bare, "NFC"))


def age_in_days(moment: ColumnElement[Any], now: datetime | ColumnElement[Any]) -> Any:
    return cast(extract("epoch", now - moment), Float) / 86_400.0
