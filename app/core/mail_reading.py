"""Reading a kept message back, to show it as a mail program would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

ADDRESS = re.compile(r"(https?://[^\s<>]+)")
SHOWN_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe")


@dataclass(frozen=True)
class Headline:
    """One line of the mailbox."""

    name: str
    to: str
    subject: str
    sent_at: datetime | None
    calendar_method: str  # empty: no calendar inside


@dataclass(frozen=True)
class ReadMail:
    """A whole message. `text` is cut at addresses: every second piece is one."""

    headline: Headline
    headers: list[tuple[str, str]]
    text: list[str]
    html: str
    calendar: str
    files: list[str]


def headline(path: Path) -> Headline:
    return _headline(path, _parsed(path))


def read_mail(path: Path) -> ReadMail:
    message = _parsed(path)
    return ReadMail(
        headline=_headline(path, message),
        headers=[(name, _header(message, name)) for name in SHOWN_HEADERS if name in message],
        text=ADDRESS.split(_part(message, "text/plain")),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
        files=[part.get_filename() or "file" for part in message.iter_attachments()],
    )


def _parsed(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=SMTP)


def _headline(path: Path, message: EmailMessage) -> Headline:
    method = next(
        (part.get_param("method", "") for part in message.walk() if _is(part, "text/calendar")), ""
    )
    return Headline(
        name=path.stem,
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        sent_at=_date(message),
        calendar_method=str(method),
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "Date"))
    except ValueError:
        return None


def _part(message: EmailMessage, kind: str) -> str:
    found = next((part for part in message.walk() if _is(part, kind)), None)
    if found is None:
        return ""
    raw = found.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(found.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _header(message: EmailMessage, name: str) -> str:
    """A header without the half characters that broken messages carry."""
    return str(message[name] or "").encode("utf-8", "replace").decode()


def _is(part: object, kind: str) -> bool:
    return isinstance(part, EmailMessage) and part.get_content_type() == kind
