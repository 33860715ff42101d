"""Mails that come by the clock (spec/webinars 6.3).

For each kind a round is queued with the webinar: shortly before the first of them is due it looks
who gets one and queues these. So whoever registers early costs nothing, and each round sees how
things stand. Rounds and mails look again at what they were queued for: a start that moved, a
webinar that is cancelled or on hold drops them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.webinars import mail_plan
from app.webinars.coming import has_come
from app.webinars.enums import RegistrationState, Status
from app.webinars.mail_plan import (
    QUIET_AFTER_MAIL,
    QUIET_KINDS,
    REGISTERED_BEFORE,
    Reminder,
    due,
    round_at,
)
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.speakers import speaks

__all__ = ["QUIET_AFTER_MAIL", "Reminder", "due"]

AT_ONCE = 500
AHEAD = timedelta(days=10)


def plan(webinar: Webinar) -> None:
    """Queue the rounds of a published webinar. Call it again when it moved or was restored."""
    webinar.armed_for = webinar.starts_at
    if webinar.starts_at is None or webinar.ends_at is None:
        return
    for kind in Reminder:
        if not mail_plan.is_too_late(kind, webinar.starts_at, utcnow()):
            enqueue(
                "webinars.remind",
                f"{webinar.id}:{kind}:{webinar.starts_at.isoformat()}:{webinar.lock_version}",
                run_at=round_at(kind, webinar.starts_at, webinar.ends_at),
                webinar_id=webinar.id,
                kind=kind.value,
                starts_at=webinar.starts_at.isoformat(),
                armed_at=utcnow().isoformat(),
            )


def plan_for(registration: Registration, webinar: Webinar) -> None:
    """Somebody got a seat after the round of a reminder that is still to come; twice is once."""
    if webinar.starts_at is None:
        return
    now = utcnow()
    had_its_round = webinar.starts_at - mail_plan.ROUND_BEFORE[Reminder.DAY] <= now
    if had_its_round and due(Reminder.DAY, webinar.starts_at, registration.timezone) > now:
        _queue(registration, webinar, Reminder.DAY)


def go_round(webinar: Webinar, kind: Reminder, armed_at: datetime, after_id: int = 0) -> int | None:
    """Queue the mail of each person who gets one. Return where to go on, None at the end.

    What would have been due before `armed_at` was never promised: the webinar moved since.
    """
    people = list(db.session.scalars(_seated(webinar, kind, after_id).limit(AT_ONCE)))
    for registration in people:
        if _due(kind, registration, webinar) >= armed_at:
            _queue(registration, webinar, kind)
    return people[-1].id if len(people) == AT_ONCE else None


def is_round_wanted(webinar: Webinar, kind: Reminder, starts_at: datetime) -> bool:
    """Whether a round planned for this start is still right."""
    if webinar.status != Status.PUBLISHED or webinar.starts_at != starts_at:
        return False
    return kind is not Reminder.LATE or webinar.tells_late


def still_wanted(registration: Registration, kind: Reminder, starts_at: datetime) -> bool:
    """Whether a mail planned for this start is still right to send now."""
    webinar, now = registration.webinar, utcnow()
    return (
        is_round_wanted(webinar, kind, starts_at)
        and registration.state == RegistrationState.CONFIRMED
        and registration.wants_reminders
        and not mail_plan.is_too_late(kind, starts_at, now)
        and not is_just_mailed(registration.last_mailed_at, kind)
        and _fits(kind, registration, webinar)
    )


def is_just_mailed(last_mailed_at: datetime | None, kind: Reminder) -> bool:
    if kind not in QUIET_KINDS or last_mailed_at is None:
        return False
    return utcnow() - last_mailed_at < QUIET_AFTER_MAIL


def stop(person: Registration | Speaker) -> None:
    """No more reminders of this webinar; what its calendar entry says still comes."""
    person.wants_reminders = False


def resume(person: Registration | Speaker) -> None:
    person.wants_reminders = True


def people_reminded(webinar: Webinar, after_id: int = 0) -> Sequence[Registration]:
    """Some hundred of those who have a place and want mail, for a round of another kind."""
    return db.session.scalars(_seated(webinar, Reminder.AFTER, after_id).limit(AT_ONCE)).all()


def wants_mail(registration: Registration) -> bool:
    return registration.state == RegistrationState.CONFIRMED and registration.wants_reminders


def quiet_until(registration: Registration) -> datetime | None:
    """When the next mail about the webinar may come; None: now."""
    if registration.last_mailed_at is None:
        return None
    until = registration.last_mailed_at + QUIET_AFTER_MAIL
    return until if until > utcnow() else None


def is_to_be_thanked(registration: Registration, webinar: Webinar) -> bool:
    """Whether the mail after the webinar is still to come: it says what is there by then."""
    return _due(Reminder.AFTER, registration, webinar) > utcnow()


def plan_forgotten() -> None:
    """Plan what is coming and was not planned for its start, whatever the reason."""
    now = utcnow()
    coming = and_(
        Webinar.status == Status.PUBLISHED, Webinar.ends_at > now, Webinar.starts_at < now + AHEAD
    )
    unarmed = or_(Webinar.armed_for.is_(None), Webinar.armed_for != Webinar.starts_at)
    for webinar in db.session.scalars(select(Webinar).where(coming, unarmed)):
        plan(webinar)


def _seated(webinar: Webinar, kind: Reminder, after_id: int) -> Select[Registration]:
    rows = (
        select(Registration)
        .where(
            Registration.webinar_id == webinar.id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.wants_reminders,
            Registration.id > after_id,
        )
        .order_by(Registration.id)
        .options(joinedload(Registration.city))
    )
    return rows.where(Registration.joined_at.is_(None)) if kind is Reminder.LATE else rows


def _queue(registration: Registration, webinar: Webinar, kind: Reminder) -> None:
    start = webinar.starts_at.isoformat() if webinar.starts_at else ""
    enqueue(
        "webinars.send_reminder",
        f"{registration.id}:{kind}:{start}:{webinar.lock_version}",
        run_at=_due(kind, registration, webinar),
        registration_id=registration.id,
        kind=kind.value,
        starts_at=start,
    )


def _due(kind: Reminder, registration: Registration, webinar: Webinar) -> datetime:
    starts_at = webinar.starts_at or utcnow()
    country = registration.city.country_code if registration.city else ""
    return due(kind, starts_at, registration.timezone, webinar.ends_at, country)


def _fits(kind: Reminder, registration: Registration, webinar: Webinar) -> bool:
    """What each kind asks besides. Who speaks gets the mails of speakers instead."""
    if kind is Reminder.WEEK:
        return _registered_early(registration, webinar)
    if kind is Reminder.LATE:
        return registration.joined_at is None and not speaks(registration, webinar)
    if kind is Reminder.AFTER:
        is_over = webinar.ends_at is not None and webinar.ends_at <= utcnow()
        return is_over and (has_come(registration) or not speaks(registration, webinar))
    return kind is not Reminder.HOUR or not speaks(registration, webinar)


def _registered_early(registration: Registration, webinar: Webinar) -> bool:
    seated_at = registration.confirmed_at or registration.created_at
    return webinar.starts_at is not None and webinar.starts_at - seated_at >= REGISTERED_BEFORE
