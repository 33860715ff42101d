"""Summaries by mail for those who follow the topic and asked for it, each once.

Who has a place at the webinar gets the mail of people who have one, and not this one too.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.db import db
from app.core.jobs import enqueue
from app.forum.telling import some_watchers
from app.notes import promising
from app.notes.contents import version_to_tell_of
from app.notes.models import SummaryVersion
from app.webinars.attending import registration_of
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from app.webinars.queries import webinar_is_visible

AT_ONCE = 500


def go_round(version: SummaryVersion, after_id: int = 0) -> int | None:
    """Queue the mail of each follower who wants one. Return where to go on, None at the end."""
    webinar = version.note_set.webinar
    if webinar.topic is None:
        return None
    ids = list(db.session.scalars(some_watchers(webinar.topic, after_id, AT_ONCE)))
    for person in _wanting(users_by_ids(ids).values(), webinar):
        enqueue("notes.send_to_follower", f"{version.id}:{person.id}",
                user_id=person.id, version_id=version.id)  # fmt: skip
    return ids[-1] if len(ids) == AT_ONCE else None


def still_told(person: User, version_id: int) -> SummaryVersion | None:
    """The version, if a mail that was queued for it is still right to send now."""
    version = db.session.scalars(version_to_tell_of(version_id)).first()
    if version is None or not person.wants_summary_mails:
        return None
    webinar = version.note_set.webinar
    if _has_place(person, webinar) or not webinar_is_visible(person, webinar.id):
        return None
    return version


def reader_stopping(token: str) -> User:
    """Raise LinkUnknown."""
    return promising.reader_stopping(token, promising.STOP_SUMMARIES)


def stop(person: User) -> None:
    person.wants_summary_mails = False


def resume(person: User) -> None:
    person.wants_summary_mails = True


def _wanting(people: Iterable[User], webinar: Webinar) -> list[User]:
    """Organisers made it; they need no mail."""
    organisers = {seat.user_id for seat in webinar.organisers}
    return [
        person
        for person in people
        if person.wants_summary_mails and person.is_approved and person.id not in organisers
    ]


def _has_place(person: User, webinar: Webinar) -> bool:
    """Also one that was made with the address of the account, and whose reminders were ended."""
    theirs = registration_of(person, webinar)
    return theirs is not None and theirs.state == RegistrationState.CONFIRMED
