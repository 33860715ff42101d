"""What goes wrong leaves the old database as it was and the new one empty, with one line."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.heartbeat import WorkerHeartbeat
from app.exchange.errors import NotMoved
from app.exchange.moving import move as moving
from tests.exchange.conftest import NewDatabase, On, move, moved, query
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_thread

pytestmark = pytest.mark.any_engine

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def copied(app: Flask, path: Path) -> str:
    """This test's database in a file that nobody else has open."""
    with sqlite3.connect(path) as copy, app.app_context():
        db.session.rollback()
        driver = db.engine.raw_connection()
        driver.driver_connection.backup(copy)  # type: ignore[union-attr]
        driver.close()
    copy.close()
    return f"sqlite:///{path}"


def change(url: str, statement: str, *values: object) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as rows:
        rows.execute(statement, values)
    rows.close()


def test_a_database_with_anything_in_it_is_left_alone(
    app: Flask, new_sqlite: NewDatabase, new_postgresql: NewDatabase
) -> None:
    file, server = new_sqlite(), new_postgresql()
    change(file, "CREATE TABLE other (id integer)")
    with sa.create_engine(server, poolclass=sa.NullPool).begin() as rows:
        rows.execute(sa.text("CREATE TABLE other (id integer)"))

    answers = [move(app, url, "--anyway") for url in (file, server)]

    assert [answer.exit_code for answer in answers] == [1, 1]
    assert all("is not empty" in answer.output for answer in answers)
    assert (query(file, "SELECT name FROM sqlite_master"), query(server, TABLES)) == (
        [("other",)],
        [("other",)],
    )


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("sqlite:///new.db", "whole path"),
        ("sqlite:////nowhere/at/all/new.db", "There is no folder"),
        ("mysql://x", "is not allowed here"),
        ("postgresql://person:sesame@127.0.0.1:1/x", "Connection refused"),
    ],
)
def test_a_place_that_is_none_is_one_line(app: Flask, target: str, says: str) -> None:
    answer = move(app, target, "--anyway")

    assert (answer.exit_code, says in answer.output) == (1, True)
    assert ("Traceback" in answer.output, "sesame" in answer.output) == (False, False)


