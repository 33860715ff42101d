"""Mail that comes in: a webinar that calendars answer to, and the answers as files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core.db import db, write
from app.core.worker import run_due_jobs
from app.mailbox import receiving
from app.mailbox.models import InboundMail
from app.webinars.models import Registration, Webinar
from app.webinars.reply_address import reply_address
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

REPLIES = Path(__file__).parent / "mailbox" / "replies"
UID = "webinar-5d2f9c1e-7a40-4c1b-9a55-3c0f6f3b8e21@forum.example.org"
NOW = datetime(2027, 3, 10, 9, 0, 10, tzinfo=UTC)
START = datetime(2027, 3, 25, 9, 0, tzinfo=UTC)
INVITED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OFFICIAL, COLLEAGUE = "official@stad.example", "colleague@stad.example"


@dataclass(frozen=True)
class Stage:
    """The webinar of the files, an official who was invited twice, and a colleague."""

    webinar: Webinar
    official: Registration
    colleague: Registration

    def filled(self, content: bytes) -> bytes:
        """With the addresses that only these two calendars know."""
        own, other = reply_address(self.official.id), reply_address(self.colleague.id)
        return content.replace(b"@@TOKEN@@", own.encode()).replace(
            b"@@OTHER_TOKEN@@", other.encode()
        )


def make_stage(**changes: Any) -> Stage:
    """Call it at `NOW`."""
    values: dict[str, Any] = {
        "uid": UID,
        "sequence": 1,
        "changed_at": INVITED,
        "title": "Housing and human rights",
    }
    organiser = make_organiser(email="organiser@stad.example")
    webinar = make_webinar(
        starts_in=START - NOW, minutes=60, organiser=organiser, **(values | changes)
    )
    invited = {
        "ics_last_sequence": 1,
        "ics_last_method": "REQUEST",
        "ics_last_sent_at": INVITED + timedelta(minutes=10),
        "last_mailed_at": INVITED + timedelta(minutes=10),
    }
    official = make_registration(webinar, email=OFFICIAL, name="Human rights officer", **invited)
    colleague = make_registration(webinar, email=COLLEAGUE, name="Housing officer", **invited)
    return Stage(webinar, official, colleague)


def reply_files() -> list[str]:
    return sorted(path.stem for path in REPLIES.glob("*.eml"))


def reply_file(name: str) -> bytes:
    return (REPLIES / f"{name}.eml").read_bytes()


def come_in(raw: bytes, *, recipient: str = "") -> InboundMail:
    """A mail arrives and is taken in; what follows from it waits for `work()`."""
    with write():
        receiving.receive(raw, recipient=recipient)
    run_due_jobs(raising=True)
    same = sa.select(InboundMail).where(InboundMail.sha256 == hashlib.sha256(raw).hexdigest())
    return db.session.scalars(same).one()
