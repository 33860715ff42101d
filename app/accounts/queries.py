"""Who may read what, as far as people and groups decide it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.accounts.enums import SiteRole
from app.accounts.models import (
    Draft,
    Group,
    GroupMember,
    Seat,
    User,
)
from app.core.clock import UTCDateTime, utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.core.prepared import as_of_now
from app.core.slugs import NOTHING_LEFT, slugify

PRACTITIONERS = "practitioners"
"""The slug of the group whose layer of topics and notes is closed to everybody else."""

DRAFTS_LIVE = timedelta(days=180)
SET_ASIDE = "undo:"
"""In front of the context of a draft that was thrown away and can still be brought back."""


def group_ids_of(viewer: User) -> Select[int]:
    return select(GroupMember.group_id).where(GroupMember.user_id == viewer.id)


def group_ids_by_person(ids: Collection[int]) -> dict[int, set[int]]:
    """The groups of several people, in one statement."""
    rows = select(GroupMember.user_id, GroupMember.group_id).where(GroupMember.user_id.in_(ids))
    found: dict[int, set[int]] = {}
    for user_id, group_id in db.session.execute(rows):
        found.setdefault(user_id, set()).add(group_id)
    return found


def is_in_group(viewer: User, group_id: int) -> bool:
    found = group_ids_of(viewer).where(GroupMember.group_id == group_id)
    return db.session.scalar(found) is not None


def is_practitioner(viewer: User) -> bool:
    return bool(db.session.scalar(select(practises(viewer))))


def practises(viewer: User) -> ColumnElement[bool]:
    """`is_practitioner` as a condition of a statement."""
    found = select(Group.id).where(Group.slug == PRACTITIONERS, Group.id.in_(group_ids_of(viewer)))
    return found.correlate(None).exists()


def open_to(
    viewer: User | None,
    visibility: InstrumentedAttribute[Visibility],
    group_id: InstrumentedAttribute[Any],
) -> ColumnElement[bool]:
    """The condition under which a row with these two columns is the viewer's to read.

    Applicants read like visitors. Closed and hidden rows are read by their group alone.
    """
    if viewer is None or not viewer.is_approved:
        return visibility == Visibility.PUBLIC
    return or_(
        visibility.in_([Visibility.PUBLIC, Visibility.NETWORK]),
        group_id.in_(group_ids_of(viewer)),
    )


def nobody() -> ColumnElement[bool]:
    return false()


def person_by_email(email: str) -> User | None:
    """Addresses are stored in small letters."""
    return db.session.scalars(select(User).where(User.email == email.lower())).first()


def active_admins() -> Sequence[User]:
    """Who looks after the site."""
    admins = select(User).where(User.role == SiteRole.ADMIN, User.active)
    return db.session.scalars(admins.order_by(User.id)).all()


def one_user(user_id: int) -> Select[User]:
    return select(User).where(User.id == user_id)


def users_by_handles(handles: Iterable[str]) -> dict[str, User]:
    """Approved people by what follows @ in a mention, in one statement."""
    wanted = {handle.lower() for handle in handles}
    if not wanted:
        return {}
    found = db.session.scalars(
        select(User).where(User.handle.in_(wanted), User.approved_at.is_not(None), User.active)
    )
    return {user.handle: user for user in found}


def users_by_ids(ids: Iterable[int]) -> dict[int, User]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(wanted)))}


def users_among(ids: Select[int]) -> Select[User]:
    """People whose ids another domain's statement names, by name."""
    return select(User).where(User.id.in_(ids)).order_by(User.display_name, User.id)


def current_seat(user: User, on: date | None = None) -> Seat | None:
    """The seat a person speaks from today, with its city or organisation, in one statement."""
    return db.session.scalars(seats_held(on).where(Seat.user_id == user.id).limit(1)).first()


def seats_of(user: User, on: date | None = None) -> Sequence[Seat]:
    """All seats of today, the oldest first."""
    return db.session.scalars(seats_held(on).where(Seat.user_id == user.id)).all()


