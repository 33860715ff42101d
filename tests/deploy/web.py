"""`make serve` as a test starts it, and many clients at once."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT


@dataclass(frozen=True)
class Web:
    process: subprocess.Popen[bytes]
    place: Path
    log: Path

    def processes(self) -> list[int]:
        """Those that answer: the grandchildren."""
        return [pid for crew in children(self.process.pid) for pid in children(crew)]

    def is_whole(self) -> bool:
        """One crew, and nobody is missing."""
        return len(children(self.process.pid)) == 1 and len(self.processes()) == 2

    def reload(self) -> None:
        """Returns when only processes that were not there before are left."""
        before = {*children(self.process.pid)}
        self.process.send_signal(signal.SIGHUP)
        until(lambda: not before & {*children(self.process.pid)} and len(self.processes()) > 1)


@contextlib.contextmanager
def serving(
    folder: Path, target: str, environment: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """Two web processes at the socket `web.sock`, with the worker if the environment says so."""
    count = 2 + int((environment or {}).get("WITH_WORKER", "0"))
    with starting(folder, target, environment) as web:
        until(lambda: web.process.poll() is not None or len(web.processes()) == count)
        assert web.process.poll() is None, web.log.read_text()
        yield web


@contextlib.contextmanager
def starting(
    folder: Path, target: str, environment: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """The same before it is loaded."""
    place, log = folder / "web.sock", folder / "web.log"
    given = {"BIND": f"unix:{place}", "WORKERS": "2", **(environment or {})}
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.web", target],
            cwd=ROOT, env=os.environ | given, stdout=said, stderr=said,
        )  # fmt: skip
    web = Web(process, place, log)
    try:
        yield web
    finally:
        process.terminate()
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            for pid in [*web.processes(), *children(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise


def children(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def until(holds: object, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


class LocalConnection(http.client.HTTPConnection):
    """HTTP over the socket of this machine that the proxy uses."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=30)
        self.place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(str(self.place))


@dataclass
class Load:
    """What happened to the requests of a few threads, half of them POST.

    `again`: a kept connection was closed at the moment it was used once more, before a byte came;
    like every browser they ask again on a new one.
    """

    answers: Counter[object] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)
    again: int = 0

    def processes(self) -> set[str]:
        """Those that answered so far."""
        return {words.split()[0] for words in {*self.said}}

    def ask_until(self, stop: threading.Event, port: int, method: str, path: str) -> None:
        connection, is_used = http.client.HTTPConnection("127.0.0.1", port, timeout=60), False
        while not stop.is_set():
            try:
                connection.request(method, path, b"x" * 500 if method == "POST" else None)
                answer = connection.getresponse()
                self.said.add(answer.read().decode())
                self.answers[answer.status] += 1
                is_used = True
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                connection.close()
                if not is_used:
                    self.answers[repr(error)] += 1
                self.again += is_used
                is_used = False
        connection.close()


@contextlib.contextmanager
def load(port: int, path: str, threads: int = 4) -> Iterator[Load]:
    """Ask without a pause through the proxy until the end of the block."""
    seen, stop = Load(), threading.Event()
    asking = [
        threading.Thread(target=seen.ask_until, args=(stop, port, method, path))
        for method in ("GET", "POST") * (threads // 2)
    ]
    for thread in asking:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in asking:
            thread.join()
