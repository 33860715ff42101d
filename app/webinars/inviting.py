"""Telling everybody who comes that a webinar changed or will not be held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import Job, JobState, enqueue
from app.core.quiet import quiet_time
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar

ZONE_RULES = "zone_rules"  # among the fields before: the zone whose rules moved the webinar
ON_THE_WAY = [RegistrationState.CONFIRMED, RegistrationState.ON_HOLD]
IN_LINE = [
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.PENDING_APPROVAL,
]


def tell_change(webinar: Webinar, fields: Mapping[str, Any]) -> None:
    """Mail everybody what changed, once it has been quiet for a while (spec/calendar 2.5).

    `fields` are the mailed fields that changed (starts_at, ends_at, title, …), each with what it
    was before. Raises SEQUENCE and sets `changed_at`; callers do neither. Does nothing for a
    webinar that nobody can be invited to (not published, or past).
    """
    if not fields or not _can_be_mailed(webinar, Status.PUBLISHED):
        return
    before = {name: _plain(value) for name, value in fields.items()} | _untold(webinar)
    _raise_sequence(webinar)
    enqueue(
        "webinars.tell_change",
        f"{webinar.id}:{webinar.sequence}",
        run_at=utcnow() + quiet_time(),
        webinar_id=webinar.id,
        sequence=webinar.sequence,
        before=before,
    )


def tell_cancelled(webinar: Webinar) -> None:
    """Take the webinar out of everybody's calendar. Call it after the status is cancelled."""
    if not _can_be_mailed(webinar, Status.CANCELLED):
        return
    _raise_sequence(webinar)
    enqueue("webinars.tell_cancelled", f"{webinar.id}:{webinar.sequence}", webinar_id=webinar.id)


def tell_postponed(webinar: Webinar) -> None:
    """The same until there is a new date. Call it after the status is postponed."""
    if not _can_be_mailed(webinar, Status.POSTPONED):
        return
    _raise_sequence(webinar)
    enqueue("webinars.tell_postponed", f"{webinar.id}:{webinar.sequence}", webinar_id=webinar.id)


def tell_restored(webinar: Webinar, fields: Mapping[str, Any]) -> None:
    """Put it back into everybody's calendar at once, with the hours it has now.

    Call it after the status is published again and seats are confirmed again. `fields` as in
    `tell_change`.
    """
    if not _can_be_mailed(webinar, Status.PUBLISHED):
        return
    _raise_sequence(webinar)
    enqueue(
        "webinars.tell_restored",
        f"{webinar.id}:{webinar.sequence}",
        webinar_id=webinar.id,
        sequence=webinar.sequence,
        before={name: _plain(value) for name, value in fields.items()},
    )


def invite(
    registration: Registration, *, was_waiting: bool = False, run_at: datetime | None = None
) -> None:
    """Mail the invitation of a person whose seat was just confirmed, at once or at `run_at`."""
    enqueue(
        "webinars.send_request",
        f"{registration.id}:{_moment(registration.confirmed_at)}",
        run_at=run_at,
        registration_id=registration.id,
        was_waiting=was_waiting,
    )


def invite_again(registration: Registration) -> None:
    """Mail once more what this person's calendar should have, at most once a minute."""
    asked_at = utcnow()
    enqueue(
        "webinars.send_request_again",
        f"{registration.id}:{asked_at:%Y%m%d%H%M}",
        registration_id=registration.id,
        asked_at=asked_at.isoformat(),
    )


def uninvite(registration: Registration) -> None:
    """Take the webinar out of one person's calendar."""
    enqueue(
        "webinars.send_cancel",
        f"{registration.id}:{_moment(registration.cancelled_at)}",
        registration_id=registration.id,
    )


def ask_everybody_again(
    webinar: Webinar, sequence: int, before: Mapping[str, Any], *, is_restored: bool = False
) -> None:
    """Queue one update for each person; a later change has its own round."""
    if webinar.sequence != sequence or not _can_be_mailed(webinar, Status.PUBLISHED):
        return
    for person in _registrations(webinar, ON_THE_WAY):
        enqueue(
            "webinars.send_request",
            f"{person.id}:{webinar.id}.{sequence}",
            registration_id=person.id,
            before=dict(before),
            is_restored=is_restored,
        )


def cancel_everybody(webinar: Webinar) -> None:
    """Queue one CANCEL for each person with a seat, one plain mail for each who waits."""
    for person in _registrations(webinar, ON_THE_WAY):
        key = f"{person.id}:{webinar.id}.{webinar.sequence}"
        enqueue("webinars.send_cancel", key, registration_id=person.id)
    for person in _registrations(webinar, IN_LINE):
        key = f"{person.id}:{_moment(webinar.cancelled_at)}"
        enqueue("webinars.send_not_held", key, registration_id=person.id)


def postpone_everybody(webinar: Webinar) -> None:
    """Queue one CANCEL for each person with a seat; who waits for one hears of the new date."""
    for person in _registrations(webinar, ON_THE_WAY):
        key = f"{person.id}:{webinar.id}.{webinar.sequence}"
        enqueue("webinars.send_cancel", key, registration_id=person.id)


def last_sequence(registration: Registration, webinar: Webinar) -> int:
    """The SEQUENCE this person's calendar has; for the same invitation once more."""
    known = registration.ics_last_sequence
    return webinar.sequence if known is None else known


def next_sequence(registration: Registration, webinar: Webinar) -> int:
    """The SEQUENCE of the next mail to this person: above all that he or she was sent."""
    if registration.ics_last_sequence is None:
        return webinar.sequence
    return max(webinar.sequence, registration.ics_last_sequence + 1)


def is_told(registration: Registration, webinar: Webinar) -> bool:
    """Whether this person's calendar already has the webinar as it is now."""
    if registration.ics_last_method != "REQUEST" or registration.ics_last_sent_at is None:
        return False
    return webinar.changed_at is None or registration.ics_last_sent_at > webinar.changed_at


def note_sent(registration: Registration, method: str, sequence: int) -> None:
    registration.ics_last_method = method
    registration.ics_last_sequence = sequence
    registration.ics_last_sent_at = utcnow()


def _raise_sequence(webinar: Webinar) -> None:
    """Flushes first: the row lock makes `changed_at` later than any mail with the old facts."""
    db.session.flush()
    db.session.execute(locked(select(Webinar).where(Webinar.id == webinar.id)))
    webinar.sequence += 1
    webinar.changed_at = utcnow()


def _untold(webinar: Webinar) -> dict[str, Any]:
    """What was before changes that still wait to be mailed; theirs is the older past."""
    key = f"webinars.tell_change:{webinar.id}:{webinar.sequence}"
    waiting = db.session.scalar(
        select(Job).where(Job.key == key, Job.state == JobState.READY, Job.run_at > utcnow())
    )
    return dict(waiting.payload["before"]) if waiting else {}


def _can_be_mailed(webinar: Webinar, status: Status) -> bool:
    return webinar.status == status and webinar.ends_at is not None and webinar.ends_at > utcnow()


def _registrations(webinar: Webinar, states: list[RegistrationState]) -> list[Registration]:
    mine = select(Registration).where(Registration.webinar_id == webinar.id)
    return list(db.session.scalars(mine.where(Registration.state.in_(states))))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""
