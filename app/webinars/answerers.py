"""Whose answer it is: registrations and webinars by what stands in calendars and mails."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core.db import db
from app.core.enums import Visibility
from app.webinars.enums import Status
from app.webinars.models import Registration, Webinar, WebinarOrganiser
from app.webinars.phases import is_coming
from app.webinars.place_models import CounterProposal


def webinar_of_uid(uid: str) -> Webinar | None:
    """The webinar whose UID stands in a calendar; drafts are nobody's."""
    ours = select(Webinar).where(Webinar.uid == uid, Webinar.status != Status.DRAFT)
    return db.session.scalars(ours).one_or_none()


def webinar_by_id(webinar_id: int) -> Webinar | None:
    return db.session.scalars(select(Webinar).where(Webinar.id == webinar_id)).one_or_none()


def registration_numbered(registration_id: int) -> Registration | None:
    mine = select(Registration).where(Registration.id == registration_id)
    return db.session.scalars(mine.options(joinedload(Registration.webinar))).one_or_none()


def registration_at(webinar: Webinar, addresses: Collection[str]) -> Registration | None:
    """The registration of a person, however their address is spelt."""
    mine = select(Registration).where(
        Registration.webinar_id == webinar.id, Registration.email.in_(addresses)
    )
    return db.session.scalars(mine.order_by(Registration.id).limit(1)).first()


def latest_mailed(addresses: Collection[str], since: datetime) -> Registration | None:
    """What a person most likely writes about: the webinar they last got a mail of."""
    mailed = select(Registration).where(
        Registration.email.in_(addresses), Registration.last_mailed_at > since
    )
    latest = mailed.order_by(Registration.last_mailed_at.desc(), Registration.id.desc())
    return db.session.scalars(latest.limit(1)).first()


def organisers_of(webinar: Webinar) -> list[User]:
    """Who reads what people write about this webinar."""
    seated = select(WebinarOrganiser).where(WebinarOrganiser.webinar_id == webinar.id)
    rows = db.session.scalars(seated.options(joinedload(WebinarOrganiser.user)))
    return [row.user for row in rows if row.user.active]


def is_open_to_all(webinar: Webinar, now: datetime) -> bool:
    """Whether a stranger may learn where to register."""
    return (
        webinar.visibility == Visibility.PUBLIC
        and is_coming(webinar, now)
        and not webinar.is_template
    )


def proposal_by_id(proposal_id: int) -> CounterProposal | None:
    mine = select(CounterProposal).where(CounterProposal.id == proposal_id)
    return db.session.scalars(mine).one_or_none()
