"""Mails about questions, to people who may have no account."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from app.core.email import Recipient, compose
from app.core.links import absolute_url
from app.core.markup import plain_text
from app.questions.models import Question
from app.webinars.models import Registration, Speaker
from app.webinars.speakers import Contact


def reply(question: Question, answered: Question, registration: Registration) -> EmailMessage:
    """To whoever asked `question`; `answered` is that, or what it was merged into."""
    return _to_asker(
        "question-reply",
        question,
        registration,
        answer=plain_text(answered.answer),
        has_thread=answered.thread_id is not None,
    )


def dismissal(question: Question, registration: Registration) -> EmailMessage:
    return _to_asker("question-dismissed", question, registration)


def to_speaker(
    speaker: Speaker, contact: Contact, questions: Sequence[Question], days: int
) -> EmailMessage:
    """With the personal link to where the answers are written."""
    to = Recipient(contact.address, contact.name, contact.language, contact.timezone)
    webinar = speaker.webinar
    address = absolute_url("questions.moderate", webinar_id=webinar.id)
    return compose(
        "question-speaker",
        to,
        webinar=webinar,
        questions=questions,
        days=days,
        answer_url=f"{address}?t={speaker.token}",
    )


def _to_asker(
    name: str, question: Question, registration: Registration, **words: object
) -> EmailMessage:
    to = Recipient(
        registration.email, registration.name, registration.language, registration.timezone
    )
    address = absolute_url("questions.show", webinar_id=question.webinar_id)
    return compose(
        name,
        to,
        webinar=question.webinar,
        question=question,
        questions_url=f"{address}?t={registration.token}",
        **words,
    )
