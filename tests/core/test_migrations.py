"""The migrations build exactly the models' tables, and can take them all away again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import create_app
from app.core.db import Base, db
from config import Settings


@pytest.fixture
def empty_app(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    url = settings.database_url
    if url.startswith("sqlite"):
        app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'new.db'}"))
        with app.app_context():
            yield app
            db.engine.dispose()
        return
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE untouched"))
    app = create_app(replace(settings, database_url=url.replace("/postgres?", "/untouched?")))
    with app.app_context():
        yield app
        db.engine.dispose()
    with server.connect() as connection:
        connection.execute(sa.text("DROP DATABASE untouched WITH (FORCE)"))
    server.dispose()


def is_ours(_thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and reflected and (name or "").startswith("search_index"))


def test_up_to_head_equals_the_models_down_leaves_nothing_and_up_again_works(
    empty_app: Flask,
) -> None:
    """One way up and down and up, for each migration takes its time."""
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_ours}
        )
        assert compare_metadata(context, Base.metadata) == []

    downgrade(revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) == {"alembic_version"}

    upgrade()
    assert set(Base.metadata.tables) <= set(sa.inspect(db.engine).get_table_names())
