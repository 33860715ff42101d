"""A real SMTP server of this process, for tests of what leaves the house."""

from __future__ import annotations

import itertools
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiosmtpd.controller import Controller

# Below the ports that the system gives to connections; each process of a run has its own
# thousand, and another run at the same time begins elsewhere in it.
_FIRST = 12_000 + 1_000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 20)
_ports = (_FIRST + number % 1_000 for number in itertools.count(os.getpid()))


def free_port() -> int:
    """A port that nobody else takes between this look at it and its use."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("the ports never end")


@contextmanager
def mail_server(
    handler: object, smtps: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """Run a server with this handler; give its port. `smtps`: encrypted from the first byte."""
    port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, ssl_context=smtps, ready_timeout=90, **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
