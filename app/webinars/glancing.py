"""What decides how a webinar's page looks for one reader, in one prepared statement.

No text is read here: parts of the page that were made before are found by these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, String, bindparam, exists, false, null, or_, select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.generations import generation_columns
from app.core.prepared import Prepared
from app.webinars import keeping
from app.webinars.enums import Phase, Recording, RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar, WebinarOrganiser
from app.webinars.phases import phase
from app.webinars.place_models import RegistrationQuestion
from app.webinars.queries import webinars_visible_to
from app.webinars.speakers import SEATED

NAMED = ("webinars", "topics", "network", "notes", "live")
"""Whatever else the page shows, seats and counts too, changes with one of these."""


@dataclass(frozen=True)
class Glance:
    """`place` tells apart the readers' own registrations: None without one."""

    id: int
    title: str
    host_label: str
    status: Status
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    is_organiser: bool
    speaks: bool
    recording: Recording
    has_questions: bool
    capacity: int | None
    kept_per_city: int | None
    kept_until: datetime | None
    place: tuple[int, RegistrationState] | None
    generations: tuple[int, ...]

    def phase(self, now: datetime) -> Phase:
        return phase(cast(Webinar, self), now)

    def keeps_seats(self) -> bool:
        """Whether seats are kept for cities now: it ends by the clock."""
        return keeping.is_on(cast(Webinar, self))

    def is_inside(self, viewer: User | None) -> bool:
        """Whether the reader has a seat, speaks or organises: some things are only for them."""
        is_seated = self.place is not None and self.place[1] in SEATED
        return is_seated or self.speaks or self.can_manage(viewer)

    def can_manage(self, viewer: User | None) -> bool:
        """The answer of `permissions.can_manage`."""
        if viewer is None or not viewer.is_approved:
            return False
        return viewer.role == SiteRole.ADMIN or self.is_organiser


def glance_at(viewer: User | None, webinar_id: int) -> Glance | None:
    """None when the webinar is not the viewer's to see."""
    values: dict[str, Any] = {"webinar_id": webinar_id, **reader_values(viewer)}
    if viewer is not None:
        values["reader_email"] = viewer.email.lower()
    row = _glance.first((kind_of(viewer),), **values)
    if row is None:
        return None
    facts: Any = row[:14]
    own_id, own_state = row[14:16]
    place = None if own_id is None else (own_id, own_state)
    return Glance(*cast(Any, (*facts, place, tuple(row[16:]))))


@Prepared
def _glance(viewer: User | None) -> Select[Any]:
    own_id = _own_registration(viewer)
    return (
        webinars_visible_to(viewer)
        .outerjoin(Registration, Registration.id == own_id)
        .with_only_columns(
            *(Webinar.id, Webinar.title, Webinar.host_label, Webinar.status),
            *(
                Webinar.starts_at,
                Webinar.ends_at,
                Webinar.ended_at,
                _organises(viewer),
                _speaks(viewer),
            ),
            *(Webinar.recording, _asks()),
            *(Webinar.capacity, Webinar.kept_per_city, Webinar.kept_until),
            *(Registration.id, Registration.state, *generation_columns(*NAMED)),
            maintain_column_froms=True,
        )
        .where(Webinar.id == bindparam("webinar_id", type_=Integer))
    )


def _own_registration(viewer: User | None) -> Any:
    """The choice of `attending.registration_of`."""
    if viewer is None:
        return null()
    email = bindparam("reader_email", type_=String)
    return (
        select(Registration.id)
        .where(Registration.webinar_id == Webinar.id)
        .where(or_(Registration.user_id == viewer.id, Registration.email == email))
        .order_by(Registration.user_id.is_(None))
        .limit(1)
        .correlate(Webinar)
        .scalar_subquery()
    )


def _organises(viewer: User | None) -> Any:
    if viewer is None:
        return false()
    return exists().where(
        WebinarOrganiser.webinar_id == Webinar.id, WebinarOrganiser.user_id == viewer.id
    )


def _speaks(viewer: User | None) -> Any:
    if viewer is None:
        return false()
    return exists().where(
        Speaker.webinar_id == Webinar.id,
        Speaker.user_id == viewer.id,
        Speaker.state != SpeakerState.DECLINED,
    )


def _asks() -> Any:
    """Whether its organisers ask something of their own."""
    asked = exists().where(RegistrationQuestion.webinar_id == Webinar.id)
    return asked.where(RegistrationQuestion.ended_at.is_(None))
