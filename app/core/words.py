"""A compiled statement as the driver takes it, and its rows as the driver gives them.

`Connection.execute` of SQLAlchemy takes 60 µs for a statement that the database answers in ten:
it prepares anew at each execution what is the same each time. Here that is done once.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy.engine import Engine


class Words:
    """One statement for one dialect, and for lists of these lengths."""

    def __init__(self, compiled: Any, named: Mapping[str, Any] | None = None) -> None:
        self._dialect = compiled.dialect
        lists = lists_asked(compiled)
        sample = {bind.key: list((named or {})[bind.key]) for bind in lists}
        given = compiled.construct_params(sample, _check=False)
        state = compiled._process_parameters_for_postcompile(given)
        places = state.parameter_expansion
        self._lists = [(bind.key, places[compiled.bind_names[bind]]) for bind in lists]
        self.text, self._order = state.statement, state.positiontup
        self._sent: str | bytes = self.text
        self._cursor: Any = None  # SQLite's connection executes by itself
        if self._order is None:
            self._sent, self._order = _numbered(self.text)
            self._cursor = self._dialect.loaded_dbapi.RawCursor
        self._columns = compiled._result_columns
        names = [column.keyname for column in self._columns]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc] # not literal
        self._named = row._make
        self._answers: bool | None = None  # the first answer tells, also what rows need
        self._readers: list[tuple[int, Any]] | None = None
        self._kinds = {**compiled._bind_processors, **state.processors}
        self._context = _context_of(compiled)
        defaults = {name: value for name, _is_plain, value in _prefetched(compiled)}
        given |= defaults
        asked = {
            name: bind
            for bind, name in compiled.bind_names.items()
            if _is_asked(bind) and name not in defaults and bind not in lists
        }
        self._asked = [
            (name, bind.key, bind, self._kinds.get(name)) for name, bind in asked.items()
        ]
        open_places = {place for _key, expanded in self._lists for place in expanded}
        left_out = open_places | {compiled.bind_names[bind] for bind in lists} | asked.keys()
        self._fixed = {
            name: self._ready(name, value) for name, value in given.items() if name not in left_out
        }

    def asked(
        self, engine: Engine, connection: Any, driver: Any, named: dict[str, Any]
    ) -> list[tuple[Any, ...]]:
        """All rows, none where the statement returns none. Errors are the driver's own.

        Who counts and times statements hears of it, with a connection that has `info`.
        """
        values, events = self._values(named), engine.dispatch
        for hear in events.before_cursor_execute:
            hear(connection, None, self.text, values, self._context, False)
        executes = self._cursor(driver) if self._cursor else driver
        cursor = executes.execute(self._sent, values)
        for hear in events.after_cursor_execute:
            hear(connection, cursor, self.text, values, self._context, False)
        if self._answers is None:
            self._answers = bool(cursor.description)
        return self._rows(cursor) if self._answers else []

    def _values(self, named: dict[str, Any]) -> Any:
        """In the order of the statement."""
        found = self._fixed.copy()
        for name, key, bind, ready in self._asked:
            value = named[key] if key in named else bind.effective_value  # noqa: SIM401 - worked out
            found[name] = ready(value) if ready else value
        for key, places in self._lists:
            for place, value in zip(places, named[key], strict=True):
                found[place] = self._ready(place, value)
        return [found[name] for name in self._order]

    def _rows(self, cursor: Any) -> list[tuple[Any, ...]]:
        """Each value in the type of its column; most of them are as the driver gives them."""
        if not self._columns:  # the number of a new row, which nobody asked for
            cursor.fetchall()
            return []
        if self._readers is None:
            self._readers = self._needed(cursor.description)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not self._readers:
            return [*map(self._named, rows)]
        return [self._named(self._read(row)) for row in rows]

    def _needed(self, description: Any) -> list[tuple[int, Any]]:
        readers = [
            column.type._cached_result_processor(self._dialect, described[1])
            for column, described in zip(self._columns, description, strict=True)
        ]
        return [(place, reader) for place, reader in enumerate(readers) if reader is not None]

    def _read(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, reader in self._readers or ():
            values[place] = reader(values[place])
        return values

    def _ready(self, name: str, value: Any) -> Any:
        return self._kinds[name](value) if name in self._kinds else value


def _numbered(text: str) -> tuple[bytes, list[str]]:
    """A statement of PostgreSQL with $1, $2 for its names, and these in their order.

    psycopg would look for the names each time in a statement of more than 4 kB.
    """
    numbers = _Numbers()
    return (text % numbers).encode(), [*numbers]


class _Numbers(dict[str, str]):
    def __missing__(self, name: str) -> str:
        number = self[name] = f"${len(self) + 1}"
        return number


def can_be_worded(compiled: Any) -> bool:
    """Not what works values out anew each time, and no lists in a statement that changes rows."""
    several = compiled.isinsert and compiled.statement._multi_values
    unclear = any(not is_plain for _name, is_plain, _value in _prefetched(compiled))
    changes = compiled.isinsert or compiled.isupdate or compiled.isdelete
    lists = changes and lists_asked(compiled)
    return not (lists or unclear or (several and any(_prefetched(compiled))))


def lists_asked(compiled: Any) -> list[Any]:
    """Places of lists that are other ones each time."""
    return [bind for bind in compiled.post_compile_params if bind.required]


def _prefetched(compiled: Any) -> Iterator[tuple[str, bool, Any]]:
    """Of each column that the statement does not name: place, whether it is plain, value."""
    for columns, kind in (
        (compiled.insert_prefetch, "default"),
        (compiled.update_prefetch, "onupdate"),
    ):
        for column in columns:
            default = getattr(column, kind)
            name = compiled._within_exec_param_key_getter(column)
            yield name, default is not None and default.is_scalar, getattr(default, "arg", None)


def _context_of(compiled: Any) -> SimpleNamespace:
    """What who hears of a statement may ask about it."""
    return SimpleNamespace(
        isinsert=compiled.isinsert,
        isupdate=compiled.isupdate,
        isdelete=compiled.isdelete,
        executemany=False,
        compiled=compiled,
    )


def _is_asked(bind: Any) -> bool:
    """Whether the value is another one each time. The others were written into the statement."""
    return bind.required or bind.callable is not None or not bind.unique
