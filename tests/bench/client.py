"""A client that costs little beside a server: prepared bytes over kept connections, one loop."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CONNECTIONS = 8
READ_AT_ONCE = 1 << 18
BODILESS = {b"204", b"304"}
LONGEST_WAIT = 60.0

Asking = Callable[[], bytes]
"""Gives the next request."""


class WrongAnswer(Exception):
    """Another status than expected, or none."""


class NoAnswer(WrongAnswer):
    """Nothing came for as long as a request may take."""


@dataclass
class Answers:
    """What came back. Times are seconds, sizes bytes of the last answer with its head.

    `own_cpu` is the client's; `renewed` counts connections that the server did not keep.
    """

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    own_cpu: float = 0.0
    renewed: int = 0
    size: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    last_wrong: str = ""


class Line:
    """One connection with one request at a time on it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connected()
        self.read = self.asked = b""
        self.began = 0.0

    def _connected(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST_WAIT)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def ask(self, request: bytes) -> None:
        self.read, self.asked, self.began = b"", request, time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bytes | None:
        """The whole answer, or None while some of it is missing."""
        got = self.socket.recv(READ_AT_ONCE)
        if not got:
            raise WrongAnswer("the server closed the connection")
        self.read = self.read + got if self.read else got
        return self.read if is_whole(self.read) else None

    def renew(self) -> None:
        self.socket.close()
        self.socket = self._connected()


def is_whole(read: bytes) -> bool:
    end = read.find(b"\r\n\r\n")
    if end < 0:
        return False
    if read[9:12] in BODILESS:
        return True
    head = read[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        return len(read) >= end + 4 + length
    return b"\r\ntransfer-encoding: chunked" in head and read.endswith(b"0\r\n\r\n")


def ask_for(
    port: int,
    asking: Asking,
    seconds: float,
    *,
    status: str = "200",
    connections: int = CONNECTIONS,
    most: int = 10**9,
    patience: float = LONGEST_WAIT,
) -> Answers:
    """Ask as fast as answers come, for so long or so often. Another status counts as wrong.

    Raise NoAnswer where there is none for as long as `patience` says.
    """
    answers = Answers()
    lines = {line.socket.fileno(): line for line in (Line(port) for _ in range(connections))}
    poll = select.epoll()
    asked = 0
    began, spent = time.perf_counter(), time.process_time()
    end = began + seconds
    for number, line in lines.items():
        if asked < most:
            poll.register(number, select.EPOLLIN)
            line.ask(asking())
            asked += 1
    waiting = asked
    while waiting:
        ready = poll.poll(patience)
        if not ready:
            raise NoAnswer(f"no answer within {patience:g} s")
        for number, _ in ready:
            line = lines[number]
            answer = line.take()
            if answer is None:
                continue
            now = time.perf_counter()
            _note(answers, line.asked, answer, now - line.began, status)
            waiting -= 1
            if now < end and asked < most:
                if hears_the_end(answer):
                    poll.unregister(number)
                    line.renew()
                    answers.renewed += 1
                    lines[line.socket.fileno()] = line
                    poll.register(line.socket.fileno(), select.EPOLLIN)
                line.ask(asking())
                asked += 1
                waiting += 1
            else:
                poll.unregister(number)
                line.socket.close()  # some servers wait for that before they answer others
    answers.seconds = time.perf_counter() - began
    answers.own_cpu = time.process_time() - spent
    for line in lines.values():
        line.socket.close()
    poll.close()
    return answers


def _note(answers: Answers, asked: bytes, answer: bytes, spent: float, status: str) -> None:
    got = answer[9:12].decode()
    if got == status:
        answers.times.append(spent)
        answers.size = len(answer)
    else:
        answers.wrong[got] = answers.wrong.get(got, 0) + 1
        answers.last_wrong = f"{first_line(asked)} answered {got} instead of {status}"


def hears_the_end(answer: bytes) -> bool:
    """Whether the server says that it will not keep the connection."""
    return b"\r\nconnection: close" in answer[:2000].lower()


def first_line(request: bytes) -> str:
    """Method and path."""
    return request.split(b" HTTP/", 1)[0].decode()


def get(path: str, *headers: str, cookie: str = "", host: str = "127.0.0.1") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Accept: text/html", *headers]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, form: bytes, cookie: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: text/html",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        f"Cookie: {cookie}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + form


def in_turn(requests: list[bytes]) -> Asking:
    """These requests again and again, going on where the last measuring stopped."""

    def turns() -> Iterator[bytes]:
        while True:
            yield from requests

    return turns().__next__


def one(port: int, request: bytes) -> tuple[str, dict[str, str], bytes]:
    """Status, headers in small letters, and body of a single answer."""
    line = Line(port)
    line.ask(request)
    while (answer := line.take()) is None:
        pass
    line.socket.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    rows = [row.partition(": ") for row in head.decode("latin-1").split("\r\n")[1:]]
    return answer[9:12].decode(), {name.lower(): value for name, _, value in rows}, body
