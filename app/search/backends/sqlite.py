"""SQLite's FTS5: the expression, the order in which tables are read, and the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join

from app.search.backends.lookup import MOST, Lookup
from app.search.models import SearchDocument
from app.search.parsing import Query, Term, spell_out

INDEX = table("search_index", column("rowid", Integer), column("rank"))
NUMBER = INDEX.c.rowid


class InOrder(Join):
    """A join whose tables are read in this order. The planner knows nothing of FTS5: it would
    begin with a table of its own and ask the index once for each row."""

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _cross_join(join: InOrder, compiler: SQLCompiler, **given: Any) -> str:
    given = {name: value for name, value in given.items() if name != "from_linter"}
    left, right = (compiler.process(side, **given) for side in (join.left, join.right))
    on: Any = join.onclause
    return f"{left} CROSS JOIN {right} ON {compiler.process(on)}"


def expression(query: Query) -> str | None:
    """An FTS5 expression of quoted words only, so that no sign of the reader's means anything."""
    if not query.wanted:
        return None
    wanted = " AND ".join(_any_of(group) for group in query.groups)
    return wanted + "".join(f" NOT {_quoted(term)}" for term in query.unwanted)


def narrowed(words: str, facts: Sequence[Sequence[str]]) -> str:
    """The same with one fact of each group."""
    return " AND ".join([f"({words})" if facts else words, *(f"({one_of(one)})" for one in facts)])


def one_of(facts: Sequence[str]) -> str:
    """A fact with a * is the beginning of many."""
    return " OR ".join(f'"{fact.rstrip("*")}"{"*" if fact.endswith("*") else ""}' for fact in facts)


def _any_of(group: Sequence[Term]) -> str:
    quoted = " OR ".join(map(_quoted, group))
    return f"({quoted})" if len(group) > 1 else quoted


def _quoted(term: Term) -> str:
    words = " ".join(spell_out(word) for word in term.words)
    return f'"{words}"' + ("*" if term.is_prefix else "")


def joined(left: FromClause, right: Any, on: ColumnElement[bool]) -> FromClause:
    return InOrder(left, right.__table__, on)


def newest(wanted: Lookup) -> list[Select[Any]]:
    """It reads on until there are so many: there is no `reach` as with PostgreSQL."""
    first = joined(INDEX, SearchDocument, SearchDocument.id == NUMBER)
    matches = literal_column("search_index").op("MATCH")(wanted.asked)
    rows = select(*wanted.columns, wanted.score.label("score"))
    rows = rows.select_from(wanted.tables(first, joined)).where(matches, wanted.readable)
    return [rows.order_by(NUMBER.desc()).limit(MOST)]


@contextmanager
def planned_for_these_words() -> Iterator[None]:
    """Plans never depend on words here."""
    yield


def score(_words: ColumnElement[Any]) -> ColumnElement[Any]:
    """Low is good."""
    return INDEX.c.rank


def closeness(_words: ColumnElement[Any]) -> ColumnElement[Any]:
    """How well facts match: low is good. The usual score gives them no weight."""
    return func.bm25(literal_column("search_index"), 0.0, 0.0, 1.0)


def age_in_days(moment: ColumnElement[Any], now: datetime | ColumnElement[Any]) -> Any:
    return func.julianday(now) - func.julianday(moment)
