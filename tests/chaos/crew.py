"""Worker processes that can be killed: real ones, started fast because the code is loaded once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask.cli import ScriptInfo

from app import create_app
from app.core.cli import jobs
from config import Settings

HANDS = 2
PATIENCE_SECONDS = 90  # a machine may be busy with much else
forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.chaos.crew"])


class Crew:
    """Two hands at work on the outbox of these settings; who is killed is replaced."""

    def __init__(self, settings: Settings, mail_port: int, log: Path) -> None:
        self.log = log
        self.settings = replace(
            settings,
            mail_url=f"smtp://127.0.0.1:{mail_port}",
            worker_lease_seconds=2,
            worker_retry_seconds=1,
        )
        self.hands: list[ForkServerProcess] = []

    def __enter__(self) -> None:
        self.hands = [self._start() for _ in range(HANDS)]

    def __exit__(self, *_: object) -> None:
        for hand in self.hands:
            _wait_until_it_listens(hand)
            hand.terminate()
        for hand in self.hands:
            hand.join(PATIENCE_SECONDS)
        assert [hand.exitcode for hand in self.hands] == [0] * HANDS  # SIGTERM is a clean end

    def kill_one(self) -> None:
        """Kill the one that has worked longest: most deaths then fall into the middle of work."""
        victim = self.hands.pop(0)
        victim.kill()
        victim.join()
        self.hands.append(self._start())

    def _start(self) -> ForkServerProcess:
        hand = forking.Process(target=work, args=(self.settings, self.log))
        hand.start()
        return hand


def _wait_until_it_listens(hand: ForkServerProcess) -> None:
    """One that took a dead one's place a moment ago may not know what SIGTERM means yet."""
    until = time.monotonic() + PATIENCE_SECONDS
    while hand.is_alive() and not _catches(hand.pid or 0, signal.SIGTERM):
        assert time.monotonic() < until, "a worker does not come to its work"
        time.sleep(0.02)


def _catches(pid: int, kind: signal.Signals) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{pid}/status").read_text()
        return bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (kind - 1) & 1)
    return False


def work(settings: Settings, log: Path) -> None:
    """`flask jobs work`, as `make worker` runs it."""
    with log.open("ab") as lines:
        os.dup2(lines.fileno(), sys.stderr.fileno())
    app = create_app(settings)
    jobs.main(["work"], obj=ScriptInfo(create_app=lambda: app))
