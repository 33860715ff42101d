"""Asking a virus scanner that somebody else runs: clamd, through the socket CLAMD_SOCKET."""

from __future__ import annotations

import socket
import struct
from enum import StrEnum

from app.core.i18n import _
from app.core.settings import settings
from app.files.errors import FileRefused

PATIENCE = 30.0
PIECE = 64 * 1024


class ScannerState(StrEnum):
    ABSENT = "absent"
    SILENT = "silent"
    READY = "ready"


def scan(content: bytes) -> None:
    """Raise FileRefused for what the scanner finds, and when it should answer but does not."""
    if settings().clamd_socket is None:
        return
    try:
        answer = _ask(b"zINSTREAM\0", content)
    except OSError as error:
        raise _no_answer() from error
    if answer.endswith(b"FOUND"):
        raise FileRefused(_("The virus scanner found something in this file."))
    if not answer.endswith(b"OK"):
        raise _no_answer()


def scanner_state() -> ScannerState:
    """For the people who run the place."""
    if settings().clamd_socket is None:
        return ScannerState.ABSENT
    try:
        answer = _ask(b"zPING\0")
    except OSError:
        return ScannerState.SILENT
    return ScannerState.READY if answer == b"PONG" else ScannerState.SILENT


def _ask(command: bytes, content: bytes | None = None) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        line.connect(str(settings().clamd_socket))
        line.sendall(command)
        if content is not None:
            _send_in_pieces(line, content)
        return _read_all(line).rstrip(b"\0\n")


def _send_in_pieces(line: socket.socket, content: bytes) -> None:
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        line.sendall(struct.pack("!L", len(piece)) + piece)
    line.sendall(struct.pack("!L", 0))


def _read_all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(4096), b""))


def _no_answer() -> FileRefused:
    return FileRefused(_("The virus scanner does not answer. Try again in a few minutes."))
