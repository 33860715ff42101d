"""The databases to measure on: loaded once, kept under `var/bench`, copied for each run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import ROOT
from tests.bench.cluster import cluster

PLACE = Path(os.environ.get("BENCH_DIR") or ROOT / "var" / "bench")
SQLITE, POSTGRESQL = "sqlite", "postgresql"
COPIES = ("run", "ceiling")


@dataclass(frozen=True)
class Size:
    threads: int = 20_000
    posts: int = 200_000

    @property
    def name(self) -> str:
        return f"{self.posts}-in-{self.threads}"


@dataclass(frozen=True)
class Database:
    """A copy of the data set for one run. `pids`: its server's processes, if it has one."""

    engine: str
    url: str
    ceiling_url: str
    folder: Path
    server_pid: int | None = None

    def environment(self) -> dict[str, str]:
        """What the application is started with."""
        known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {
            **known,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": "of the benchmark only",
            "DEMO": "0",
        }


@contextmanager
def opened(engine: str, size: Size) -> Iterator[Database]:
    """A database of its own for the run, filled with the data set of this size."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with (_sqlite if engine == SQLITE else _postgresql)(size) as database:
        yield database


@contextmanager
def _sqlite(size: Size) -> Iterator[Database]:
    kept = PLACE / f"sqlite-{size.name}"
    loaded = kept / "interurban.db"
    if not _is_current(kept, size):
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        _load(size, kept, f"sqlite:///{loaded}")
        _stamp(kept, size)
    run = _run_folder(f"run-sqlite-{size.name}")
    shutil.copy(loaded, run / "interurban.db")
    try:
        yield Database(
            SQLITE, f"sqlite:///{run / 'interurban.db'}", f"sqlite:///{run / 'ceiling.db'}", run
        )
    finally:
        shutil.rmtree(run, ignore_errors=True)


@contextmanager
def _postgresql(size: Size) -> Iterator[Database]:
    kept = PLACE / "postgresql"
    name = f"bench_{size.posts}_{size.threads}"
    with cluster(kept) as (address, pid):
        stamps = kept / name
        if not _is_current(stamps, size):
            _execute(address, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            stamps.mkdir(exist_ok=True)
            _load(size, stamps, address.replace("/postgres?", f"/{name}?"))
            _execute(address.replace("/postgres?", f"/{name}?"), "VACUUM ANALYZE")
            _stamp(stamps, size)
        _execute(
            address,
            *(f"DROP DATABASE IF EXISTS {used}" for used in COPIES),
            f"CREATE DATABASE run TEMPLATE {name}",
            "CREATE DATABASE ceiling",
            "CHECKPOINT",
        )
        run = _run_folder("run-postgresql")
        url, ceiling_url = (address.replace("/postgres?", f"/{used}?") for used in COPIES)
        try:
            yield Database(POSTGRESQL, url, ceiling_url, run, pid)
        finally:
            shutil.rmtree(run, ignore_errors=True)


def _execute(address: str, *statements: str) -> None:
    plain = address.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _load(size: Size, folder: Path, url: str) -> None:
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": url, "DEMO": "0"}
    counts = ["--threads", str(size.threads), "--posts", str(size.posts)]
    for command in (["db", "upgrade"], ["bench", "load", *counts]):
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True)


def _run_folder(name: str) -> Path:
    run = PLACE / name
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir()
    return run


def _is_current(folder: Path, size: Size) -> bool:
    stamp = folder / "loaded.json"
    return stamp.exists() and json.loads(stamp.read_text()) == _made_by(size)


def _stamp(folder: Path, size: Size) -> None:
    (folder / "loaded.json").write_text(json.dumps(_made_by(size)))


def _made_by(size: Size) -> dict[str, str]:
    """What the data set depends on: the migrations and the loader."""
    sources = [*(ROOT / "migrations" / "versions").glob("*.py")]
    sources += [path for path in (ROOT / "app" / "demo" / "crowd").iterdir() if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return {"size": size.name, "sources": digest.hexdigest()}
