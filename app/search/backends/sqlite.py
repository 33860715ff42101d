"""SQLite's FTS5: the expression, the order in which tables are read, and the score."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    column,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join

from app.search.backends.lookup import FIRST, LAST, MOST, REACH, Lookup
from app.search.models import SearchDocument
from app.search.parsing import Query, Term, fold, spell_out

INDEX = table("search_index", column("rowid", Integer), column("rank"))
NUMBER = INDEX.c.rowid
FINDS_TITLES = True  # with other words, newest first, reading no more than is asked for
BODY_BEGINS = "\x1f"
READ_AT_MOST = 1000  # signs of a text that are compared
SATURATION, USUAL_LENGTH, IN_TITLE = 1.2, 800, 5


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
    """Besides them a row without an id, which says `reach` where there are more than were looked
    at. The newest come first: SQLite reads a part with a limit of its own in its own order.
    """
    matching = _matching(wanted)
    first = joined(matching, SearchDocument, SearchDocument.id == matching.c.number)
    told = matching.c.score if wanted.is_told_by_index else wanted.told.label("score")
    rows: Any = select(*wanted.columns, told).select_from(wanted.tables(first, joined))
    rows = rows.where(wanted.readable).limit(MOST)
    return [rows, _how_many(matching, wanted)] if wanted.tells_of_more else [rows]


def _matching(wanted: Lookup) -> FromClause:
    """Where it is counted too, the index is read once and kept. Elsewhere reading it stops with
    the last row that is kept."""
    matches = and_(literal_column("search_index").op("MATCH")(wanted.asked), *_place(wanted))
    told = [wanted.told.label("score")] if wanted.is_told_by_index else []
    newest = select(NUMBER.label("number"), *told).where(matches).order_by(NUMBER.desc())
    if wanted.tells_of_more:
        return newest.limit(REACH + literal_column("1")).cte().prefix_with("MATERIALIZED")
    return newest.limit(REACH).subquery()


def _how_many(matching: FromClause, wanted: Lookup) -> Select[Any]:
    nothing: list[Any] = [null().label(column.key) for column in wanted.columns]
    told = case((func.count() > REACH, REACH), else_=0).label("score")
    return select(*nothing, told).select_from(matching)


def _place(wanted: Lookup) -> Iterator[ColumnElement[bool]]:
    """Numbers from one to another are found in the index. One by one it would look for the words
    anew at each: adding 0 keeps it from that."""
    if wanted.is_span:
        yield NUMBER.between(FIRST, LAST)
    if wanted.threads is not None:
        numbers = func.json_each(json.dumps(wanted.threads)).table_valued("value")
        is_of = SearchDocument.thread_id.in_(select(numbers.c.value))
        of_threads = select(SearchDocument.id.label("number")).where(is_of).cte()
        first, last = (
            select(end(of_threads.c.number)).scalar_subquery() for end in (func.min, func.max)
        )
        yield NUMBER.between(first, last)
        yield (NUMBER + literal_column("0")).in_(select(of_threads.c.number))


@contextmanager
def planned_for_these_words() -> Iterator[None]:
    """Plans never depend on words here."""
    yield


def told(_words: ColumnElement[Any]) -> ColumnElement[Any]:
    """Title and beginning of the text, for `scorer`. The score of FTS5 itself first reads all that
    matches, to count it."""
    body = func.substr(SearchDocument.body, 1, READ_AT_MOST)
    return SearchDocument.title.concat(literal(BODY_BEGINS)).concat(body)


def scorer(query: Query) -> Callable[[str], float]:
    """How much of a text its wanted words are, those in the title five times; low is good.

    As BM25 weighs it, but for how rare a word is: all that is compared has the words.
    """
    groups = [[form for term in terms for form in _forms(term)] for terms in query.groups]

    def score(told: str) -> float:
        text, total = told.lower(), 0.0
        title = text.index(BODY_BEGINS)
        length = SATURATION * (0.25 + 0.75 * (len(text) - title) / USUAL_LENGTH)
        for forms in groups:
            times = 0
            for form in forms:
                times += text.count(form)
                if title:
                    times += (IN_TITLE - 1) * text.count(form, 0, title)
            total += (times or 1) / ((times or 1) + length)
        return -total

    return score


def _forms(term: Term) -> set[str]:
    """As typed, and without marks."""
    return {" ".join(term.words).lower(), " ".join(map(fold, term.words))}


def closeness(_words: ColumnElement[Any]) -> ColumnElement[Any]:
    """How well facts match: low is good. The usual score gives them no weight."""
    return func.bm25(literal_column("search_index"), 0.0, 0.0, 1.0)


def age_in_days(moment: ColumnElement[Any], now: datetime | ColumnElement[Any]) -> Any:
    return func.julianday(now) - func.julianday(moment)
