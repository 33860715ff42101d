"""Which webinars a viewer may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.directory import city_people_ids
from app.accounts.models import User
from app.accounts.queries import open_to
from app.core.db import db
from app.topics.models import Topic
from app.topics.queries import topics_readable_by
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar, WebinarOrganiser

TOLD = {RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.ON_HOLD}


def webinars_visible_to(viewer: User | None) -> Select[Webinar]:
    """Published ones (also postponed, cancelled, archived) open to the viewer; drafts of theirs.

    A webinar in a topic that the viewer cannot read does not exist for them. Templates and what
    was thrown away are in no list.
    """
    shown = and_(Webinar.status != Status.DRAFT, audience(viewer))
    if viewer is None or not viewer.is_approved:
        return select(Webinar).where(shown)
    own = and_(Webinar.id.in_(organised_ids(viewer)), _is_kept(), ~Webinar.is_template)
    return select(Webinar).where(or_(shown, own))


def audience(viewer: User | None) -> ColumnElement[bool]:
    """Whether a webinar is meant for this viewer, published or not."""
    open_to_viewer = open_to(viewer, Webinar.visibility, Webinar.group_id)
    return and_(open_to_viewer, _in_readable_topic(viewer))


def one_webinar(viewer: User | None, webinar_id: int) -> Select[Webinar]:
    """A single webinar with all that its page shows."""
    organisers = selectinload(Webinar.organisers).joinedload(WebinarOrganiser.user)
    return webinar_to_read(viewer, webinar_id).options(organisers)


def webinar_to_read(viewer: User | None, webinar_id: int) -> Select[Webinar]:
    """The same without its organisers, for whoever is known not to be one."""
    return (
        webinars_visible_to(viewer)
        .where(Webinar.id == webinar_id)
        .options(
            joinedload(Webinar.topic),
            selectinload(Webinar.agenda),
            selectinload(Webinar.speakers),
        )
    )


def one_template(viewer: User, webinar_id: int) -> Select[Webinar]:
    return templates_of(viewer).where(Webinar.id == webinar_id)


def templates_of(viewer: User) -> Select[Webinar]:
    """What the viewer makes webinars from."""
    own = Webinar.id.in_(organised_ids(viewer))
    return (
        select(Webinar)
        .where(own, Webinar.is_template, _is_kept())
        .order_by(Webinar.title, Webinar.id)
    )


def one_discarded(viewer: User, webinar_id: int) -> Select[Webinar]:
    """A draft that the viewer, or who organises it too, threw away."""
    own = Webinar.id.in_(organised_ids(viewer))
    return select(Webinar).where(Webinar.id == webinar_id, own, ~_is_kept())


def own_by_uid(viewer: User, uid: str) -> Webinar | None:
    """A webinar that the viewer made from the same form a moment ago."""
    mine = select(Webinar).where(Webinar.uid == uid, Webinar.id.in_(organised_ids(viewer)))
    return db.session.scalars(mine).first()


def sessions_visible_to(viewer: User | None, series_id: int) -> Select[Webinar]:
    """A series exists for whoever sees one of its sessions."""
    return (
        webinars_visible_to(viewer)
        .where(Webinar.series_id == series_id)
        .options(joinedload(Webinar.series), selectinload(Webinar.organisers))
        .order_by(Webinar.sorts_at, Webinar.id)
    )


def upcoming(viewer: User | None, now: Any) -> Select[Webinar]:
    """What has not ended, the soonest first; cancelled ones stay until their hour."""
    ahead = _listed(viewer).where(Webinar.ends_at > now, Webinar.ended_at.is_(None))
    return ahead.order_by(Webinar.sorts_at, Webinar.id)


def past(viewer: User | None, now: Any) -> Select[Webinar]:
    """What has ended, the latest first. Those of an unknown day close their year."""
    return (
        _listed(viewer)
        .where(
            or_(Webinar.ends_at.is_(None), Webinar.ends_at <= now, Webinar.ended_at.is_not(None))
        )
        .order_by(Webinar.sorts_at.desc(), Webinar.id.desc())
    )


def organised_by(viewer: User) -> Select[Webinar]:
    return (
        select(Webinar)
        .where(Webinar.id.in_(organised_ids(viewer)), _is_kept(), ~Webinar.is_template)
        .order_by(Webinar.sorts_at, Webinar.id)
    )


def drafts_of(viewer: User) -> Select[Webinar]:
    return organised_by(viewer).where(Webinar.status == Status.DRAFT)


def registered(webinars: Select[Webinar], viewer: User) -> Select[Webinar]:
    """Those of them for which the viewer holds, or waits for, a place."""
    places = select(Registration.webinar_id).where(
        Registration.user_id == viewer.id,
        Registration.state.not_in(
            [RegistrationState.CANCELLED, RegistrationState.REJECTED, RegistrationState.EXPIRED]
        ),
    )
    return webinars.where(Webinar.id.in_(places))


def webinars_by_city(viewer: User | None, city_id: Any, day: Any) -> Select[Webinar]:
    """Those that people of a city organise, the latest first."""
    hosted = select(WebinarOrganiser.webinar_id).where(
        WebinarOrganiser.user_id.in_(city_people_ids(city_id, day))
    )
    return (
        _listed(viewer)
        .where(Webinar.id.in_(hosted))
        .order_by(Webinar.sorts_at.desc(), Webinar.id.desc())
    )


def webinars_for_indexing() -> Select[Webinar]:
    """Every webinar, for the search index, which asks for visibility when it answers."""
    return select(Webinar).options(
        joinedload(Webinar.topic), selectinload(Webinar.agenda), selectinload(Webinar.speakers)
    )


def ended_before(moment: Any) -> Select[int]:
    return select(Webinar.id).where(Webinar.ends_at < moment)


def held_between(start: Any, end: Any) -> Select[Webinar]:
    """What took place and ended in this stretch of time."""
    in_it = Webinar.ends_at > start, Webinar.ends_at <= end
    return select(Webinar).where(Webinar.status == Status.PUBLISHED, *in_it).order_by(Webinar.id)


def without_an_hour() -> Select[int]:
    """What takes place nowhen for now: postponed, called off, of an unknown day."""
    unknown = or_(Webinar.ends_at.is_(None), Webinar.status != Status.PUBLISHED)
    return select(Webinar.id).where(unknown)


def visible_webinar_ids(viewer: User | None) -> Select[int]:
    return webinars_visible_to(viewer).with_only_columns(Webinar.id)


def webinar_is_visible(viewer: User, webinar_id: int) -> bool:
    found = visible_webinar_ids(viewer).where(Webinar.id == webinar_id)
    return db.session.scalar(found.limit(1)) is not None


def webinar_to_tell_of(webinar_id: int, now: Any) -> Select[Webinar]:
    """For work queued by somebody who saw it: the webinar, while people may still register."""
    is_open = and_(Webinar.status == Status.PUBLISHED, Webinar.ends_at > now)
    found = select(Webinar).where(Webinar.id == webinar_id, is_open)
    return found.options(joinedload(Webinar.topic), selectinload(Webinar.organisers))


def people_to_tell(webinar: Webinar) -> int:
    """How many people hear of a change of time."""
    told = select(func.count()).where(
        Registration.webinar_id == webinar.id, Registration.state.in_(TOLD)
    )
    return db.session.scalar(told) or 0


def _listed(viewer: User | None) -> Select[Webinar]:
    return webinars_visible_to(viewer).where(Webinar.status != Status.DRAFT)


def _is_kept() -> ColumnElement[bool]:
    return Webinar.deleted_at.is_(None)


def _in_readable_topic(viewer: User | None) -> ColumnElement[bool]:
    readable = topics_readable_by(viewer).with_only_columns(Topic.id)
    return or_(Webinar.topic_id.is_(None), Webinar.topic_id.in_(readable))


def took_part(viewer: User, webinar_id: Any) -> ColumnElement[bool]:
    """Whether a person has a place, with the account or with its address, or speaks."""
    address = select(func.lower(User.email)).where(User.id == viewer.id).scalar_subquery()
    placed = exists().where(
        Registration.webinar_id == webinar_id,
        Registration.state == RegistrationState.CONFIRMED,
        or_(Registration.user_id == viewer.id, Registration.email == address),
    )
    speaks = exists().where(
        Speaker.webinar_id == webinar_id,
        Speaker.user_id == viewer.id,
        Speaker.state != SpeakerState.DECLINED,
    )
    return or_(placed, speaks)


def organised_ids(viewer: User) -> Select[int]:
    return select(WebinarOrganiser.webinar_id).where(WebinarOrganiser.user_id == viewer.id)


def topics_with_webinars() -> set[int]:
    return {topic for topic in db.session.scalars(select(Webinar.topic_id).distinct()) if topic}


def groups_with_webinars() -> set[int]:
    return {group for group in db.session.scalars(select(Webinar.group_id).distinct()) if group}
