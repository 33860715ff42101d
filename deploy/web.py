"""Several web processes behind a proxy: `python -m deploy.web`, which is `make serve`.

This process only holds the door and watches over a crew (`deploy.crew`), so it never changes:

HUP: a new crew with the code, packages and settings of now; when it is ready, the old one finishes
what it answers and ends. Both take from the same queue, so no request is lost. A crew that cannot
start is told of, and the old one goes on.
SEVERAL_SERVERS=1: while the first crew is loaded connections are refused, and the proxy asks
another server; without it they wait, as there is nobody else.
TERM, INT: the crew finishes what it answers, then everything ends.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from errno import EADDRINUSE
from pathlib import Path

APPLICATION = "wsgi:behind_proxy()"
QUEUE = 2048  # connections that wait for a web process
PATIENCE = 120  # seconds until a crew must be ready
BREATH = 1.0  # seconds before a crew that died is replaced
LEAVING = 3.0  # seconds for those that held the address until a kill
FOR_THE_PROXY = 0o660  # the socket: this account, and its group
STOPS = {signal.SIGTERM, signal.SIGINT}
WATCHED = {*STOPS, signal.SIGHUP, signal.SIGCHLD}

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}  # glibc keeps freed memory once for each thread otherwise

Crew = subprocess.Popen[bytes]


def main(arguments: list[str]) -> int:
    """Serve what this function makes, until asked to stop."""
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    target = arguments[0] if arguments else APPLICATION
    bind = os.environ.get("BIND", "").removeprefix("unix:")
    try:
        with open_door(bind) as door:
            return watch(door, target)
    except OSError as error:
        say(f"cannot listen: {error.strerror or error}. Another HOST, PORT or BIND may help.")
        return 2
    finally:
        if bind:
            Path(bind).unlink(missing_ok=True)


def open_door(path: str) -> socket.socket:
    """The listening socket: at this path, else at HOST and PORT."""
    if path:
        door = socket.socket(socket.AF_UNIX)
        if Path(path).is_socket():
            Path(path).unlink()  # left behind by a kill
        door.bind(path)
        Path(path).chmod(FOR_THE_PROXY)
    else:
        host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or "8000")
        door = socket.socket(family(host))
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if door.family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bind(door, host, port)
        # Inherited by each connection: an answer of several pieces does not wait for an ACK.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if os.environ.get("SEVERAL_SERVERS") != "1":
        door.listen(QUEUE)  # who comes now waits; else `deploy.crew` listens when it is loaded
    return door


def bind(door: socket.socket, host: str, port: int) -> None:
    """Asked again for a while: when a server was killed and starts anew, processes of before may
    hold the address a moment longer.
    """
    until = time.monotonic() + LEAVING
    while True:
        try:
            return door.bind((host, port))
        except OSError as error:
            if error.errno != EADDRINUSE or time.monotonic() > until:
                raise
        time.sleep(0.1)


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def watch(door: socket.socket, target: str) -> int:
    crew = start(door, target)
    if crew is None:
        return 2
    while True:
        heard = signal.sigwait(WATCHED)
        if heard in STOPS:
            crew.terminate()
            return 0 if crew.wait() in {0, -signal.SIGTERM} else 1
        if heard == signal.SIGHUP:
            crew = relieved(crew, door, target)
        elif crew.poll() is not None:
            say("all web processes are gone; starting others")
            time.sleep(BREATH)
            crew = start(door, target) or crew


def relieved(crew: Crew, door: socket.socket, target: str) -> Crew:
    """The crew that serves from now on."""
    fresh = start(door, target)
    if fresh is None:
        say("the new web processes did not start; the old ones go on")
        return crew
    crew.terminate()
    crew.wait()
    return fresh


def start(door: socket.socket, target: str) -> Crew | None:
    """A crew that is ready. None: it ended before, or took too long, or we are to stop."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "deploy.crew", target, str(door.fileno()), str(writing)]
    crew = subprocess.Popen(  # noqa: S603 - our own words
        command, pass_fds=[door.fileno(), writing], env=FEW_ARENAS | os.environ
    )
    os.close(writing)
    try:
        if is_ready(reading):
            return crew
    finally:
        os.close(reading)
    with suppress(ProcessLookupError):
        crew.kill()
    crew.wait()
    return None


def is_ready(reading: int) -> bool:
    """It writes a word when it can answer; the end of the pipe is the end of the crew."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not signal.sigpending() & STOPS:
        if select.select([reading], [], [], 0.2)[0]:
            return bool(os.read(reading, 1))
    return False


def say(line: str) -> None:
    print(f"interurban: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
