"""PostgreSQL's text search: the text of the tsquery and the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    Text,
    cast,
    column,
    extract,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from app.core.db import db
from app.search.backends.lookup import FIRST, LAST, MOST, REACH, Lookup
from app.search.models import SearchDocument
from app.search.parsing import FOLDED, Query, Term

INDEX = table("search_index", column("document_id", Integer), column("words", TSVECTOR))
NUMBER = INDEX.c.document_id
FINDS_TITLES = False  # not without gathering all of them
_simple: ColumnElement[Any] = literal_column("'simple'::regconfig")


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
    """A fact with a * is the beginning of many."""
    return " | ".join(f"'{fact.rstrip('*')}'{':*' if fact.endswith('*') else ''}" for fact in facts)


def _any_of(group: Sequence[Term]) -> str:
    return f"({' | '.join(map(_words, group))})"


def _words(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' if term.is_prefix else ''})"


def joined(left: FromClause, right: Any, on: ColumnElement[bool]) -> FromClause:
    return left.join(right.__table__, on)


def newest(wanted: Lookup) -> list[Select[Any]]:
    """Besides them a row without an id, whose score says how many matched, at most `reach`: no
    others were looked at.

    The index is asked alone, so that the planner weighs only how common the words are: walk the
    newest, or gather all. OFFSET 0 keeps it from beginning with a table that is small, as each
    row is looked up then. Scores read whole vectors: only those of what is kept are worth it.
    """
    matching = _matching(wanted)
    row = select(*wanted.columns).select_from(wanted.tables(SearchDocument.__table__, joined))
    row = row.where(SearchDocument.id == matching.c.number, wanted.readable).offset(0)
    each = row.lateral()
    kept = select(*each.c).select_from(matching.join(each, true()))
    kept = kept.order_by(matching.c.number.desc()).limit(MOST)
    scored = _scored(kept, wanted.told)
    return [scored, _how_many(matching, kept)] if wanted.tells_of_more else [scored]


def _matching(wanted: Lookup) -> CTE:
    """The planner takes matches to be spread evenly, so that walking from the newest on meets
    them soon. Scattered ones would be walked past: adding 0 leaves it the index of words.
    What it is ordered by goes on, so that reading stops where there is enough."""
    is_gathered = wanted.is_scattered or wanted.is_span or wanted.threads is not None
    number = NUMBER + literal_column("0") if is_gathered else NUMBER
    words = INDEX.c.words.op("@@")(_tsquery(wanted.asked))
    newest = select(number.label("number")).where(words).order_by(number.desc())
    if wanted.is_span:
        newest = newest.where(number.between(FIRST, LAST))
    if wanted.threads is not None:
        place = SearchDocument.thread_id == func.any(literal(wanted.threads, ARRAY(Integer)))
        newest = newest.join(SearchDocument, SearchDocument.id == NUMBER).where(place)
    newest = newest.limit(REACH)
    return newest.cte().prefix_with("MATERIALIZED")


def _scored(kept: Select[Any], score: ColumnElement[Any]) -> Select[Any]:
    rows = kept.subquery()
    one = select(score).where(rows.c.id == NUMBER).scalar_subquery()
    return select(*rows.c, one.label("score"))


def _how_many(matching: CTE, kept: Select[Any]) -> Select[Any]:
    nothing = [cast(null(), each.type).label(each.key) for each in kept.selected_columns]
    return select(*nothing, cast(func.count(), Float).label("score")).select_from(matching)


@contextmanager
def planned_for_these_words() -> Iterator[None]:
    """A plan that is kept for all words is right for few."""
    driver: Any = db.session.connection().connection.driver_connection
    usual, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = usual


def score(words: ColumnElement[Any]) -> ColumnElement[Any]:
    """Low is good."""
    return -func.ts_rank(INDEX.c.words, _tsquery(words))


told = closeness = score


def scorer(_query: Query) -> Callable[[Any], float]:
    """The database has counted already."""
    return float


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
