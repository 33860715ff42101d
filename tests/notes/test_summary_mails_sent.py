"""A published summary goes over a real mail server, once to each, with two workers at it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.worker import Worker
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.topics.models import Topic
from config import Settings
from tests.factories import make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser
from tests.mail_server import mail_server

SUBJECT = "The summary is there: Counting together"


class Box:
    """Takes all; keeps for whom and about what."""

    def __init__(self) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content or b"", policy=POLICY)
        self.taken[envelope.rcpt_tos[0], str(message["Subject"])] += 1
        return "250 OK"


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic("housing")


def follower(topic: Topic) -> User:
    person = make_user(wants_summary_mails=True)
    with write():
        follow_topic(topic.id, person, FollowLevel.FOLLOWING)
    return person


def two_work(app: Flask, settings: Settings) -> None:
    """Until nothing is left to do and to send."""

    def work() -> None:
        with app.app_context():
            Worker(settings).run_due()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_each_gets_one_mail_from_two_workers(app: Flask, settings: Settings, topic: Topic) -> None:
    organiser = make_organiser()
    notes = make_notes(organiser, topic_id=topic.id, starts_in=timedelta(days=-2))
    save(note_at(notes, 1), "Everybody met.", organiser)
    followers = [follower(topic) for _ in range(6)]
    both, *others = followers
    guests = [make_registration(notes.webinar, joined_at=utcnow()) for _ in range(6)]
    make_registration(notes.webinar, user=both, email=both.email, joined_at=utcnow())
    box = Box()
    with mail_server(box) as port:
        over = replace(settings, mail_url=f"smtp://127.0.0.1:{port}")
        publish(notes, organiser)
        two_work(app, over)
        publish(notes, organiser, "A word")
        two_work(app, over)

    people = [both, *others, *guests]
    assert box.taken == Counter({(one.email, SUBJECT): 1 for one in people})
