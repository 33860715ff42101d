"""SQLite's FTS5: the expression and the statement that finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)

from app.search.models import SearchDocument
from app.search.parsing import Query, Term, spell_out

_index = table("search_index", column("rowid"), column("rank"))


def expression(query: Query) -> str | None:
    """An FTS5 expression of quoted words only, so that no sign of the reader's means anything."""
    if not query.wanted:
        return None
    wanted = " AND ".join(_any_of(group) for group in query.groups)
    return wanted + "".join(f" NOT {_quoted(term)}" for term in query.unwanted)


def _any_of(group: Sequence[Term]) -> str:
    quoted = " OR ".join(map(_quoted, group))
    return f"({quoted})" if len(group) > 1 else quoted


def _quoted(term: Term) -> str:
    words = " ".join(spell_out(word) for word in term.words)
    return f'"{words}"' + ("*" if term.is_prefix else "")


def matches(query: Query, visible: ColumnElement[bool], most: int) -> Select[int, str, float]:
    """The newest matching documents that the viewer may read: id, kind, score (low is good)."""
    return (
        select(SearchDocument.id, SearchDocument.kind, _index.c.rank.label("score"))
        .join(_index, _index.c.rowid == SearchDocument.id)
        .where(literal_column("search_index").op("MATCH")(expression(query)), visible)
        .order_by(_index.c.rowid.desc())
        .limit(most)
    )


def titles_with(words: Sequence[str], visible: ColumnElement[bool], most: int) -> Select[int]:
    """The newest documents whose title has any of these words, the closest title first."""
    asked = "title : (" + " OR ".join(f'"{spell_out(word)}"' for word in words) + ")"
    newest = (
        select(SearchDocument.id, _index.c.rank.label("score"))
        .join(_index, _index.c.rowid == SearchDocument.id)
        .where(literal_column("search_index").op("MATCH")(asked), visible)
        .order_by(_index.c.rowid.desc())
        .limit(most)
        .subquery()
    )
    return select(newest.c.id).order_by(newest.c.score, newest.c.id.desc())


def age_in_days(moment: ColumnElement[Any], now: datetime) -> ColumnElement[Any]:
    return func.julianday(literal(now, moment.type)) - func.julianday(moment)