def seats_held(on: date | None) -> Select[Seat]:
    day = on or utcnow().date()
    return (
        select(Seat)
        .where(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
        .options(joinedload(Seat.city), joinedload(Seat.organisation))
        .order_by(Seat.starts_on, Seat.id)
    )


def groups_of(person: User) -> Sequence[Group]:
    """The groups a person belongs to."""
    return db.session.scalars(
        select(Group).where(Group.id.in_(group_ids_of(person))).order_by(Group.slug)
    ).all()


def group_by_slug(slug: str) -> Group | None:
    return db.session.scalars(select(Group).where(Group.slug == slug)).first()


def drafts_of(user: User) -> Select[Draft]:
    """Unfinished texts that have not expired, the newest first."""
    return (
        select(Draft)
        .where(Draft.user_id == user.id, Draft.updated_at > utcnow() - DRAFTS_LIVE)
        .where(~Draft.context.startswith(SET_ASIDE))
        .order_by(Draft.updated_at.desc(), Draft.id)
    )


def draft_for(user: User, context: str) -> Draft | None:
    return db.session.scalars(drafts_of(user).where(Draft.context == context)).first()


def with_draft(statement: Select[Any], viewer: User | None, context: Any) -> Select[Any]:
    """Join the viewer's draft and add its fields and its sequence to what a statement reads."""
    own = false() if viewer is None else Draft.user_id == viewer.id
    is_fresh = Draft.updated_at > as_of_now(lambda: utcnow() - DRAFTS_LIVE, UTCDateTime())
    return statement.outerjoin(Draft, and_(own, Draft.context == context, is_fresh)).add_columns(
        Draft.fields, Draft.sequence
    )


def current_city_id(user: User) -> ScalarSelect[Any]:
    """The city of `current_seat`, as a value for a statement."""
    day = utcnow().date()
    return (
        select(Seat.city_id)
        .where(Seat.user_id == user.id)
        .where(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
        .order_by(Seat.starts_on, Seat.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def city_of_reader(user_id: int) -> ScalarSelect[Any]:
    """The city a person sits for today, as a value for a statement; none if they do not count."""
    day = utcnow().date()
    return (
        select(Seat.city_id)
        .join(Seat.user)
        .where(Seat.user_id == user_id, User.counts_as_reader, Seat.city_id.is_not(None))
        .where(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
        .order_by(Seat.starts_on, Seat.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def reader_counts(user_id: Any) -> ColumnElement[bool]:
    """Whether the person of this column may be counted among the readers of a thread."""
    return exists().where(User.id == user_id, User.counts_as_reader, User.active)


def member_ids_of(groups: Select[int]) -> Select[int]:
    """Who belongs to any of these groups."""
    return select(GroupMember.user_id).where(GroupMember.group_id.in_(groups))


def approved_people() -> Select[User]:
    return select(User).where(User.approved_at.is_not(None), User.active)


def people_like(people: Select[User], typed: str) -> Select[User]:
    """Whose handle or name has a word that begins so; what begins so itself comes first.

    Handles have no accents, so that "Jose" finds José on every database.
    """
    plain = slugify(typed)
    plain = typed if plain == NOTHING_LEFT else plain
    begins = or_(
        User.handle.startswith(plain, autoescape=True),
        User.display_name.istartswith(typed, autoescape=True),
    )
    inside = or_(
        User.handle.contains(f"-{plain}", autoescape=True),
        User.display_name.icontains(f" {typed}", autoescape=True),
    )
    best_first = (case((begins, 0), else_=1), User.display_name, User.id)
    return people.where(or_(begins, inside)).order_by(None).order_by(*best_first)


def one_seat(seat_id: int) -> Select[Seat]:
    """A seat with its person and body; the caller asks who may see it."""
    whole = (joinedload(Seat.city), joinedload(Seat.organisation), joinedload(Seat.user))
    return select(Seat).where(Seat.id == seat_id).options(*whole)


def with_seats(statement: Select[Any]) -> Select[Any]:
    """Join today's seats to a statement that reads a User: a row for each, the oldest first.

    Adds id and role; without any seat there is one row with None.
    """
    day = as_of_now(lambda: utcnow().date(), Date())
    is_held = and_(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
    joined = statement.outerjoin(Seat, and_(Seat.user_id == User.id, is_held))
    return joined.add_columns(Seat.id, Seat.role).order_by(Seat.starts_on, Seat.id)


def seats_beside(user: User) -> Select[Any]:
    """A row for each seat of today, the oldest first; without any, one row with None.

    For statements that read more about the person than their seats.
    """
    day = utcnow().date()
    is_held = and_(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
    return (
        select(Seat)
        .select_from(User)
        .outerjoin(Seat, and_(Seat.user_id == User.id, is_held))
        .where(User.id == user.id)
        .options(joinedload(Seat.city), joinedload(Seat.organisation))
        .order_by(Seat.starts_on, Seat.id)
    )
