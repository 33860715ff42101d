"""How cities and organisations come into the network, and how their time in it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.clock import utcnow
from app.core.db import db
from app.core.slugs import slugify
from app.core.zones import zone
from app.network.enums import MembershipKind, OrganisationKind
from app.network.errors import (
    AddressTaken,
    AlreadyMember,
    DomainTaken,
    EndsBeforeStart,
    NameMissing,
    NotADomain,
    PlaceUnknown,
)
from app.network.models import City, MailDomain, Membership, Organisation
from app.network.queries import mail_domain, slug_is_taken
from app.network.signals import city_added

DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII)


@dataclass(frozen=True)
class CityFacts:
    """What the network knows about a city. `names` by language; the first language is its own."""

    names: dict[str, str]
    languages: list[Any]
    country_code: str
    latitude: float
    longitude: float
    timezone: str
    population: int | None = None
    human_rights_city_since: int | None = None
    about: str = ""
    is_demo: bool = False
    slug: str = field(default="")


@dataclass(frozen=True)
class Place:
    """Degrees north and east, and the IANA zone."""

    latitude: float
    longitude: float
    timezone: str


def add_city(facts: CityFacts) -> City:
    """Put a city on the map. Its address comes from its English name unless one is given."""
    _check_place(facts.latitude, facts.longitude, facts.timezone)
    city = City(**(vars(facts) | {"slug": _free_slug(facts.names, facts.slug)}))
    city.created_at = utcnow()
    db.session.add(city)
    db.session.flush()
    city_added.send(city)
    return city


def add_organisation(
    names: dict[str, str],
    kind: OrganisationKind,
    *,
    country_code: str | None = None,
    slug: str = "",
    place: Place | None = None,
    is_demo: bool = False,
) -> Organisation:
    """Add a member that is not a city. `place` None: it has no one place."""
    organisation = Organisation(
        slug=_free_slug(names, slug),
        names=names,
        kind=kind,
        country_code=country_code,
        is_demo=is_demo,
        created_at=utcnow(),
    )
    if place:
        _check_place(place.latitude, place.longitude, place.timezone)
        organisation.latitude, organisation.longitude = place.latitude, place.longitude
        organisation.timezone = place.timezone
    db.session.add(organisation)
    db.session.flush()
    return organisation


def _check_place(latitude: float, longitude: float, timezone: str) -> None:
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise PlaceUnknown
    zone(timezone)


def begin_membership(
    member: City | Organisation,
    kind: MembershipKind,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    remark: str = "",
) -> Membership:
    """Record a period. Days nobody wrote down stay None."""
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeStart
    if any(_overlap(period, starts_on, ends_on) for period in member.memberships):
        raise AlreadyMember
    period = Membership(kind=kind, starts_on=starts_on, ends_on=ends_on, remark=remark)
    member.memberships.append(period)
    db.session.add(period)
    db.session.flush()
    return period


def end_membership(membership: Membership, ends_on: date) -> None:
    if membership.starts_on and ends_on < membership.starts_on:
        raise EndsBeforeStart
    membership.ends_on = ends_on


def claim_domain(domain: str, owner: City | Organisation) -> MailDomain:
    """Let addresses under this domain count as the member's. It still has to be verified."""
    domain = domain.strip().lower()
    if not DOMAIN.fullmatch(domain) or len(domain) > 190:
        raise NotADomain
    known = db.session.scalars(mail_domain(domain)).first()
    if known is None:
        known = MailDomain(domain=domain, **_owned_by(owner))
        db.session.add(known)
        db.session.flush()
    elif (known.city_id, known.organisation_id) != tuple(_owned_by(owner).values()):
        raise DomainTaken
    return known


def _owned_by(owner: City | Organisation) -> dict[str, int | None]:
    is_city = isinstance(owner, City)
    return {
        "city_id": owner.id if is_city else None,
        "organisation_id": None if is_city else owner.id,
    }


def _free_slug(names: dict[str, str], wished: str) -> str:
    known = [name for name in names.values() if name.strip()]
    if not known:
        raise NameMissing
    slug = wished or slugify(names.get("en") or known[0])
    if slug_is_taken(slug):
        raise AddressTaken
    return slug


def _overlap(period: Membership, starts_on: date | None, ends_on: date | None) -> bool:
    begins = starts_on or date.min
    ends = ends_on or date.max
    return begins <= (period.ends_on or date.max) and (period.starts_on or date.min) <= ends
