"""Speakers as their own links, the organisers and those who came may read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.files.models import StoredFile
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.queries import organised_ids

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


def slides_for(registration: Registration) -> Sequence[StoredFile]:
    """What speakers share with whoever holds a seat, from the start on."""
    if registration.state != RegistrationState.CONFIRMED:
        return []
    mine = _slides(StoredFile).where(Webinar.id == registration.webinar_id, _is_shared())
    return db.session.scalars(mine).all()


def slides_readable_by(viewer: User | None, token: str) -> Select[int]:
    """Ids of the slides that this person, or whoever has this personal link, may open."""
    token = token if LINK.fullmatch(token) else ""
    by_link = Speaker.token == token if token else false()
    by_seat = and_(Webinar.id.in_(_seats_of(viewer, token)), _is_shared())
    return _slides(Speaker.slides_id).where(or_(by_link, by_seat, _is_managed_by(viewer)))


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


def _seats_of(viewer: User | None, token: str) -> Select[int]:
    """Webinars at which the viewer, or whoever the token belongs to, has a seat."""
    mine = Registration.user_id == viewer.id if viewer is not None else false()
    named = Registration.token == token if token else false()
    is_seated = Registration.state == RegistrationState.CONFIRMED
    return select(Registration.webinar_id).where(or_(mine, named), is_seated)


def _is_managed_by(viewer: User | None) -> ColumnElement[bool]:
    """The answer of `permissions.can_manage`."""
    if viewer is None or not viewer.is_approved:
        return false()
    return true() if viewer.role == SiteRole.ADMIN else Webinar.id.in_(organised_ids(viewer))
