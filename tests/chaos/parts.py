"""Servers and workers as `make serve` and `make worker` start them, to be killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config import ROOT
from tests.mail_server import free_port

LAST_COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*exec .*\Z", re.MULTILINE | re.DOTALL)
PATIENCE_SECONDS = 180  # a machine may be busy with much else


class Part:
    """A process with its children; a kill takes all of them at once."""

    def __init__(self, line: str, environment: dict[str, str], log: Path, port: int = 0) -> None:
        self.line, self.environment, self.log, self.port = line, environment, log, port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as written:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", self.line],
                cwd=ROOT,
                env=self.environment,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )

    def kill(self) -> None:
        assert self._process
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(90)

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            assert self._process
            assert self._process.poll() is None, self.log.read_text()[-2000:]
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not answer in {PATIENCE_SECONDS} s")


@contextmanager
def web_server(environment: dict[str, str], log: Path) -> Iterator[Part]:
    port = free_port()
    own = environment | {"HOST": "127.0.0.1", "PORT": str(port)}
    yield from _running(Part(_line("serve", own), own, log, port))


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[Part]:
    yield from _running(Part(_line("worker", environment), environment, log))


def _line(target: str, environment: dict[str, str]) -> str:
    """What `make TARGET` runs at its end, with the settings of this part."""
    printed = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", target],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = LAST_COMMAND.search(printed)
    assert found, printed
    return found[0].replace("\\\n", " ")


def _running(part: Part) -> Iterator[Part]:
    part.start()
    try:
        yield part
    finally:
        part.kill()
