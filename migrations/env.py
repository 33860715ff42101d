"""How Alembic meets our database: one transaction, batch mode for SQLite, no full-text tables."""

from __future__ import annotations

from typing import Any

from alembic import context

from app.core.db import Base, db, schema_changes


def ours(thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Full-text tables belong to their migration, not to the models."""
    return not (kind == "table" and reflected and (name or "").startswith("search_index"))


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    with schema_changes(), db.engine.connect() as own:
        if own.dialect.name == "sqlite":
            # Batch mode rebuilds tables; their references must not fire meanwhile.
            own.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            _wait_turn(own)
        _migrate(own)
        own.commit()
    db.engine.dispose()


def _wait_turn(connection: Any) -> None:
    """Two that start at once: the second finds everything done. SQLite has one writer anyway.

    A table that is in use is waited for less long: whoever comes later waits behind us.
    """
    for statement in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        "SELECT pg_advisory_xact_lock(hashtext('interurban.migrations'))",
        "SET LOCAL lock_timeout = '30s'",
    ):
        connection.exec_driver_sql(statement)


def _migrate(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=ours,
        # Else SQLite's end their transaction after each: another start would come between.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
