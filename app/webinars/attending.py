"""Registrations as the people they belong to, and the organisers, may read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import User
from app.core.db import db, locked
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.participants import PLACED
from app.webinars.queries import webinars_visible_to
from app.webinars.session_registering import sessions_to_come


def registration_of(viewer: User | None, webinar: Webinar) -> Registration | None:
    """The viewer's own registration, made with the account or with its address before."""
    if viewer is None:
        return None
    mine = select(Registration).where(
        Registration.webinar_id == webinar.id,
        or_(Registration.user_id == viewer.id, Registration.email == viewer.email.lower()),
    )
    return db.session.scalars(mine.order_by(Registration.user_id.is_(None)).limit(1)).first()


def one_registration(token: str) -> Select[Registration]:
    """The registration a personal link opens."""
    return (
        select(Registration)
        .where(Registration.token == token)
        .options(joinedload(Registration.webinar))
    )


def registration_by_id(registration_id: int) -> Select[Registration]:
    """For links that are signed."""
    return (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(joinedload(Registration.webinar))
    )


def account_of_registration(registration_id: Any) -> ScalarSelect[Any]:
    """For statements of other domains: whose account the registration of this column is."""
    theirs = aliased(Registration)
    found = select(theirs.user_id).where(theirs.id == registration_id)
    return found.scalar_subquery()


def registration_held(registration_id: int) -> Registration:
    """With its row locked; callers hold the webinar's lock before."""
    mine = select(Registration).where(Registration.id == registration_id)
    return db.session.scalars(locked(mine)).one()


def other_sessions(registration: Registration) -> Sequence[Webinar]:
    """Of its series, what the person can still register for and did not yet."""
    if registration.webinar.series_id is None:
        return []
    mine = select(Registration.webinar_id).where(
        Registration.email == registration.email, Registration.state.in_(PLACED)
    )
    coming = sessions_to_come(registration.webinar.series_id, registration.user)
    sessions = db.session.scalars(coming).all()
    taken = set(db.session.scalars(mine)) if sessions else set()
    return [session for session in sessions if session.id not in taken]


def webinar_to_join(viewer: User | None, webinar_id: int, token: str) -> Select[Webinar]:
    """What the viewer may see, and what a personal link was made for."""
    seen = webinars_visible_to(viewer).with_only_columns(Webinar.id)
    invited = select(Registration.webinar_id).where(Registration.token == token)
    speaking = select(Speaker.webinar_id).where(Speaker.token == token)
    linked = or_(Webinar.id.in_(invited), Webinar.id.in_(speaking)) & (
        Webinar.status != Status.DRAFT
    )
    return select(Webinar).where(Webinar.id == webinar_id, or_(Webinar.id.in_(seen), linked))


def speaker_of(viewer: User | None, webinar: Webinar, token: str) -> Speaker | None:
    """Who speaks here: by account, or by the personal link."""
    speakers = webinar.speakers
    by_account = [s for s in speakers if viewer is not None and s.user_id == viewer.id]
    return next(iter(by_account or [s for s in speakers if token and s.token == token]), None)


def speaker_by_id(speaker_id: int) -> Select[Speaker]:
    """For work that was queued."""
    return select(Speaker).where(Speaker.id == speaker_id)


def registrations_at(webinar: Webinar) -> Select[Registration]:
    """Everybody, in the order of registering; who never confirmed the address is left out."""
    unproven = [RegistrationState.PENDING_EMAIL, RegistrationState.EXPIRED]
    return (
        select(Registration)
        .where(Registration.webinar_id == webinar.id, Registration.state.not_in(unproven))
        .options(joinedload(Registration.city))
        .order_by(Registration.queued_at, Registration.id)
    )


def registrations_by_ids(webinar_id: int, ids: Collection[int]) -> Select[Registration]:
    """Those of one webinar, in the order in which everybody locks them."""
    here = (Registration.webinar_id == webinar_id) & Registration.id.in_(ids)
    return select(Registration).where(here).order_by(Registration.id)


def counts_by_state(webinar: Webinar) -> dict[RegistrationState, int]:
    rows = (
        select(Registration.state, func.count())
        .where(Registration.webinar_id == webinar.id)
        .group_by(Registration.state)
    )
    return {row.state: row[1] for row in db.session.execute(rows)}
