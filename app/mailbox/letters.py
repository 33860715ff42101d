"""A mail that came in, read without trusting it: who, to whom, which calendars are in it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from typing import Any

from app.mailbox.addresses import all_addresses, one_sender
from app.mailbox.errors import Unreadable

SECONDS = 5.0
PIECE = 64 * 1024
MOST_PARTS = 200
MOST_CALENDAR_BYTES = 256 * 1024
MOST_TEXT = 20_000
MOST_VERDICTS = 20
CALENDAR_TYPES = {"text/calendar", "application/ics"}
TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
AUTOMATIC_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id")


@dataclass(frozen=True)
class CalendarPart:
    """The bytes of a calendar and the METHOD that the header of its part promises, if any."""

    content: bytes
    charset: str
    promised_method: str


@dataclass(frozen=True)
class Letter:
    """`sender` is empty when the mail is not plainly from one address."""

    sender: str
    recipients: list[str]
    subject: str
    text: str
    verdicts: list[str]
    calendars: list[CalendarPart]
    is_automatic: bool
    has_tnef: bool
    has_large_calendar: bool


def read_letter(raw: bytes) -> Letter:
    """Look into a mail. Raise Unreadable when it takes too long or is nested too deep."""
    until = time.monotonic() + SECONDS
    try:
        message = _parsed(raw, until)
        parts = list(_parts(message, until))
        return _letter(message, parts)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error


def _parsed(raw: bytes, until: float) -> Any:
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), PIECE):
        parser.feed(raw[start : start + PIECE])
        _check(until)
    return parser.close()


def _check(until: float) -> None:
    if time.monotonic() > until:
        raise Unreadable("Reading it took too long.")


def _parts(message: Any, until: float) -> Iterator[Any]:
    """Every part but those of mails that are attached whole: they are somebody else's words."""
    waiting, count = [message], 0
    while waiting:
        part = waiting.pop(0)
        count += 1
        if count > MOST_PARTS:
            raise Unreadable(f"It has more than {MOST_PARTS} parts.")
        _check(until)
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += [inner for inner in part.get_payload() if isinstance(inner, Message)]


def _letter(message: Any, parts: list[Any]) -> Letter:
    calendars = [part for part in parts if _is_calendar(part)]
    fitting = [part for part in calendars if len(_payload(part)) <= MOST_CALENDAR_BYTES]
    return Letter(
        sender=one_sender(_headers(message, "From")),
        recipients=all_addresses(
            header for name in RECIPIENT_HEADERS for header in _headers(message, name)
        ),
        subject=_words(message, "Subject"),
        text=next((_text(part) for part in parts if part.get_content_type() == "text/plain"), ""),
        verdicts=_headers(message, "Authentication-Results")[:MOST_VERDICTS],
        calendars=_different([_calendar(part) for part in fitting]),
        is_automatic=_is_automatic(message),
        has_tnef=any(_is_tnef(part) for part in parts),
        has_large_calendar=len(fitting) < len(calendars),
    )


def _is_calendar(part: Any) -> bool:
    if part.is_multipart():
        return False
    return part.get_content_type() in CALENDAR_TYPES or _file_name(part).endswith(".ics")


def _is_tnef(part: Any) -> bool:
    return part.get_content_type() in TNEF_TYPES or _file_name(part) == "winmail.dat"


def _file_name(part: Any) -> str:
    return clean(str(part.get_filename("") or "")).strip().lower()


def _calendar(part: Any) -> CalendarPart:
    method = part.get_param("method", "")
    return CalendarPart(
        content=_payload(part),
        charset=clean(str(part.get_content_charset() or "")),
        promised_method=clean(method if isinstance(method, str) else method[2]).strip().upper(),
    )


def _different(parts: list[CalendarPart]) -> list[CalendarPart]:
    """Each calendar once: programs send the same one as alternative and as file."""
    kept: dict[str, CalendarPart] = {}
    for part in parts:
        same = b"\n".join(part.content.split()).strip()
        digest = hashlib.sha256(same).hexdigest()
        if digest not in kept or (part.promised_method and not kept[digest].promised_method):
            kept[digest] = part
    return list(kept.values())


def _is_automatic(message: Any) -> bool:
    """Written by a machine: absence notes, bounces, lists (RFC 3834)."""
    submitted = _words(message, "Auto-Submitted").split(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or _words(message, "Precedence").strip().lower() in AUTOMATIC_PRECEDENCE
        or any(name in message for name in AUTOMATIC_HEADERS)
        or message.get_content_type() == "multipart/report"
        or _words(message, "Return-Path").strip() == "<>"
    )


def _headers(message: Any, name: str) -> list[str]:
    return [clean(str(value)) for value in message.get_all(name, [])]


def _words(message: Any, name: str) -> str:
    """A header in plain words."""
    raw = next(iter(_headers(message, name)), "")[:LONGEST_WORDS]
    try:
        return clean(str(make_header(decode_header(raw))))
    except (HeaderParseError, LookupError, ValueError):
        return raw


LONGEST_WORDS = 2000


def _text(part: Any) -> str:
    content, charset = _payload(part), str(part.get_content_charset() or "utf-8")
    try:
        return clean(content.decode(charset, "replace"), keep="\n\t")[:MOST_TEXT]
    except (LookupError, ValueError):
        return clean(content.decode("utf-8", "replace"), keep="\n\t")[:MOST_TEXT]


def _payload(part: Any) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def clean(text: str, keep: str = "") -> str:
    """Without halves of characters and control characters, which no column takes."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() or c in keep else " " for c in whole if c not in "\x00\r")
