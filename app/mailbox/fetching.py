"""Looking into an IMAP mailbox (RFC 3501) and taking out of it what is kept.

A mail stays in its folder until it is kept here; then it is moved to a folder beside it. Whoever
stops in between does no harm: the same bytes are one mail.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from app.mailbox import receiving
from app.mailbox.errors import Unusable

PATIENCE_SECONDS = 20.0
ROUND_SECONDS = 45.0  # a worker's lease is longer
MOST_AT_ONCE = 25
MOST_BYTES_AT_ONCE = 40 * 1024 * 1024
TAKEN = "Taken"
UID = re.compile(rb"UID (\d+)")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
SECURE_PORT, OPEN_PORT = 993, 143
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NotReachable(RuntimeError):
    """The mailbox did not do what was asked. The text never holds the password."""


@dataclass
class Batch:
    """Some mails of a folder. `validity` is its UIDVALIDITY; `heads` are of mails too large."""

    validity: int
    uids: list[int] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    has_more: bool = False


def fetch(url: str | None, most: int = MOST_AT_ONCE) -> Batch | None:
    """The oldest mails of the folder, left where they are; None: there is no mailbox."""
    if url is None:
        return None
    with _folder(url) as (server, validity):
        _status, found = server.uid("SEARCH", "UNDELETED")
        uids = [int(number) for number in (found[0] or b"").split()]
        batch = Batch(validity)
        until, sizes = time.monotonic() + ROUND_SECONDS, _sizes(server, uids[:most])
        for uid in uids[:most]:
            if time.monotonic() > until or sum(map(len, batch.mails)) > MOST_BYTES_AT_ONCE:
                break
            _bring(server, uid, sizes.get(uid, 0), batch)
        batch.has_more = len(uids) > len(batch.uids)
        return batch


def keep(batch: Batch) -> None:
    """Into the database, in the caller's transaction."""
    for raw in batch.mails:
        with suppress(Unusable):
            receiving.receive(raw)
    for head in batch.heads:
        receiving.keep_head(head)


def put_away(url: str | None, validity: int, uids: list[int]) -> None:
    """Move what is kept. What another has moved meanwhile is no error."""
    if url is None or not uids:
        return
    with _folder(url) as (server, present):
        if present == validity:
            _move(server, ",".join(map(str, uids)))


def _bring(server: imaplib.IMAP4, uid: int, size: int, batch: Batch) -> None:
    is_large = size > receiving.MOST_BYTES
    part = "BODY.PEEK[HEADER]" if is_large else "BODY.PEEK[]"
    _status, answer = server.uid("FETCH", str(uid), f"({part})")
    found = next((piece[1] for piece in answer if isinstance(piece, tuple)), None)
    if found is None:
        return
    batch.uids.append(uid)
    (batch.heads if is_large else batch.mails).append(bytes(found))


def _sizes(server: imaplib.IMAP4, uids: list[int]) -> dict[int, int]:
    if not uids:
        return {}
    _status, answer = server.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    lines = [_bytes(piece) for piece in answer]
    pairs = [(UID.search(line), SIZE.search(line)) for line in lines]
    return {int(uid[1]): int(size[1]) for uid, size in pairs if uid and size}


def _move(server: imaplib.IMAP4, uids: str) -> None:
    """Beside the folder, or under INBOX on servers where all folders are."""
    names, abilities = [TAKEN, f"INBOX{_separator(server)}{TAKEN}"], _abilities(server)
    if not any(move_to(server, uids, name, abilities) for name in names):
        raise imaplib.IMAP4.error(f"nothing can be moved to a folder {TAKEN}")


def move_to(server: imaplib.IMAP4, uids: str, name: str, abilities: set[str]) -> bool:
    """Say whether it worked. Servers that cannot move copy, and forget what was copied."""
    folder = _quoted(name)
    server.create(folder)  # says NO where it is there already
    if "MOVE" in abilities:
        return bool(server.uid("MOVE", uids, folder)[0] == "OK")
    if server.uid("COPY", uids, folder)[0] != "OK":
        return False
    _must(server.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
    _must(server.uid("EXPUNGE", uids) if "UIDPLUS" in abilities else server.expunge())
    return True


def _abilities(server: imaplib.IMAP4) -> set[str]:
    """Asked again: servers say more to whom they know."""
    _status, answer = server.capability()
    return {word.decode().upper() for line in answer if line for word in line.split()}


def _separator(server: imaplib.IMAP4) -> str:
    _status, listed = server.list('""', '""')
    found = re.search(rb'"(.)" ', _bytes(listed[0])) if listed else None
    return found[1].decode() if found else "."


def _bytes(piece: Any) -> bytes:
    return piece if isinstance(piece, bytes) else b""


@contextmanager
def _folder(url: str) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """The folder, open for reading and writing, with its UIDVALIDITY."""
    parts = urlsplit(url)
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    try:
        server = _connected(parts)
        try:
            server.login(_quoted(unquote(parts.username or "")), unquote(parts.password or ""))
            _must(server.select(_quoted(folder)))
            validity = server.response("UIDVALIDITY")[1][0]
            yield server, int(validity or 0)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
    except (OSError, UnicodeError, imaplib.IMAP4.error) as error:
        raise NotReachable(f"{parts.hostname}: {type(error).__name__}: {error}") from error


def _connected(parts: Any) -> imaplib.IMAP4:
    checked = ssl.create_default_context()
    if parts.scheme == "imaps":
        port = parts.port or SECURE_PORT
        return imaplib.IMAP4_SSL(
            parts.hostname, port, ssl_context=checked, timeout=PATIENCE_SECONDS
        )
    server = imaplib.IMAP4(parts.hostname, parts.port or OPEN_PORT, PATIENCE_SECONDS)
    if "STARTTLS" in server.capabilities:
        server.starttls(checked)
    elif parts.hostname not in LOOPBACK:
        raise imaplib.IMAP4.error("it does not encrypt, so the password is not sent")
    return server


def _must(answer: tuple[str, list[Any]]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"the server says {answer[0]}")


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
