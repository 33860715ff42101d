"""Connections that read and connections that write are kept apart."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.core.db import db, write
from app.network.models import City
from tests.core.test_db import a_city


def numbers_of_switches() -> int:
    """How often a connection changes over while reading and writing take turns."""
    switches: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "query_only" in statement:
            switches.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        for slug in ("aachen", "bremen", "celle"):
            with write() as session:
                session.add(a_city(slug))
            assert slug in db.session.scalars(sa.select(City.slug)).all()
            db.session.remove()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(switches)


def test_taking_turns_changes_no_connection_over(app: Flask) -> None:
    numbers_of_switches()
    with write() as session:
        session.execute(sa.delete(City))
    db.session.remove()

    assert numbers_of_switches() == 0


def test_a_reader_after_a_writer_cannot_write(app: Flask) -> None:
    with write() as session:
        session.add(a_city("aachen"))
    with write() as session:
        session.add(a_city("bremen"))
    db.session.add(a_city("celle"))

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.commit()
    db.session.rollback()


def test_pools_begin_anew_together(app: Flask) -> None:
    with write() as session:
        session.add(a_city("aachen"))
    db.session.remove()
    db.engine.dispose()

    assert db.session.scalars(sa.select(City.slug)).all() == ["aachen"]
    with write() as session:
        session.add(a_city("bremen"))
    assert len(db.session.scalars(sa.select(City.slug)).all()) == 2
