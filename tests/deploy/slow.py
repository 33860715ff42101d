"""Clients that never come to an end: each kind holds a connection as long as it can."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = ("headers", "bodies", "readers")
BEGINNINGS = {
    "headers": b"GET /topics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "bodies": b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
    "readers": b"GET /webinars/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20,
}


@dataclass
class Slow:
    """Those who still hold a connection."""

    kind: str
    sockets: list[socket.socket]

    def creep(self) -> None:
        """One byte more of each; those that read take one byte."""
        for connection in self.sockets:
            with contextlib.suppress(OSError):
                if self.kind == "readers":
                    connection.recv(1)
                else:
                    connection.send(b"x")

    def still_there(self) -> int:
        return sum(_is_open(connection) for connection in self.sockets)


@contextlib.contextmanager
def slow_clients(port: int, kind: str, count: int) -> Iterator[Slow]:
    """So many of one kind, each creeping on every second, until the end of the block."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(_connected(port, kind)) for _ in range(count)]
        slow, stop = Slow(kind, sockets), threading.Event()

        def creep_on() -> None:
            while not stop.wait(1):
                slow.creep()

        creeping = threading.Thread(target=creep_on)
        creeping.start()
        try:
            yield slow
        finally:
            stop.set()
            creeping.join()


def _connected(port: int, kind: str) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.settimeout(1)
    connection.sendall(BEGINNINGS[kind])
    return connection


def _is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
