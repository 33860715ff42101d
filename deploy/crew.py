"""The web processes of one moment: one that loads the application, and forks of it that answer.

With `WITH_WORKER=1` one more fork is the worker, which would load all of it for itself otherwise.

Everything is loaded before the fork, so the processes share its memory. `behind_proxy` asks for
pages to make them ready; but no thread is begun and no connection is left open before the fork.
After it the process that loaded gives its place to `deploy.keeper`.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

THREADS = 2  # of one process: more of them mostly wait for each other (docs/performance.md)
WAITING = 2  # for each thread, requests that a process takes in; the others find another process
QUEUE = 2048
KEEPER = Path(__file__).with_name("keeper.py")
WORK = "app.core.worker:work_until_stopped"
NICENESS = 5  # of the worker: whoever waits for a page comes first
FORKING = multiprocessing.get_context("fork")
STOPS = {signal.SIGTERM, signal.SIGINT}
WHEN_PARENT_ENDS = 1  # PR_SET_PDEATHSIG of Linux


class Crew(MPServer):
    """Listens where it is told to, and does not stay to watch."""

    door: socket.socket
    ready: int
    work: Callable[[Any], None] | None

    def _init_shared_socket(self) -> None:
        is_local, number = self.door.family == socket.AF_UNIX, self.door.fileno()
        self._sso, self._sfd, self._ssp = self.door, number, None  # type: ignore[assignment]
        self._shd = SocketHolder(number, is_local, QUEUE)  # type: ignore[assignment, call-arg]

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        self.door.listen(QUEUE)
        forks = [
            self._spawn_worker(number, spawn_target, target_loader).inner
            for number in range(self.workers)
        ]
        if self.work:
            forks.append(FORKING.Process(target=self._work, args=(self.work, target_loader)))
        for fork in forks:
            fork.start()
        # From here on nobody would hear that we are to stop: the keeper finds it waiting.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        os.write(self.ready, b"!")
        for number in (self.ready, self.door.fileno()):
            os.set_inheritable(number, False)
        # The same process by its number, so it is still their parent; its memory is given back.
        keeper = [sys.executable, "-I", "-S", str(KEEPER), *(str(fork.pid) for fork in forks)]
        os.execv(sys.executable, keeper)  # noqa: S606 - our own words

    def _work(self, work: Callable[[Any], None], target_loader: Callable[[], Any]) -> None:
        for number in (self.ready, self.door.detach()):
            os.close(number)
        os.nice(NICENESS)
        work(target_loader())


def main(target: str, door: int, ready: int) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    end_with_parent()
    os.register_at_fork(after_in_child=end_with_parent)
    application(target)
    if threading.active_count() > 1:
        raise SystemExit("interurban: a thread was started before the fork")
    gc.collect()
    gc.freeze()  # the collector never writes to these objects, so their memory stays shared
    crew = crew_of(int(os.environ.get("WORKERS") or "2"))
    crew.door, crew.ready = socket.socket(fileno=door), ready
    crew.work = found(WORK) if os.environ.get("WITH_WORKER") == "1" else None
    crew.serve(target_loader=partial(application, target), wrap_loader=False)


def end_with_parent() -> None:
    """A killed parent leaves nobody behind that serves the code of yesterday."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(WHEN_PARENT_ENDS, signal.SIGTERM)


@cache
def application(target: str) -> Callable[..., Any]:
    """What "module:function()" returns."""
    made: Callable[..., Any] = found(target.removesuffix("()"))()
    return made


def found(target: str) -> Callable[..., Any]:
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def crew_of(workers: int) -> Crew:
    return Crew(
        "interurban",
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * WAITING,
        backlog=QUEUE,
        websockets=False,
        log_level=LogLevels.error,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
