"""The last words of every mail: why exactly this person gets it, and how to end that."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db
from app.core.email import Recipient, compose
from app.core.outbox import OutboxMail
from tests.core.happenings import put_away, things_happen
from tests.core.test_idempotence import (
    jobs_by_time,
    payload_of,
    perform_once,
)

EMAILS = Path(__file__).parents[2] / "templates" / "emails"
KINDS = sorted(place.name for place in EMAILS.iterdir() if place.name != "_base")
WHY = re.compile(r"{% block why %}(.*){% endblock %}\n")
VAGUE = re.compile(r"\b(this webinar|this topic|something)\b")

ENOUGH_OF_A_KIND = 12
"""So that what the demo has due on this day leaves room for what happens on top of it."""
REASONS = [
    "somebody asked for a new password for the account with this address.",
    "somebody asked for a place at … with this address.",
    "somebody asked for an account at Interurban with this address.",
    "the action A-… is yours.",
    "the password of your account at Interurban was changed.",
    "you administer this site.",
    "you are named as a speaker of ….",
    "you asked a question at ….",
    "you asked for a place at ….",
    "you asked for an account at Interurban.",
    "you asked for your link to ….",
    "you follow the topic … and asked for its summaries by mail.",
    "you had a certificate of ….",
    "you have a seat of the city that promised A-….",
    "you organise the webinar where A-… was promised, and the action has no other owner"
    " with an account.",
    "you organise ….",
    "you organise …. It is sent once for what was due on the same day.",
    "you proposed a correction to the notes of ….",
    "you proposed another time for ….",
    "you registered for the series ….",
    "you registered for ….",
    "you speak for … network. It is sent once for ….",
    "you were at ….",
    "you were registered for ….",
    "your calendar answered an invitation to ….",
    "… you a seat at ….",
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_why_in_both_parts(kind: str) -> None:
    said = [WHY.findall((EMAILS / kind / part).read_text()) for part in ("body.txt", "body.html")]

    assert [len(said[0]), said[0]] == [1, said[1]]
    assert VAGUE.findall(said[0][0]) == []


def test_titles_in_reasons_are_text(app: Flask) -> None:
    words = {"webinar": {"title": "Rents <b> & rights"}, "day": "", "notes_url": "/notes"}

    message = compose("notes-nudge", Recipient("ada@demo.invalid", "Ada"), **words)

    assert foot_of(message).startswith(
        "You get this mail because you organise “Rents <b> & rights”."
    )
    assert "“Rents &lt;b&gt; &amp; rights”" in body_of(message, "html")


@pytest.mark.any_engine
def test_mails_of_a_community_say_why_and_how_to_end_them(demo: Flask) -> None:
    jobs_are_done()
    mails = all_mails()

    reasons = {shape_of(reason_of(mail)) for mail in mails}
    without_address = [mail["Subject"] for mail in mails if not names_its_end(mail)]

    assert sorted(reasons) == REASONS
    assert without_address == []


def jobs_are_done() -> None:
    """Some of each kind, at their time."""
    done: Counter[tuple[str, str | None]] = Counter()
    with time_machine.travel(utcnow(), tick=False) as clock:
        things_happen()
        for job in jobs_by_time():
            clock.move_to(max(job.run_at, utcnow() + timedelta(seconds=1)))
            done[job.name, job.payload.get("kind")] += 1
            if done[job.name, job.payload.get("kind")] <= ENOUGH_OF_A_KIND:
                perform_once(job.name, payload_of(job))
            put_away(job)


def all_mails() -> list[EmailMessage]:
    contents = db.session.scalars(sa.select(OutboxMail.content).order_by(OutboxMail.id))
    return [message_from_bytes(content, policy=SMTP) for content in contents]


def reason_of(mail: EmailMessage) -> str:
    """The line before the address of the site, the same in both parts."""
    reason = foot_of(mail)
    assert f"<p>{reason}<br>" in unescape(body_of(mail, "html")), mail["Subject"]
    return reason


def shape_of(reason: str) -> str:
    """Without what differs from mail to mail: title, number, city, who offers a seat."""
    named = re.sub("“.*”", "…", reason.removeprefix("You get this mail because "))
    named = re.sub("A-[0-9]{4}-[0-9]{3}", "A-…", named)
    return re.sub("^.* offers|(?<=speak for ).* in the", "…", named)


def foot_of(mail: EmailMessage) -> str:
    return body_of(mail, "plain").split("\n-- \n")[1].splitlines()[0]


def body_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def names_its_end(mail: EmailMessage) -> bool:
    """What a mail program offers to end a kind of mail by, people can open too."""
    address = str(mail["List-Unsubscribe"] or "<>").strip("<>")
    return all(address in unescape(body_of(mail, kind)) for kind in ("plain", "html"))
