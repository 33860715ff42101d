"""Whether a poll of the live part has news: what decides it, in one prepared statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    null,
    or_,
    select,
)

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.prepared import Prepared
from app.live.joining import Entrance, entrance_of
from app.live.models import JoinDevice, LiveState
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar, WebinarOrganiser
from app.webinars.queries import webinars_visible_to


@dataclass(frozen=True)
class Look:
    """A webinar now, and what somebody is to it. `held` is the device of a guest's link."""

    id: int
    status: Status
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    capacity: int | None
    version: int
    revision: int
    registration_id: int | None
    owner_id: int | None
    state: RegistrationState | None
    held: str | None
    came_by_link: bool
    organises: bool
    speaks: bool
    owner_is_member: bool

    def entrance(self, viewer: User | None) -> Entrance:
        return entrance_of(self, self.state, is_host=self.manages(viewer) or self.speaks)

    def manages(self, viewer: User | None) -> bool:
        if viewer is None or not viewer.is_approved:
            return False
        return self.organises or viewer.role == SiteRole.ADMIN

    def is_member(self, viewer: User | None) -> bool:
        """Whether whoever counts reads as an approved member."""
        if self.came_by_link:
            return self.owner_is_member
        return viewer is not None and viewer.is_approved

    def user_id(self, viewer: User | None) -> int | None:
        """As whom a vote counts: a link is its registration's, whoever is signed in."""
        if self.came_by_link:
            return self.owner_id
        return viewer.id if viewer else None


def look(webinar_id: int, viewer: User | None, token: str) -> Look | None:
    """None: there is no such webinar."""
    values: dict[str, Any] = {"webinar_id": webinar_id}
    if viewer is not None:
        values |= {"viewer_id": viewer.id, "email": viewer.email.lower()}
    if token:
        values["token"] = token
    row = _look.first((viewer is not None, bool(token)), **values)
    if row is None:
        return None
    columns: Any = row[:12]
    return Look(*columns, *map(bool, row[12:]))


def is_visible(webinar_id: int, viewer: User | None) -> bool:
    """Whether the viewer may see it without any link."""
    kind = (kind_of(viewer),)
    return _visible.first(kind, webinar_id=webinar_id, **reader_values(viewer)) is not None


@Prepared
def _visible(viewer: User | None) -> Select[int]:
    seen = webinars_visible_to(viewer).with_only_columns(Webinar.id)
    return seen.where(Webinar.id == bindparam("webinar_id", type_=Integer))


@Prepared
def _look(by_account: bool, by_link: bool) -> Any:
    return (
        select(
            *(Webinar.id, Webinar.status, Webinar.starts_at, Webinar.ends_at, Webinar.ended_at),
            *(Webinar.capacity, Webinar.lock_version, func.coalesce(LiveState.revision, 0)),
            *(Registration.id, Registration.user_id, Registration.state),
            JoinDevice.key_hash,
            Registration.token == bindparam("token", type_=String) if by_link else false(),
            *(_organises(by_account), _speaks(by_account, by_link)),
            and_(User.active, User.approved_at.is_not(None)),
        )
        .select_from(Webinar)
        .outerjoin(LiveState, LiveState.webinar_id == Webinar.id)
        .outerjoin(Registration, Registration.id == _own_registration(by_account, by_link))
        .outerjoin(User, User.id == Registration.user_id)
        .outerjoin(JoinDevice, JoinDevice.registration_id == Registration.id)
        .where(Webinar.id == bindparam("webinar_id", type_=Integer))
    )


def _own_registration(by_account: bool, by_link: bool) -> Any:
    """The link's if it is one, else the account's, as `attending.registration_of` chooses."""
    ways: list[Any] = []
    order: list[Any] = []
    if by_link:
        is_linked = Registration.token == bindparam("token", type_=String)
        ways.append(is_linked)
        order.append(is_linked.desc())
    if by_account:
        ways.append(Registration.user_id == bindparam("viewer_id", type_=Integer))
        ways.append(Registration.email == bindparam("email", type_=String))
        order.append(Registration.user_id.is_(None))
    if not ways:
        return null()
    here = select(Registration.id).where(Registration.webinar_id == Webinar.id, or_(*ways))
    return here.order_by(*order).limit(1).correlate(Webinar).scalar_subquery()


def _organises(by_account: bool) -> Any:
    if not by_account:
        return false()
    return exists().where(
        WebinarOrganiser.webinar_id == Webinar.id,
        WebinarOrganiser.user_id == bindparam("viewer_id", type_=Integer),
    )


def _speaks(by_account: bool, by_link: bool) -> Any:
    ways: list[Any] = []
    if by_account:
        ways.append(Speaker.user_id == bindparam("viewer_id", type_=Integer))
    if by_link:
        ways.append(Speaker.token == bindparam("token", type_=String))
    if not ways:
        return false()
    is_here = Speaker.webinar_id == Webinar.id
    return exists().where(is_here, Speaker.state != SpeakerState.DECLINED, or_(*ways))
