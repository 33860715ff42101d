"""What the database says of itself."""

from __future__ import annotations

from sqlalchemy import text

from app.core.db import db

SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
VERSION = {
    "sqlite": "SELECT sqlite_version()",
    "postgresql": "SELECT current_setting('server_version')",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def database_size() -> int:
    """Bytes, indexes and free pages included."""
    return int(db.session.execute(text(SIZE[_engine()])).scalar_one())


def database_version() -> str:
    """PostgreSQL 18.1."""
    version = db.session.execute(text(VERSION[_engine()])).scalar_one()
    return f"{NAMES[_engine()]} {str(version).split()[0]}"


def _engine() -> str:
    return db.session.get_bind().dialect.name
