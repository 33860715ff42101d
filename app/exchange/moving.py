"""A whole installation from one database to an empty other one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Table, delete
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import utcnow
from app.exchange.errors import NotMoved, one_line
from app.exchange.postgresql import PostgresqlTarget
from app.exchange.schema import make_schema
from app.exchange.sources import last_numbers, reading
from app.exchange.sqlite import SqliteTarget
from app.exchange.tables import Fingerprint, count_rows, plain, portions, tables
from app.exchange.targets import Target

TARGETS: dict[str, Callable[[URL], Target]] = {
    "postgresql": PostgresqlTarget,
    "sqlite": SqliteTarget,
}
Told = Callable[[int], object]


class Move:
    """Copy, then check, then complete: before that nobody sees anything of it."""

    def __init__(self, source: Connection, target: Target) -> None:
        self.source, self.target = source, target
        self.began_at = utcnow()
        self.rows = count_rows(source)
        self.read: dict[str, Fingerprint] = {}

    def copy(self, told: Told) -> None:
        """Tables by the migrations, then rows, then what hangs on rows."""
        make_schema(self.target.connection)
        for model in reversed(tables()):
            self.target.connection.execute(delete(model))  # what migrations put in
        self.target.set_aside()
        for model in tables():
            self.read[model.name] = Fingerprint()
            self.target.fill(plain(model), self._read(model, told))
        self.target.put_back(last_numbers(self.source))

    def check(self, told: Told) -> None:
        """Read everything again out of the new database. Raise NotMoved for any difference."""
        for model in tables():
            arrived = Fingerprint()
            for portion in portions(self.target.connection, model):
                arrived.add(portion)
                told(len(portion))
            if str(arrived) != str(self.read[model.name]):
                raise NotMoved(_difference(model, self.read[model.name], arrived))

    def complete(self) -> None:
        self.target.complete()

    @property
    def fingerprint(self) -> str:
        """Of all tables together: the same for the same contents, on either engine."""
        return Fingerprint.of_all(self.read)

    def _read(self, model: Table, told: Told) -> Iterator[Sequence[Sequence[Any]]]:
        for portion in portions(self.source, model):
            self.read[model.name].add(portion)
            yield portion
            told(len(portion))


@contextmanager
def move(source: URL, target: URL, anyway: bool) -> Iterator[Move]:
    """Raise NotMoved, with nothing left behind in the new database, for all that goes wrong."""
    to = (
        PostgresqlTarget(target)
        if target.get_backend_name() == "postgresql"
        else SqliteTarget(target)
    )
    try:
        with reading(source, anyway) as connection:
            to.begin()
            yield Move(connection, to)
    except (SQLAlchemyError, OSError) as error:
        raise NotMoved(one_line(error)) from error
    finally:
        to.give_up()


def _difference(model: Table, read: Fingerprint, arrived: Fingerprint) -> str:
    if read.count != arrived.count:
        return f"{model.name}: {read.count} rows were read, {arrived.count} arrived."
    return f"{model.name}: a row arrived other than it was read."
