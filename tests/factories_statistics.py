"""A webinar that took place, with people, questions, polls, feedback and mails, for tests."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.outbox import MailState, OutboxMail
from app.feedback.models import FeedbackAnswer
from app.polls.enums import PollState
from app.polls.models import QuickPoll
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.webinars.enums import CancelSource, RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

CAME = {"joined_at": utcnow()}
TWO_DAYS_AGO = timedelta(days=-2)


def make_held(**changes: Any) -> Webinar:
    """It ended two days ago."""
    return make_webinar(**{"starts_in": TWO_DAYS_AGO, "waitlisted_most": 4, **changes})


def add_people(webinar: Webinar, count: int, **changes: Any) -> None:
    now = utcnow()
    values = {
        "webinar_id": webinar.id, "name": "Housing officer", "language": "en",
        "timezone": "Europe/Brussels", "state": RegistrationState.CONFIRMED,
        "created_at": now, "queued_at": now, "confirmed_at": now,
    }  # fmt: skip
    with write() as session:
        for _number in range(count):
            own = {"email": f"{secrets.token_hex(6)}@demo.invalid", "token": secrets.token_hex(16)}
            session.add(Registration(**{**values, **own, **changes}))


def add_questions(webinar: Webinar) -> None:
    """Four that count, two of them answered; one merged, one that waits for a moderator."""
    states = [QuestionState.OPEN] * 2 + [QuestionState.ANSWERED] * 2
    states += [QuestionState.MERGED, QuestionState.WAITING]
    values = {"webinar_id": webinar.id, "body": "How?", "language": "en", "asked_at": utcnow()}
    with write() as session:
        session.add_all([Question(**values, state=state, votes=3) for state in states])


def add_polls(webinar: Webinar) -> None:
    """Two that were opened; one was not."""
    values = {"webinar_id": webinar.id, "question": "Which?", "created_at": utcnow()}
    states = [PollState.CLOSED, PollState.OPEN, PollState.DRAFT]
    with write() as session:
        for place, state in enumerate(states, 1):
            session.add(QuickPoll(**values, position=place, state=state, voters=7))


def add_feedback(webinar: Webinar, count: int, usefulness: int | None = 4) -> None:
    said: dict[str, Any] = {"webinar_id": webinar.id, "usefulness": usefulness, "replies": {}}
    with write() as session:
        session.add_all([FeedbackAnswer(id=secrets.randbits(60), **said) for _ in range(count)])


def add_reminders(registration: Registration) -> None:
    """One that was sent, one that was not delivered, thanks, and one of somebody else's."""
    start = "2026-03-01T10:00:00+00:00"
    for kind, state, number in (
        ("day", MailState.SENT, registration.id),
        ("hour", MailState.DEAD, registration.id),
        ("after", MailState.SENT, registration.id),
        ("day", MailState.SENT, f"9{registration.id}"),
    ):
        mail = OutboxMail(
            key=f"webinars.reminder:{kind}:{start}:{number}",
            message_id=secrets.token_hex(8),
            recipient=registration.email,
            subject="Soon",
            content=b"Soon",
            state=state,
            run_at=utcnow(),
            created_at=utcnow(),
            attempts=1,
        )
        with write() as session:
            session.add(mail)


def make_whole(city_id: int | None = None, **changes: Any) -> Webinar:
    """Everything of which there are figures."""
    webinar = make_held(**changes)
    registration = make_registration(webinar, city_id=city_id, **CAME)
    add_reminders(registration)
    add_people(webinar, 3, city_id=city_id, language="de", attended=True)
    add_people(webinar, 1, joined_at=utcnow(), attended=False)
    add_people(webinar, 1, state=RegistrationState.WAITLISTED, joined_at=utcnow())
    withdrawn = {"state": RegistrationState.CANCELLED, "opened_summary": True}
    add_people(webinar, 2, **withdrawn, cancel_source=CancelSource.USER)
    add_people(webinar, 1, state=RegistrationState.PENDING_EMAIL)
    add_questions(webinar)
    add_polls(webinar)
    add_feedback(webinar, 5)
    db.session.rollback()
    return webinar
