"""PostgreSQL's text search: the tsquery and the statement that finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    cast,
    column,
    extract,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.search.models import SearchDocument
from app.search.parsing import Query, Term

_index = table("search_index", column("document_id"), column("words", TSVECTOR))
_simple: ColumnElement[Any] = literal_column("'simple'::regconfig")


def expression(query: Query) -> ColumnElement[Any] | None:
    """A tsquery joined from single words by functions: nothing typed is read as an operator."""
    if not query.wanted:
        return None
    parts = [_any_of(group) for group in query.groups]
    parts += [func.tsquery_not(_words(term)) for term in query.unwanted]
    return reduce(lambda left, right: left.op("&&")(right), parts)


def _any_of(group: Sequence[Term]) -> ColumnElement[Any]:
    return reduce(lambda left, right: left.op("||")(right), map(_words, group))


def _words(term: Term) -> ColumnElement[Any]:
    parts = [_word(word) for word in term.words]
    if term.is_prefix:
        parts[-1] = _beginning(term.words[-1])
    return reduce(func.tsquery_phrase, parts)


def _word(word: str) -> ColumnElement[Any]:
    return func.phraseto_tsquery(_simple, func.search_fold(literal(word)))


def _beginning(word: str) -> ColumnElement[Any]:
    return func.to_tsquery(_simple, literal("'").concat(func.search_fold(word)).concat("':*"))


def matches(query: Query, visible: ColumnElement[bool], most: int) -> Select[int, str, float]:
    """The newest matching documents that the viewer may read: id, kind, score (low is good)."""
    asked = expression(query)
    newest = (
        select(SearchDocument.id, SearchDocument.kind, _index.c.words)
        .join(_index, _index.c.document_id == SearchDocument.id)
        .where(_index.c.words.op("@@")(asked), visible)
        .order_by(SearchDocument.id.desc())
        .limit(most)
        .subquery()
    )
    score = cast(-func.ts_rank(newest.c.words, asked), type_=literal(0.0).type)
    return select(newest.c.id, newest.c.kind, score.label("score"))


def titles_with(words: Sequence[str], visible: ColumnElement[bool], most: int) -> Select[int]:
    """The newest documents whose title has any of these words, the closest title first."""
    asked = reduce(lambda left, right: left.op("||")(right), map(_in_title, words))
    newest = (
        select(SearchDocument.id, _index.c.words)
        .join(_index, _index.c.document_id == SearchDocument.id)
        .where(_index.c.words.op("@@")(asked), visible)
        .order_by(SearchDocument.id.desc())
        .limit(most)
        .subquery()
    )
    closest = func.ts_rank(newest.c.words, asked).desc()
    return select(newest.c.id).order_by(closest, newest.c.id.desc())


def _in_title(word: str) -> ColumnElement[Any]:
    return func.to_tsquery(_simple, literal("'").concat(func.search_fold(word)).concat("':A"))


def age_in_days(moment: ColumnElement[Any], now: datetime) -> ColumnElement[Any]:
    seconds = extract("epoch", literal(now, moment.type) - moment)
    return cast(seconds, Float) / 86_400.0
