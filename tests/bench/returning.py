"""Members who come again: few, asked in turn, whom each web process has answered before."""

from __future__ import annotations

import os
from pathlib import Path

from tests.bench.client import CONNECTIONS, Line, WrongAnswer, first_line, hears_the_end
from tests.bench.measuring import Target
from tests.bench.server import descendants

RETURNING = CONNECTIONS
"""One member for each connection: as many readers as ask at once, each of whom reads on. More of
them would again be people whom a process does not know, fewer would wait for their own requests.
"""

LOOKS = 2
"""What the first look leaves behind is found by the second, and that is the page of a reader."""

ROUNDS = 100
ESTABLISHED = "01"


def make_known(target: Target, requests: list[bytes]) -> None:
    """Ask on many connections at once until each web process has answered each request.

    Raise WrongAnswer at another status than 200, or if a process never takes a connection.
    """
    unknown = set(workers(target.pids))
    for _ in range(ROUNDS):
        unknown -= _answered_by(target, requests * LOOKS)
        if not unknown:
            return
    raise WrongAnswer(f"of the web processes {sorted(unknown)} took no connection")


def workers(pids: tuple[int, ...]) -> list[int]:
    """Those that answer: the processes that started no others."""
    every = {pid for first in pids for pid in (first, *descendants(first))}
    return [pid for pid in every if not descendants(pid)]


def _answered_by(target: Target, requests: list[bytes]) -> set[int]:
    """Every connection asks for everything; the processes at their other ends."""
    lines = [Line(target.port) for _ in range(CONNECTIONS)]
    holders: set[int] = set()
    for number, request in enumerate(requests):
        for line in lines:
            line.ask(request)
        for line in lines:
            _expect_page(line)
        if not number:
            holders = _holders(target, lines)
    for line in lines:
        line.socket.close()
    return holders


def _expect_page(line: Line) -> None:
    while (answer := line.take()) is None:
        pass
    if answer[9:12] != b"200":
        raise WrongAnswer(
            f"{first_line(line.asked)} answered {answer[9:12].decode()} instead of 200"
        )
    if hears_the_end(answer):
        raise WrongAnswer(f"{first_line(line.asked)}: the server keeps no connection")


def _holders(target: Target, lines: list[Line]) -> set[int]:
    ours = {line.socket.getsockname()[1] for line in lines}
    sockets = {f"socket:[{inode}]" for inode in _inodes(target.port, ours)}
    return {pid for pid in workers(target.pids) if sockets & _open_files(pid)}


def _inodes(port: int, clients: set[int]) -> list[str]:
    """Of the server's ends of these connections, as the system lists them."""
    found = []
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *rest = row.split()
        here, there = (int(end.rpartition(":")[2], 16) for end in (local, remote))
        if state == ESTABLISHED and here == port and there in clients:
            found.append(rest[5])
    return found


def _open_files(pid: int) -> set[str]:
    folder = Path(f"/proc/{pid}/fd")
    found = set()
    for name in folder.iterdir():
        try:
            found.add(os.readlink(name))
        except FileNotFoundError:  # closed since it was listed
            continue
    return found
