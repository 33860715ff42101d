"""Writing through one door, on both engines."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, StatementError

from app.core.audit import AuditEntry, record
from app.core.clock import utcnow
from app.core.db import db, locked, write
from app.network.models import City


def a_city(slug: str = "graz", **changes: object) -> City:
    values: dict[str, object] = {
        "slug": slug,
        "names": {"en": "Graz"},
        "languages": ["de"],
        "country_code": "AT",
        "latitude": 47.07,
        "longitude": 15.44,
        "timezone": "Europe/Vienna",
        "created_at": utcnow(),
        "population": 0,
    }
    return City(**(values | changes))


def test_what_is_written_inside_the_block_stays(app: Flask) -> None:
    with write() as session:
        session.add(a_city())

    assert db.session.scalars(sa.select(City.slug)).all() == ["graz"]


def test_a_forgotten_write_is_refused_by_the_database(app: Flask) -> None:
    db.session.add(a_city())

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.commit()
    db.session.rollback()


def test_an_exception_undoes_the_whole_block(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write() as session:
        session.add(a_city())
        session.flush()
        _ = 1 / 0

    assert db.session.scalar(sa.select(sa.func.count(City.id))) == 0


def test_blocks_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError), write(), write():
        pass


def test_naive_times_are_refused(app: Flask) -> None:
    with pytest.raises((ValueError, StatementError)), write() as session:
        session.add(a_city(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_times_come_back_aware_and_equal(app: Flask) -> None:
    now = utcnow()
    with write():
        record(None, "test.act", "thing:1", why="because")

    at = db.session.scalars(sa.select(AuditEntry.at)).one()
    assert at.tzinfo is not None
    assert 0 <= (at - now).total_seconds() < 5


def test_eight_threads_lose_no_update(app: Flask) -> None:
    with write() as session:
        session.add(a_city())
    rounds = 25

    def add_people() -> None:
        with app.app_context():
            for _ in range(rounds):
                with write() as session:
                    city = session.scalars(locked(sa.select(City))).one()
                    city.population = (city.population or 0) + 1

    threads = [threading.Thread(target=add_people) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert db.session.scalars(sa.select(City.population)).one() == 8 * rounds
