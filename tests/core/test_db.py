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
from app.core.db import BUSY_MS, KNOCK_MS, db, locked, write
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


def test_a_writer_that_finds_the_door_closed_comes_in_later(app: Flask) -> None:
    is_inside, done = threading.Event(), []

    def come_later(slug: str) -> None:
        with app.app_context():
            is_inside.wait()
            with write() as session:
                session.add(a_city(slug))
            done.append(slug)

    writers = [threading.Thread(target=come_later, args=(slug,)) for slug in ("lund", "york")]
    for writer in writers:
        writer.start()
    with write() as session:
        session.add(a_city())
        session.flush()
        is_inside.set()
        for writer in writers:
            writer.join(0.05)
    for writer in writers:
        writer.join()

    assert sorted(done) == ["lund", "york"]
    assert db.session.scalar(sa.select(sa.func.count(City.id))) == 3


def test_only_writers_knock_often(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    asked = sa.text("PRAGMA busy_timeout")
    with write() as session:
        of_writers = session.scalar(asked)

    assert (of_writers, db.session.scalar(asked)) == (KNOCK_MS, BUSY_MS)
