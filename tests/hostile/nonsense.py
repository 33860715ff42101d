"""What hostile hands type into forms."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from tests.hostile.people import LONG

PLAUSIBLE = {
    "access_needs": "Sign language",
    "agenda-0-detail": "Network office",
    "agenda-0-id": "1",
    "agenda-0-minutes": "10",
    "agenda-0-title": "Welcome",
    "at_a_glance": "Five lines",
    "attribution": "open",
    "audience": "topic",
    "base_revision": "0",
    "based_on": "1.abc",
    "body": "A text that is long enough to be sent.",
    "capacity": "5",
    "captions": "English",
    "change_note": "Corrected",
    "choice0": "both",
    "city": "York",
    "code": "123456",
    "consent": "y",
    "context": "reply:1",
    "credential": "{}",
    "current": "interurban",
    "date": "2027-03-16",
    "description": "How cities count.",
    "display_name": "Housing officer",
    "draft_sequence": "0",
    "due_on": "2027-03-16",
    "email": "somebody@demo.invalid",
    "end_local": "15:00",
    "handle": "housing-officer",
    "host_label": "Network office",
    "is_listed": "y",
    "kind": "question",
    "language": "en",
    "level": "following",
    "locale": "en",
    "lock_version": "1",
    "name": "Housing officer",
    "next": "/topics",
    "note": "",
    "own0": "My own words",
    "owner": "",
    "owner_label": "Network office",
    "passcode": "123456",
    "password": "three quiet words",
    "reason": "A good reason",
    "recording": "none",
    "reply_to": "1",
    "role": "member",
    "room_url": "https://rooms.example.org/1",
    "seat_role": "voice",
    "sequence": "0",
    "speakers-0-affiliation": "Graz",
    "speakers-0-email": "speaker@demo.invalid",
    "speakers-0-id": "1",
    "speakers-0-name": "Human rights officer",
    "start_local": "14:00",
    "status": "adopted",
    "text": "We count together.",
    "theirs": "1",
    "timezone": "Europe/Vienna",
    "title": "Who counts, and how",
    "topic": "housing",
    "tzid": "Europe/Vienna",
    "version": "1",
    "visibility": "public",
    "wishes": "Graz, equality",
}

WORDS = {
    "controls": "a\x00\x07b\x1b[31m\x7f\r\nBcc: x@y.example\u2028c",
    "emoji, direction": "\U0001f3d9\ufe0f\u202egnp.exe\u2066 \u0645\u0631\u062d\u0628\u0627 \u0301",
    "one long word": LONG,
    "huge number": "99999999999999999999",
    "path": "../../../../etc/passwd\x00.png",
    "markup": "[x](javascript:alert(1)) <script>alert(1)</script> @nobody {{7*7}} %(x)s %s {0}",
}
CHOSEN = {
    "attribution", "audience", "date", "email", "end_local", "kind", "language", "level", "locale",
    "recording", "role", "seat_role", "start_local", "status", "timezone", "topic", "tzid",
    "visibility", "room_url", "capacity", "due_on", "next", "note", "owner", "speakers-0-email",
    "agenda-0-minutes", "choice0",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request's body."""

    label: str
    content: dict[str, Any]


def nonsense() -> list[Sent]:
    """Bodies that say nothing useful, each in its own way."""
    return [
        Sent("nothing", {"data": b""}),
        *(_all(label, word) for label, word in WORDS.items()),
        *(_texts(label, word) for label, word in WORDS.items() if label != "huge number"),
        _raw("broken bytes", b"=%ED%A0%80%ff%fe\xff\xfe"),
        _raw("twice", b"=1", b"=two"),
        _raw("lists", b"[]=x", b"[a][b]=y", b"-0=z", b"-99999=z", b"-0-title=q", b"-x-id=1"),
        Sent("plausible", {"data": PLAUSIBLE}),
        Sent("plausible draft", {"data": PLAUSIBLE | {"save_draft": "1", "more_agenda": "1",
                                                      "draft_sequence": "9" * 30}}),
        Sent("json", {"json": PLAUSIBLE | {"fields": {"body": "\ud800\x00"}, "sequence": {}}}),
        Sent("json list", {"json": [1, [2], None]}),
        Sent("broken json", {"data": b'{"a": \xff', "content_type": "application/json"}),
        Sent("other type", {"data": b"\x00\xff<x/>", "content_type": "text/xml; charset=nonsense"}),
        Sent("files", {"data": _files(), "content_type": "multipart/form-data"}),
        Sent("broken multipart", {"data": b"--x\r\nContent-Disp", "content_type":
                                  "multipart/form-data; boundary=x"}),
        Sent("no boundary", {"data": b"title=x", "content_type": "multipart/form-data"}),
    ]  # fmt: skip


def large() -> Sent:
    """A body of a megabyte in one field, the rest as it should be."""
    return Sent("1 MB", {"data": PLAUSIBLE | {"body": "word " * 200_000}})


def _all(label: str, word: str) -> Sent:
    return Sent(f"all: {label}", {"data": dict.fromkeys(PLAUSIBLE, word)})


def _texts(label: str, word: str) -> Sent:
    """Choices as they should be, so that the free texts get far."""
    typed = {name: text if name in CHOSEN else f"{text} {word}" for name, text in PLAUSIBLE.items()}
    return Sent(f"texts: {label}", {"data": typed})


def _raw(label: str, *tails: bytes) -> Sent:
    pairs = [name.encode() + tail for name in PLAUSIBLE for tail in tails]
    body = urlencode(PLAUSIBLE).encode() + b"&" + b"&".join(pairs)
    return Sent(label, {"data": body, "content_type": "application/x-www-form-urlencoded"})


def _files() -> dict[str, Any]:
    names = ("../../../etc/passwd", "con\x07.png", "a" * 3000, "..\\..\\x.exe", "\u202egnp.exe")
    return {
        field: (BytesIO(b"\x89PNG\x00"), names[number % len(names)])
        for number, field in enumerate(PLAUSIBLE)
    }
