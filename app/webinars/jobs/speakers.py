"""Mails to speakers, and to organisers about them. Each is safe to do twice."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import Gone, enqueue, job
from app.core.outbox import post_mail
from app.webinars import mail_plan, reminding, speaking
from app.webinars.emails import speakers as mails
from app.webinars.enums import SpeakerState
from app.webinars.jobs._posting import webinar_held
from app.webinars.mail_plan import Reminder
from app.webinars.models import Speaker, Webinar
from app.webinars.speakers import Contact, contacts_of, seated_speaker_ids


@job("webinars.ask_speaker")
def ask_speaker(speaker_id: int, asked: str, token: str) -> None:
    """The personal link; not when the address changed since, and with it the link."""
    speaker, contact = _held(speaker_id)
    if speaker.token == token and speaking.is_askable(speaker.webinar):
        _post(mails.ask(speaker, contact), speaker, contact, f"ask:{asked}:{token[:8]}")


@job("webinars.remind_speaker")
def remind_speaker(speaker_id: int, kind: str, starts_at: str) -> None:
    speaker, contact = _held(speaker_id)
    of_kind, start = Reminder(kind), datetime.fromisoformat(starts_at)
    if not _is_in_time(speaker.webinar, of_kind, start):
        return
    if of_kind is Reminder.BRIEFING:
        _post(mails.briefing(speaker, contact), speaker, contact, f"briefing:{starts_at}")
    elif speaker.wants_reminders and not reminding.is_just_mailed(speaker.last_mailed_at, of_kind):
        _post(mails.reminder(speaker, contact), speaker, contact, f"reminder:{starts_at}")


@job("webinars.brief_organiser")
def brief_organiser(webinar_id: int, user_id: int, starts_at: str) -> None:
    webinar, organiser = webinar_held(webinar_id), _person(user_id)
    start = datetime.fromisoformat(starts_at)
    organises = user_id in {seat.user_id for seat in webinar.organisers}
    if organises and organiser.is_approved and _is_in_time(webinar, Reminder.BRIEFING, start):
        key = f"webinars.organiser_briefing:{webinar_id}:{user_id}:{starts_at}"
        post_mail(mails.organiser_briefing(webinar, organiser), organiser.email, key)


@job("webinars.tell_declined")
def tell_declined(speaker_id: int, user_id: int, answered_at: str) -> None:
    """To an organiser, unless the speaker changed their mind meanwhile."""
    speaker, organiser = _speaker(speaker_id), _person(user_id)
    if speaker.state == SpeakerState.DECLINED and organiser.is_approved:
        key = f"webinars.speaker_declined:{speaker_id}:{user_id}:{answered_at}"
        post_mail(mails.declined(speaker, organiser), organiser.email, key)


@job("webinars.tell_speakers")
def tell_speakers(webinar_id: int, sequence: int, status: str) -> None:
    """Who holds a seat too hears of it with the calendar's mail."""
    webinar = webinar_held(webinar_id)
    if webinar.sequence != sequence or webinar.status != status:
        return
    seated = seated_speaker_ids(webinar)
    for speaker_id in contacts_of(webinar).keys() - seated:
        facts: dict[str, Any] = {"speaker_id": speaker_id, "sequence": sequence, "status": status}
        enqueue("webinars.send_speaker_news", f"{speaker_id}:{sequence}:{status}", **facts)


@job("webinars.send_speaker_news")
def send_speaker_news(speaker_id: int, sequence: int, status: str) -> None:
    speaker, contact = _held(speaker_id)
    webinar = speaker.webinar
    if webinar.sequence == sequence and webinar.status == status:
        _post(mails.news(speaker, contact), speaker, contact, f"news:{sequence}:{status}")


def _is_in_time(webinar: Webinar, kind: Reminder, starts_at: datetime) -> bool:
    is_late = mail_plan.is_too_late(kind, starts_at, utcnow())
    return reminding.is_round_wanted(webinar, kind, starts_at) and not is_late


def _speaker(speaker_id: int) -> Speaker:
    """The webinar is locked first, as everywhere."""
    mine = select(Speaker).where(Speaker.id == speaker_id)
    speaker = db.session.scalars(mine).one_or_none()
    if speaker is None:
        raise Gone
    webinar_held(speaker.webinar_id)
    return db.session.scalars(locked(mine)).one()


def _held(speaker_id: int) -> tuple[Speaker, Contact]:
    """Raise Gone for a speaker who declined or whom no mail reaches."""
    speaker = _speaker(speaker_id)
    contact = contacts_of(speaker.webinar).get(speaker_id)
    if contact is None:
        raise Gone
    return speaker, contact


def _person(user_id: int) -> User:
    found = users_by_ids([user_id]).get(user_id)
    if found is None:
        raise Gone
    return found


def _post(message: EmailMessage, speaker: Speaker, contact: Contact, fact: str) -> None:
    post_mail(message, contact.address, f"webinars.speaker:{fact}:{speaker.id}")
    speaker.last_mailed_at = utcnow()
