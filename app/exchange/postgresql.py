"""A new PostgreSQL database: tables and rows in one transaction, by COPY."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.sql.expression import TableClause

from app.exchange.errors import NotMoved, one_line
from app.exchange.targets import Rows

REFERENCES = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
SEQUENCES = """
    SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND starts_with(column_default, 'nextval(')"""
FOLLOW = text("SELECT setval(CAST(:sequence AS regclass), greatest(:number, 1), :number > 0)")


class PostgresqlTarget:
    connection: Connection

    def __init__(self, url: URL) -> None:
        self.url = url
        self.references: list[str] = []
        self.indexes: list[str] = []

    def begin(self) -> None:
        self.engine = _engine(self.url)
        self.connection = self.engine.connect()
        for setting in ("statement_timeout = 0", "maintenance_work_mem = '128MB'"):
            self.connection.exec_driver_sql(f"SET LOCAL {setting}")
        if inspect(self.connection).get_table_names():
            raise NotMoved(f"{self.url} is not empty. Name a database without tables.")

    def set_aside(self) -> None:
        """References are checked all at once at the end, so rows may name each other in circles."""
        for table, name, words in self.connection.exec_driver_sql(REFERENCES).all():
            self.connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            self.references.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}")
        for name, statement in self.connection.exec_driver_sql(INDEXES).all():
            self.connection.exec_driver_sql(f"DROP INDEX {name}")
            self.indexes.append(statement)

    def fill(self, table: TableClause, rows: Rows) -> None:
        quote = self.engine.dialect.identifier_preparer.quote
        names = ", ".join(quote(cell.name) for cell in table.c)
        cursor: Any = self.connection.connection.cursor()
        try:
            with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
                for portion in rows:
                    for row in portion:
                        copy.write_row(row)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise NotMoved(one_line(error, table.name)) from error

    def put_back(self, numbers: dict[str, int]) -> None:
        for statement in self.indexes + self.references:
            self.connection.exec_driver_sql(statement.replace("%", "%%"))
        for table, sequence in self.connection.exec_driver_sql(SEQUENCES).all():
            self.connection.execute(FOLLOW, {"sequence": sequence, "number": numbers.get(table, 0)})

    def complete(self) -> None:
        self.connection.exec_driver_sql("ANALYZE")  # or its planner knows nothing of the rows
        self.connection.commit()
        self.connection.close()

    def give_up(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url, poolclass=NullPool)
    except ModuleNotFoundError as error:
        raise NotMoved(
            "The driver of PostgreSQL is missing: run `make .venv/ready-scale`."
        ) from error
