"""Speakers as their own links, the organisers and those who came may read them."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Attribution
from app.files.models import StoredFile
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.queries import organised_ids
from app.webinars.speakers import SEATED

LINK = re.compile(r"[A-Za-z0-9_-]{16,64}")


def one_speaker(token: str) -> Select[Speaker]:
    """The speaker a personal link opens."""
    return (
        select(Speaker)
        .where(Speaker.token == token)
        .options(joinedload(Speaker.webinar), joinedload(Speaker.slides))
    )


def speaker_at(webinar: Webinar, speaker_id: int) -> Select[Speaker]:
    here = Speaker.webinar_id == webinar.id
    return select(Speaker).where(here, Speaker.id == speaker_id)


def speakers_at(webinar: Webinar) -> Select[Speaker]:
    """All of them with their slides, for the organisers."""
    rows = select(Speaker).where(Speaker.webinar_id == webinar.id)
    return rows.options(joinedload(Speaker.slides)).order_by(Speaker.position, Speaker.id)


def named_participants(webinar: Webinar, *, is_member: bool) -> list[str]:
    """Who had a seat and agreed to be named, as far as this kind of reader may know.

    Nobody in Chatham House; inside the network only members read names, and whoever registered
    without account is named to nobody else.
    """
    is_closed = webinar.attribution is Attribution.NETWORK and not is_member
    if webinar.attribution is Attribution.CHATHAM_HOUSE or is_closed:
        return []
    rows = select(Registration.name).where(
        Registration.webinar_id == webinar.id,
        Registration.state == RegistrationState.CONFIRMED,
        Registration.is_listed,
        true() if is_member else Registration.user_id.is_not(None),
    )
    return list(db.session.scalars(rows.order_by(Registration.name, Registration.id)))


def slides_readable_by(viewer: User | None, token: str) -> Select[int]:
    """Ids of the slides that this person, or whoever has this personal link, may open."""
    token = token if LINK.fullmatch(token) else ""
    by_link = Speaker.token == token if token else false()
    by_seat = and_(Webinar.id.in_(_seats_of(viewer, token)), _is_shared())
    return _slides(Speaker.slides_id).where(or_(by_link, by_seat, is_managed_by(viewer)))


def _slides(what: Any) -> Select[Any]:
    return (
        select(what)
        .select_from(StoredFile)
        .join(Speaker, Speaker.slides_id == StoredFile.id)
        .join(Webinar, Webinar.id == Speaker.webinar_id)
        .order_by(Speaker.position, Speaker.id)
    )


def _is_shared() -> ColumnElement[bool]:
    return and_(
        Speaker.shares_slides,
        Speaker.state != SpeakerState.DECLINED,
        Webinar.status.in_([Status.PUBLISHED, Status.ARCHIVED]),
        Webinar.starts_at <= utcnow(),
    )


def is_inside(viewer: User | None, token: str) -> ColumnElement[bool]:
    """Webinars at which the viewer, or whoever has this personal link, has a seat or speaks."""
    token = token if LINK.fullmatch(token) else ""
    speaking = select(Speaker.webinar_id).where(
        or_(
            Speaker.user_id == viewer.id if viewer is not None else false(),
            Speaker.token == token if token else false(),
        ),
        Speaker.state != SpeakerState.DECLINED,
    )
    return or_(Webinar.id.in_(_seats_of(viewer, token)), Webinar.id.in_(speaking))


def _seats_of(viewer: User | None, token: str) -> Select[int]:
    """Webinars at which the viewer, or whoever the token belongs to, has a seat."""
    mine = _is_seat_of(viewer) if viewer is not None else false()
    named = Registration.token == token if token else false()
    return select(Registration.webinar_id).where(or_(mine, named), Registration.state.in_(SEATED))


def _is_seat_of(viewer: User) -> ColumnElement[bool]:
    """With the account, or with its address before: `attending.registration_of`."""
    by_address = Registration.email == viewer.email.lower()
    return or_(Registration.user_id == viewer.id, by_address)


def is_managed_by(viewer: User | None) -> ColumnElement[bool]:
    """The answer of `permissions.can_manage`."""
    if viewer is None or not viewer.is_approved:
        return false()
    return true() if viewer.role == SiteRole.ADMIN else Webinar.id.in_(organised_ids(viewer))
