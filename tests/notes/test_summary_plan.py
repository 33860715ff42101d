"""What a summary's page asks the database does not grow with the forum."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import db
from tests.factories_notes import make_summary
from tests.notes.test_summary_pages import url

pytestmark = pytest.mark.any_engine  # the plans are those of SQLite


def plans_of(client: FlaskClient, address: str) -> list[str]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, text: str, values: object, *_: object) -> None:
        asked.append((text, tuple(values) if isinstance(values, list) else values))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        return [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all())
            for text, values in asked
            if text.startswith("SELECT")
        ]


def test_no_statement_of_a_summary_reads_all_threads(client: FlaskClient) -> None:
    plans = plans_of(client, url(make_summary()))

    assert any("SEARCH thread" in plan for plan in plans)
    assert [plan for plan in plans if "SCAN thread" in plan] == []
