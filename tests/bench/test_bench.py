"""The benchmark counts right: its client, its processes, its verdicts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench import report
from tests.bench.client import ask_for, get, in_turn, is_whole, one, post
from tests.bench.growth import least
from tests.bench.measuring import Figures
from tests.bench.people import VISITORS, address
from tests.bench.server import APPLICATION, Memory, command, cpu_seconds, memory
from tests.bench.stage import Run
from tests.bench.targets import verdicts

pytestmark = pytest.mark.any_engine

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ENVIRONMENT = dict(os.environ) | {"PORT": "8123"}


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(404 if self.path == "/missing" else 200, b"x" * 300_000)

    def do_POST(self) -> None:
        self._answer(200, self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
        (HEAD + b"Content-Length: 5\r\n\r\nhel", False),
        (HEAD + b"Content-Length: 5\r\n\r\nhello", True),
        (HEAD + b"content-length: 0\r\n\r\n", True),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", False),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", True),
    ],
)
def test_client_knows_the_end_of_an_answer(read: bytes, whole: bool) -> None:
    assert is_whole(read) is whole


def test_client_asks_as_often_as_it_is_told(port: int) -> None:
    asked = in_turn([get("/"), get("/missing"), get("/")])

    answers = ask_for(port, asked, 10, connections=3, most=30)

    assert (len(answers.times), answers.wrong) == (20, {"404": 10})


def test_client_sends_forms(port: int) -> None:
    status, headers, body = one(port, post("/", b"a=b", "session=x"))

    assert (status, headers["content-length"], body) == ("200", "3", b"a=b")


def test_visitors_have_as_many_addresses_as_there_are_visitors() -> None:
    assert len({address(number) for number in range(2 * VISITORS)}) == VISITORS


def test_server_is_started_as_make_serve_starts_it() -> None:
    plain, replaced = (
        command("serve", ENVIRONMENT, *pairs) for pairs in ([], [(APPLICATION, "other:make()")])
    )

    assert APPLICATION in plain
    assert replaced == plain.replace(APPLICATION, "other:make()")
    assert "jobs work" in command("worker", ENVIRONMENT)
    with pytest.raises(SystemExit, match="does not name"):
        command("worker", ENVIRONMENT, ("never named", ""))


def test_own_process_costs_time_and_memory_and_an_ended_one_nothing() -> None:
    assert cpu_seconds([os.getpid()]) > 0.1
    assert memory([os.getpid()]).rss >= memory([os.getpid()]).pss > 10
    assert (cpu_seconds([2**30]), memory([2**30])) == (0, Memory())


def figures(per_second: float, cpu: float) -> Figures:
    return Figures(per_second, 1.0, 2.0, 3.0, cpu, 20_000, 100)


def test_targets_are_compared_with_the_ceiling_of_the_run() -> None:
    run = Run("sqlite", {"20 rows": figures(1000, 1.0), "hello": figures(5000, 0.1)})
    run.pages = {
        "thread of 20, member": figures(350, 2.5),
        "thread of 20, member, again": figures(420, 3.5),
        "home, member": figures(310, 3.0),
        "home, member, again": figures(290, 3.0),
        "notes, member, again": figures(300, 3.0),
        "long thread, page 1, member": figures(350, 2.0),
        "long thread, page 1, member, again": figures(350, 1.0),
        "long thread, page 250, member": figures(340, 2.5),
        "long thread, page 250, member, again": figures(340, 1.1),
        "replies, one process": figures(280, 3.0),
    }
    run.inside = {"thread of 20, member": {"statements": 8, "cpu": 2.0}}

    found = {one.name: (one.reached, one.is_ok) for one in verdicts(run)}

    assert found == {
        "thread of 20, member, first look, CPU": ("2.5 ms", True),
        "thread of 20, member, first look, of the ceiling": ("35 %", False),
        "thread of 20, member, again, CPU": ("3.5 ms", False),
        "thread of 20, member, again, of the ceiling": ("42 %", True),
        "page 250 by page 1, member, first look": ("1.25 x", False),
        "page 250 by page 1, member, again": ("1.1 x", True),
        "home, member, first look, of the ceiling": ("31 %", True),
        "home, member, again, of the ceiling": ("29 %", False),
        "notes, member, again, of the ceiling": ("30 %", True),
        "replies a second, one process": ("280", False),
        "thread of 20, member, statements": ("8", True),
    }
    printed = report.table(run)
    assert "SHORT" in printed
    assert "home, member" in printed
    assert "home, member, again" in printed
    assert "one of 400 members" in printed
    assert "one of 8 members" in printed


def test_of_two_rounds_the_least_of_each_page_counts() -> None:
    first = Run("sqlite", pages={"home": figures(200, 4.0), "topic": figures(300, 2.0)})
    second = Run("sqlite", pages={"home": figures(250, 3.0), "topic": figures(200, 5.0)})
    first.pages["only once"] = figures(1, 1.0)

    assert least(first, second) == {"home": figures(250, 3.0), "topic": figures(300, 2.0)}
