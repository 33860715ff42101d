"""What stays of a crew after its fork: a small parent of the web processes.

It takes the place of the process that loaded the application (`deploy.crew`), which would hold on
to a copy of all memory that its forks write to. It cannot fork again; so when one of them ends, or
holds too much, it asks `deploy.web` for a new crew, and the others go on until that is ready.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

STOPS = {signal.SIGTERM, signal.SIGINT}
WATCHED = {*STOPS, signal.SIGCHLD}
LOOK_SECONDS = 30.0
SECONDS_TO_FINISH = 30.0
MOST_BYTES = 700 * 1024 * 1024  # of one process, as its system counts (RSS)


def main(pids: set[int]) -> int:
    """Returns when all have ended."""
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    count, web = len(pids), os.getppid()
    while pids := living(pids):
        if len(pids) < count or any(size(pid) > MOST_BYTES for pid in pids):
            os.kill(web, signal.SIGHUP)
        heard = signal.sigtimedwait(WATCHED, LOOK_SECONDS)
        if os.getppid() != web or (heard and heard.si_signo in STOPS):
            finish(pids)
            return 0
    return 1


def living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if os.waitpid(pid, os.WNOHANG) == (0, 0)}


def finish(pids: set[int]) -> None:
    """They answer what they were asked, but nobody waits for ever."""
    send(pids, signal.SIGTERM)
    until = time.monotonic() + SECONDS_TO_FINISH
    while (pids := living(pids)) and (left := until - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, left)
    send(pids, signal.SIGKILL)


def send(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def size(pid: int) -> int:
    """0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    sys.exit(main({int(word) for word in sys.argv[1:]}))
