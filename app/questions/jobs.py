"""Telling askers and speakers after the commit; forgetting who asked and voted in time."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Gone, job
from app.core.outbox import post_mail
from app.core.periodic import periodic
from app.questions import emails, forgetting, replying
from app.questions.desk import hold_all, hold_desk
from app.questions.following_up import DAYS
from app.questions.models import Question
from app.questions.queries import question_by_id, questions_of_thread
from app.questions.returning import follow_thread
from app.webinars.attending import speaker_by_id
from app.webinars.speakers import contacts_of


@job("questions.tell_askers")
def tell_askers(question_id: int) -> None:
    _tell(_held(question_id))


@job("questions.tell_dismissed")
def tell_dismissed(question_id: int) -> None:
    question = _held(question_id)
    registration = question.registration
    if replying.tell_dismissed(question) and registration is not None:
        message = emails.dismissal(question, registration)
        post_mail(message, registration.email, f"questions.dismissed:{question.id}")


@job("questions.follow_thread")
def follow(thread_id: int) -> None:
    """A conversation has its answer now, or has it no more."""
    found = db.session.scalars(questions_of_thread(thread_id)).all()
    for question in found:
        held = _held(question.id)
        if follow_thread(held):
            _tell(held)


@job("questions.ask_speaker")
def ask_speaker(speaker_id: int, question_ids: list[int]) -> None:
    """One who has no account."""
    speaker = db.session.scalars(speaker_by_id(speaker_id)).first()
    contact = contacts_of(speaker.webinar).get(speaker_id) if speaker else None
    if speaker is None or contact is None:
        raise Gone
    questions = hold_all(*question_ids)
    message = emails.to_speaker(speaker, contact, questions, DAYS)
    key = f"questions.speaker:{speaker_id}:{max(question_ids)}"
    post_mail(message, contact.address, key)


@periodic("questions.forget", timedelta(hours=12))
def forget() -> None:
    """Twelve months after a webinar: who asked as a guest, and who voted. Numbers stay."""
    forgetting.forget_people(utcnow())


def _tell(question: Question) -> None:
    for asked in replying.tell_askers(question):
        registration = asked.registration
        if registration is not None:
            message = emails.reply(asked, question, registration)
            post_mail(message, registration.email, f"questions.reply:{asked.id}")


def _held(question_id: int) -> Question:
    """The desk first, as everywhere."""
    found = db.session.scalars(question_by_id(question_id)).first()
    if found is None:
        raise Gone
    hold_desk(found.webinar_id)
    return hold_all(question_id)[0]
