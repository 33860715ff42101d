"""The database of a test process: migrated once, emptied before every test.

Each engine deletes rows over a connection of its own, which is far cheaper than a new file
or TRUNCATE, and keeps a copy of the demo community, which takes seconds to tell anew: all
processes of a run share it.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import sqlalchemy as sa
from flask_migrate import upgrade

from app.core.db import db
from app.core.fragments import fragments

SQLITE = "sqlite:///"
COUNTS = "counts.json"


class Database(Protocol):
    lock: Path  # held while the demo is told
    demo: Path  # its copy, made when it was told

    def empty(self) -> None: ...
    def keep_demo(self, files: Path) -> None: ...
    def restore_demo(self, files: Path) -> bool: ...
    def close(self) -> None: ...


def database(url: str, folder_of_run: Path) -> Database:
    """For an application context on a database that is migrated and empty."""
    if url.startswith(SQLITE):
        return Sqlite(Path(url.removeprefix(SQLITE)), folder_of_run)
    return Postgresql(url, folder_of_run)


def migrate(url: str, folder_of_run: Path) -> None:
    """In an application context: a file that is migrated is copied, not migrated again."""
    if not url.startswith(SQLITE):
        upgrade()
        return
    path, migrated = Path(url.removeprefix(SQLITE)), folder_of_run / "migrated.db"
    with one_at_a_time(folder_of_run / "migrated.lock"):
        if migrated.exists():
            shutil.copy(migrated, path)
        else:
            upgrade()
            copy_database(path, migrated)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Only one process of this run is inside."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def copy_database(source: Path, target: Path) -> None:
    """Whole, with what stands in its log; nobody sees half of it."""
    half = target.with_suffix(".half")
    with sqlite3.connect(source) as old, sqlite3.connect(half) as new:
        old.backup(new)
    old.close()
    new.close()
    half.rename(target)


class Sqlite:
    """A schema that a test changed, and the demo, are replaced with the whole file."""

    def __init__(self, path: Path, folder_of_run: Path) -> None:
        self.path, self.new = path, path.with_suffix(".new")
        self.lock = folder_of_run / "demo.lock"
        self.demo, self.files = folder_of_run / "demo.db", folder_of_run / "files-of-demo"
        copy_database(path, self.new)
        self._open()
        self.schema = self._schema()
        self.has_demo = False

    def empty(self) -> None:
        fragments().clear()  # the generations begin anew
        if self.has_demo or self._schema() != self.schema:
            self._replace(self.new)
            self.has_demo = False
            return
        self.rows.execute("BEGIN IMMEDIATE")
        for statement in self.statements:
            self.rows.execute(statement)
        self.rows.execute("COMMIT")

    def keep_demo(self, files: Path) -> None:
        self.has_demo = True
        shutil.copytree(files, self.files)
        copy_database(self.path, self.demo)

    def restore_demo(self, files: Path) -> bool:
        fragments().clear()
        if not self.demo.exists():
            return False
        self._replace(self.demo)
        shutil.copytree(self.files, files, dirs_exist_ok=True)
        self.has_demo = True
        return True

    def close(self) -> None:
        self.rows.close()

    def _replace(self, source: Path) -> None:
        """By another file: a connection left open harms nobody."""
        self.rows.close()
        db.engine.dispose()
        for tail in ("", "-wal", "-shm"):
            Path(f"{self.path}{tail}").unlink(missing_ok=True)
        shutil.copy(source, self.path)
        self._open()
        self.schema = self._schema()  # a copy counts its changes anew

    def _open(self) -> None:
        self.rows = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        self.rows.execute("PRAGMA synchronous=OFF")
        every = self.rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in every]
        index = {name for name in names if name.startswith("search_index")}  # follows by triggers
        self.statements = [
            f'DELETE FROM "{name}"' for name in names if name not in index | {"alembic_version"}
        ]

    def _schema(self) -> int:
        return int(self.rows.execute("PRAGMA schema_version").fetchone()[0])


class Postgresql:
    """`replica`: no foreign key is checked and no trigger runs while whole tables change."""

    def __init__(self, url: str, folder_of_run: Path) -> None:
        self.lock = folder_of_run / "demo.lock"
        self.demo, self.files = folder_of_run / "demo", folder_of_run / "files-of-demo"
        plain = sa.make_url(url).set(drivername="postgresql")
        address = plain.render_as_string(hide_password=False)
        self.rows = psycopg.connect(address, autocommit=True)
        self.rows.execute("SET session_replication_role = replica")
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = [name for (name,) in self.rows.execute(tables)]
        self.tables = sorted({*names} - {"alembic_version"})
        found = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
        self.sequences = sorted(name for (name,) in self.rows.execute(found))
        self._make("empty_all", self._emptying())
        self.kept = False

    def empty(self) -> None:
        fragments().clear()  # the generations begin anew
        self.rows.execute("SELECT pg_temp.empty_all()")

    def keep_demo(self, files: Path) -> None:
        """Each process has a server of its own: the rows go from one to the other in files."""
        shutil.copytree(files, self.files)
        half = self.demo.with_suffix(".half")
        half.mkdir()
        for name in self.tables:
            taking = f'COPY public."{name}" TO STDOUT (FORMAT binary)'
            with self.rows.cursor() as cursor, cursor.copy(taking) as rows:
                (half / name).write_bytes(b"".join(rows))
        counts = {name: number for name in self.sequences if (number := self._last(name))}
        (half / COUNTS).write_text(json.dumps(counts))
        half.rename(self.demo)
        self._learn_demo()

    def restore_demo(self, files: Path) -> bool:
        fragments().clear()
        if not self.demo.exists():
            return False
        if not self.kept:
            self._learn_demo()
        self.rows.execute("SELECT pg_temp.tell_demo()")
        shutil.copytree(self.files, files, dirs_exist_ok=True)
        return True

    def _learn_demo(self) -> None:
        for name in self.tables:
            self.rows.execute(f'CREATE TEMP TABLE "kept_{name}" (LIKE public."{name}")')
            laying = f'COPY pg_temp."kept_{name}" FROM STDIN (FORMAT binary)'
            with self.rows.cursor() as cursor, cursor.copy(laying) as rows:
                rows.write((self.demo / name).read_bytes())
        filling = [
            f'INSERT INTO public."{name}" TABLE pg_temp."kept_{name}";' for name in self.tables
        ]
        counts = [
            f"PERFORM setval('public.\"{name}\"', {number});"
            for name, number in json.loads((self.demo / COUNTS).read_text()).items()
        ]
        self._make("tell_demo", filling + counts)
        self.kept = True

    def close(self) -> None:
        self.rows.close()

    def _emptying(self) -> list[str]:
        return [f'DELETE FROM public."{name}";' for name in self.tables] + [
            f"PERFORM setval('public.\"{name}\"', 1, false);" for name in self.sequences
        ]

    def _last(self, sequence: str) -> int:
        last = "SELECT last_value FROM pg_sequences WHERE sequencename = %s"
        row = self.rows.execute(last, [sequence]).fetchone()
        return (row and row[0]) or 0

    def _make(self, name: str, steps: list[str]) -> None:
        """A function of this connection only: its plans are made once."""
        body = "\n".join(steps)
        self.rows.execute(
            f"CREATE FUNCTION pg_temp.{name}() RETURNS void LANGUAGE plpgsql AS"
            f" $$ BEGIN {body} END $$"
        )
