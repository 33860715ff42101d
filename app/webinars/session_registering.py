"""Registering for a whole series: one registration for each session to come (spec/calendar 2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.webinars import registering
from app.webinars.enums import RegistrationState, Status
from app.webinars.errors import RegistrationClosed
from app.webinars.models import Registration, Webinar
from app.webinars.participants import (
    PLACED,
    Answers,
    Person,
    fill,
    keep_answers,
    reload,
    row_of,
    stays_out,
)
from app.webinars.phases import is_coming
from app.webinars.queries import webinars_visible_to

INVITED_AT_ONCE = 2
INVITED_BEFORE = timedelta(days=14)


def register_for_series(series_id: int, person: Person, answers: Answers) -> list[Registration]:
    """A place at each session to come that the person may see; one mail lists them all.

    Raise RegistrationClosed when there is none. Twice is once.
    """
    rows, fresh = _rows(_held(_sessions(series_id, person)), person, answers)
    _place_all(rows, fresh)
    return [registration for _, registration in rows]


def ask_for_series(series_id: int, person: Person, answers: Answers, source: str) -> None:
    """The same for a guest: one mail with one link that confirms the address for all sessions."""
    registering.count_try(source)
    rows, fresh = _rows(_held(_sessions(series_id, person)), person, answers)
    now = utcnow()
    for webinar, registration in rows:
        if registration in fresh:
            registering.await_proof(webinar, registration, now)
    if fresh:
        registering.mail("webinars.send_confirm_link", fresh[0])
    else:
        registering.mail("webinars.send_own_link", rows[0][1])


def confirm_addresses(registration: Registration) -> list[Registration]:
    """The address is proven: settle the session of the link and all asked for with it."""
    together = asked_together(registration)
    if len(together) < 2:
        registering.confirm_address(registration)
        return [registration]
    held = {webinar.id: webinar for webinar in _held([row.webinar_id for row in together])}
    rows = [(held[row.webinar_id], row) for row in together if row.webinar_id in held]
    for _, row in rows:
        reload(row)
    _place_all(rows, [row for _, row in rows if row.state == RegistrationState.PENDING_EMAIL])
    return together


def asked_together(registration: Registration) -> list[Registration]:
    """What the same address asked for at the same moment, the soonest session first."""
    series_id = registration.webinar.series_id
    if series_id is None or registration.state != RegistrationState.PENDING_EMAIL:
        return []
    together = (
        select(Registration)
        .join(Registration.webinar)
        .where(
            Webinar.series_id == series_id,
            Registration.email == registration.email,
            Registration.queued_at == registration.queued_at,
            Registration.state == RegistrationState.PENDING_EMAIL,
        )
    )
    return list(db.session.scalars(together.order_by(Webinar.starts_at, Webinar.id)))


def sessions_to_come(series_id: int, viewer: User | None) -> Select[Webinar]:
    """What "the whole series" is for this viewer now, the soonest first."""
    return (
        webinars_visible_to(viewer)
        .where(
            Webinar.series_id == series_id,
            Webinar.status == Status.PUBLISHED,
            Webinar.starts_at > utcnow(),
        )
        .order_by(Webinar.starts_at, Webinar.id)
    )


def _rows(
    webinars: Sequence[Webinar], person: Person, answers: Answers
) -> tuple[list[tuple[Webinar, Registration]], list[Registration]]:
    """The person's row at each session, and those of them that say now what the form says."""
    rows: list[tuple[Webinar, Registration]] = []
    fresh: list[Registration] = []
    for webinar in webinars:
        registration = row_of(webinar, person.email)
        rows.append((webinar, registration))
        if registration.state not in PLACED and not stays_out(registration):
            _write_down(registration, person, answers)
            fresh.append(registration)
    return rows, fresh


def _write_down(registration: Registration, person: Person, answers: Answers) -> None:
    is_new = registration.id is None
    fill(registration, person, answers)
    db.session.flush()
    keep_answers(registration, answers, is_new=is_new)


def _sessions(series_id: int, person: Person) -> list[int]:
    """Which ones the person may see: as the member they are, or as any visitor."""
    member = users_by_ids([person.user_id]).get(person.user_id) if person.user_id else None
    ids = sessions_to_come(series_id, member).with_only_columns(Webinar.id)
    return list(db.session.scalars(ids))


def _held(ids: Sequence[int]) -> list[Webinar]:
    """All of them locked, always in the same order; then the soonest first."""
    rows = locked(select(Webinar).where(Webinar.id.in_(ids)).order_by(Webinar.id))
    coming = [webinar for webinar in db.session.scalars(rows) if is_coming(webinar, utcnow())]
    if not coming:
        raise RegistrationClosed
    return sorted(coming, key=lambda webinar: (webinar.sorts_at, webinar.id))


def _place_all(rows: Sequence[tuple[Webinar, Registration]], fresh: Sequence[Registration]) -> None:
    """The first sessions are invited to at once, the others two weeks before each."""
    now = utcnow()
    for number, (webinar, registration) in enumerate(rows):
        if registration in fresh:
            registration.queued_at = now
            at = None if number < INVITED_AT_ONCE else _invited_at(webinar, now)
            registering.place(webinar, registration, invited_at=at, is_told=True)
    if fresh:
        ids = [registration.id for registration in fresh]
        enqueue("webinars.send_series", f"{ids[0]}:{now.isoformat()}", registration_ids=ids)


def _invited_at(webinar: Webinar, now: datetime) -> datetime | None:
    return max(now, webinar.starts_at - INVITED_BEFORE) if webinar.starts_at else None
