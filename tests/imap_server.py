"""A real IMAP server for tests: a process of its own, the mail in its memory."""

from __future__ import annotations

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.mail_server import free_port

USER, PASSWORD = "events@forum.example.org", "a p@ss/word"
PATIENCE_SECONDS = 90
NOT_NEEDED = ["--no-service", "admin", "--no-service", "managesieve"]


@contextmanager
def imap_server(*options: str) -> Iterator[int]:
    """Run a server with one mailbox; give its port."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("pymap")), *NOT_NEEDED]
    command += ["--host", "127.0.0.1", "--port", f"{port}", *(options or ("--no-tls",)), "dict"]
    command += ["--demo-user", USER, "--demo-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def signed_in(port: int) -> imaplib.IMAP4:
    """Somebody who looks into the same mailbox."""
    server = imaplib.IMAP4("127.0.0.1", port, PATIENCE_SECONDS)
    server.login(USER, PASSWORD)
    return server


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with suppress(OSError, imaplib.IMAP4.error):
            imaplib.IMAP4("127.0.0.1", port, 2).logout()
            return
        time.sleep(0.05)
    raise AssertionError("the IMAP server does not answer")
