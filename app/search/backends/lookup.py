"""What both engines are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, bindparam

MOST, REACH = bindparam("most", type_=Integer), bindparam("reach", type_=Integer)
FIRST, LAST = bindparam("first", type_=Integer), bindparam("last", type_=Integer)


@dataclass(frozen=True)
class Lookup:
    """The newest `most` documents that match `asked` and may be read, of the newest `reach` that
    match, with what their score is made from.

    `joins` says which tables `columns` and `readable` stand in, in the order to read them.
    `is_scattered`: what matches is rare among what has these words, or lies behind most of it.
    `threads`: their numbers, where only what was written in these can match.
    `is_span`: only what lies from FIRST to LAST can match.
    `tells_of_more`: whether more match than were looked at.
    `is_told_by_index`: what the score is made from is said by the index alone, while it is read.
    """

    asked: ColumnElement[Any]
    columns: Sequence[Any]
    joins: Sequence[tuple[Any, ColumnElement[bool]]]
    readable: ColumnElement[bool]
    told: ColumnElement[Any]
    is_scattered: bool = False
    threads: Sequence[int] | None = None
    is_span: bool = False
    tells_of_more: bool = True
    is_told_by_index: bool = False

    def tables(
        self,
        first: FromClause,
        joined: Callable[[FromClause, Any, ColumnElement[bool]], FromClause],
    ) -> FromClause:
        for entity, on in self.joins:
            first = joined(first, entity, on)
        return first