def test_nothing_moves_while_somebody_is_connected(
    app: Flask, on: On, new_sqlite: NewDatabase, new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    server = new_postgresql()
    file = copied(app, tmp_path / "old.db")
    with sqlite3.connect(tmp_path / "old.db") as other:
        other.execute("SELECT 1 FROM job").fetchall()
        of_file = move(on(file), server)
    other.close()
    done = move(on(file), server.replace("postgres@", "postgres:sesame@"))
    with sa.create_engine(server, poolclass=sa.NullPool).connect():
        of_server = move(on(server), new_sqlite())

    assert [one.exit_code for one in (of_file, done, of_server)] == [1, 0, 1]
    assert "sesame" not in done.output
    assert "Something else has the database open. Stop the web processes" in of_file.output
    assert "Others are connected to the database: 1. Stop the web proc" in of_server.output


def test_nothing_moves_while_a_worker_lives(
    app: Flask, on: On, new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    for name, ago in (("dead", timedelta(minutes=2)), ("alive", timedelta(seconds=20))):
        with write() as session:
            session.add(WorkerHeartbeat(worker=name, at=utcnow() - ago))
    file = copied(app, tmp_path / "old.db")

    refused, done = move(on(file), new_sqlite()), move(on(file), new_sqlite(), "--anyway")

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "Signs of life within the last minute: 1." in refused.output


def test_tables_of_another_version_are_not_moved(
    app: Flask, on: On, new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    file = copied(app, tmp_path / "old.db")
    change(file, "UPDATE alembic_version SET version_num = '0001'")

    answer = move(on(file), new_sqlite())

    assert (answer.exit_code, "run `flask db upgrade`" in answer.output) == (1, True)


def test_a_database_that_is_not_there_is_not_made(on: On, tmp_path: Path) -> None:
    answer = move(on(f"sqlite:///{tmp_path}/none.db"), f"sqlite:///{tmp_path}/new.db")

    assert (answer.exit_code, list(tmp_path.iterdir())) == (1, [])


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("display_name", "nul\0", "user: PostgreSQL text fields cannot contain NUL"),
        ("approved_by_id", 999, 'violates foreign key constraint "fk_user_approved_by_id_user"'),
    ],
)
def test_what_postgresql_cannot_keep_is_named(
    app: Flask, on: On, new_postgresql: NewDatabase, tmp_path: Path,
    column: str, value: object, says: str,
) -> None:  # fmt: skip
    make_user()
    file, target = copied(app, tmp_path / "old.db"), new_postgresql()
    change(file, f"UPDATE user SET {column} = ?", value)

    answer = move(on(file), target)

    assert (answer.exit_code, query(target, TABLES)) == (1, [])
    assert f"nothing was moved. {says}"[-40:] in answer.output
    assert "user" in answer.output


def test_a_reference_to_nothing_leaves_no_file(app: Flask, on: On, tmp_path: Path) -> None:
    make_user()
    file = copied(app, tmp_path / "old.db")
    change(file, "UPDATE user SET approved_by_id = 999")

    answer = move(on(file), f"sqlite:///{tmp_path}/new.db")

    assert answer.exit_code == 1
    assert "names a row of user that is not there" in answer.output
    assert sorted(one.name for one in tmp_path.iterdir()) == ["old.db"]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE city SET population = population + 1", "city: a row arrived other than it was"),
        ("DELETE FROM city", "city: 1 rows were read, 0 arrived."),
    ],
)
def test_what_arrives_otherwise_is_noticed(
    app: Flask, tmp_path: Path, harm: str, says: str
) -> None:
    make_city(population=5)
    source, target = db.engine.url, sa.make_url(f"sqlite:///{tmp_path}/new.db")

    with pytest.raises(NotMoved, match=says), moving(source, target, anyway=True) as moved:
        moved.copy(lambda _: None)
        moved.target.connection.exec_driver_sql(harm)
        moved.check(lambda _: None)

    assert list(tmp_path.iterdir()) == []


def test_odd_contents_come_back_as_they_were(
    app: Flask, on: On, new_sqlite: NewDatabase, new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    """Circles, JSON's null beside no value, all of Unicode, microseconds, local times, bytes."""
    one, two = make_user("👩🏽‍🚒 \u202eRTL e\u0301"), make_user("\ud7ff\ue000\U0010ffff \\N \\. \t")
    topic = make_topic()
    first, second = (
        make_thread(topic, one, body="long 'word' \" " * 20_000),
        make_thread(topic, two),
    )
    file = copied(app, tmp_path / "old.db")
    for statement in (
        f"UPDATE user SET approved_by_id = {one.id + two.id} - id",
        f"UPDATE thread SET merged_into_id = {first.id + second.id} - id",
        "UPDATE user SET created_at = '2026-03-29 01:59:59.999999'",
        "UPDATE post SET edited_at = '1999-12-31 23:59:59.000001'",
        "INSERT INTO role (name, permissions) VALUES ('none', NULL), ('null', 'null')",
        "INSERT INTO role (name, permissions)"
        """ VALUES ('text', '{"b": "\\u00e9 é", "a": [1.50]}')""",
        "INSERT INTO worker_heartbeat (worker, at) VALUES ('Zebra', '2020-01-01 00:00:00.000000'),"
        " ('ähre', '2020-01-01 00:00:00.000000'), ('apple', '2020-01-01 00:00:00.000000')",
    ):
        change(file, statement)
    middle, last = new_postgresql(), new_sqlite()

    contents = {moved(on(file), middle), moved(on(middle), last)}

    unlike = [
        name
        for (name,) in query(file, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("search_index") and cells(file, name) != cells(last, name)
    ]
    found = "SELECT count(*) FROM search_index WHERE search_index MATCH 'word'"
    assert (len(contents), unlike, query(last, found)) == (1, [], [(1,)])


def cells(url: str, table: str) -> list[str]:
    return sorted(map(repr, query(url, f'SELECT * FROM "{table}"')))
