"""Every web process knows the members who come again before they are measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bench.client import Line, WrongAnswer, get, one
from tests.bench.measuring import Target
from tests.bench.returning import RETURNING, make_known, workers

pytestmark = pytest.mark.any_engine

TWO_PROCESSES = """
import os, socketserver, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

seen = {}

class Counting(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        member = self.headers["Cookie"]
        told = f"{os.getpid()} {len(seen)} {min(seen.values(), default=0)}".encode()
        if member:
            seen[member] = seen.get(member, 0) + 1
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *words):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
print(server.server_port, flush=True)
for _ in range(2):
    if not os.fork():
        server.serve_forever()
os.wait()
"""


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """Two processes behind one port, started by a third that answers nothing."""
    process = subprocess.Popen(
        [sys.executable, "-c", TWO_PROCESSES], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    target = Target(int(process.stdout.readline()), (process.pid,))
    while len(workers(target.pids)) < 2:
        pass
    children = workers(target.pids)
    yield target
    for pid in (*children, process.pid):
        os.kill(pid, 15)
    process.wait(10)
    process.stdout.close()


def test_every_process_answers_every_member_twice_before_they_are_measured(
    target: Target,
) -> None:
    make_known(target, [get("/", cookie=f"member={number}") for number in range(RETURNING)])

    told = told_by_each(target)

    assert sorted(told) == sorted(map(str, workers(target.pids)))
    for seen, least in told.values():
        assert seen == RETURNING
        assert least >= 2


def told_by_each(target: Target) -> dict[str, tuple[int, int]]:
    """By process: how many members it answered, and how often the one it answered least."""
    found: dict[str, tuple[int, int]] = {}
    held: list[Line] = []
    while len(found) < 2 and len(held) < 200:
        held.append(Line(target.port))
        held[-1].ask(get("/"))
        pid, seen, least = one(target.port, get("/"))[2].decode().split()
        found[pid] = (int(seen), int(least))
    for line in held:
        line.socket.close()
    return found


def test_another_answer_than_a_page_ends_the_run(target: Target) -> None:
    with pytest.raises(WrongAnswer, match="/missing answered 404"):
        make_known(target, [get("/missing")])


def test_a_process_that_takes_no_connection_is_named(target: Target) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as idle:
        with pytest.raises(WrongAnswer, match=f"{idle.pid}.* took no connection"):
            make_known(Target(target.port, (*target.pids, idle.pid)), [get("/")])
        idle.kill()


def test_a_server_that_is_away_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(OSError, match="refused"):
        make_known(Target(port, (os.getpid(),)), [get("/")])
