"""A real SMTP server of this process, for tests of what leaves the house."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(
    handler: object, smtps: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """Run a server with this handler; give its port. `smtps`: encrypted from the first byte."""
    port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, ssl_context=smtps, ready_timeout=20, **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
