"""A PostgreSQL server on files that stay, set up as a small server of its own would be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.services import _binaries, _dropped_rights

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
}
"""Nothing here could lose a commit."""

NEW = ["-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]


@contextmanager
def cluster(kept: Path) -> Iterator[tuple[str, int]]:
    """The address of its database `postgres` and the number of the server's first process."""
    rights = _dropped_rights()
    door = Path(tempfile.mkdtemp(prefix="pg-"))  # a short name: a socket's path has 107 bytes
    kept.mkdir(parents=True, exist_ok=True)
    data = kept / "data"
    programs = _binaries(door)
    run: dict[str, Any] = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "TZ": "UTC"}, **rights}
    _own(door, rights)
    if not (data / "PG_VERSION").exists():
        data.mkdir(mode=0o700, exist_ok=True)
        _own(data, rights)
        made = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", *NEW]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, **run)
    settings = [
        part
        for name, value in (SETTINGS | {"unix_socket_directories": str(door)}).items()
        for part in ("-c", f"{name}={value}")
    ]
    with (kept / "log").open("ab") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *settings], stdout=log, stderr=log, **run
        )
    try:
        _wait_for(door, server, kept / "log")
        yield f"postgresql+psycopg://postgres@/postgres?host={door}", server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
        shutil.rmtree(door, ignore_errors=True)


def _own(folder: Path, rights: dict[str, Any]) -> None:
    if rights:
        os.chown(folder, rights["user"], rights["group"])


def _wait_for(door: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1500):
        if server.poll() is not None:
            raise SystemExit(f"bench: PostgreSQL did not start:\n{log.read_text()[-2000:]}")
        try:
            psycopg.connect(host=str(door), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit("bench: PostgreSQL did not answer within 30 s")
