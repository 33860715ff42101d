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
        _migrate(own)
        own.commit()
    db.engine.dispose()


def _migrate(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=ours,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
