"""Cities, organisations and the periods in which they belong to the network: all public."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, or_, select
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.core.generations import generation_columns
from app.core.prepared import Prepared
from app.core.slugs import slugify
from app.network.models import City, MailDomain, Membership, Organisation


def cities_listed() -> Select[City]:
    """All cities with their memberships, in the order they came."""
    return select(City).options(selectinload(City.memberships)).order_by(City.id)


def cities_on_map() -> Select[City]:
    """All cities without what belongs to them, the newest first."""
    return select(City).order_by(City.created_at.desc(), City.id.desc())


def city_points() -> list[Any]:
    """The same as plain rows of what a map and a list of names say."""
    return _points.rows(())


@Prepared
def _points() -> Any:
    return cities_on_map().with_only_columns(
        City.slug, City.names, City.languages, City.latitude, City.longitude, City.country_code
    )


def city_facts(slug: str) -> Any | None:
    """The number, names and country of a city by its address, without what belongs to it.

    With it the generations of what its page tells of meetings.
    """
    return _facts.first((), slug=slugify(slug, longest=len(slug)))


@Prepared
def _facts() -> Any:
    facts = (City.id, City.slug, City.names, City.languages, City.country_code)
    webinars, notes = generation_columns("webinars", "notes")
    found: Any = select(*facts, webinars.label("webinars"), notes.label("notes"))
    return found.where(City.slug == bindparam("slug", type_=String))


def city_by_id(city_id: int) -> Select[City]:
    return cities_listed().where(City.id == city_id)


def cities_by_ids(ids: Collection[int]) -> Select[City]:
    return select(City).where(City.id.in_(ids))


def city_ids_by_slugs(slugs: Collection[str]) -> Select[int]:
    return select(City.id).where(City.slug.in_(slugs))


def city_named(words: str) -> City | None:
    """The city with this slug or with this name in any language, in one statement."""
    wanted = words.casefold()
    for city in db.session.scalars(cities_on_map()):
        if wanted in {city.slug, *(name.casefold() for name in city.names.values())}:
            return city
    return None


def organisations_listed() -> Select[Organisation]:
    return (
        select(Organisation)
        .options(selectinload(Organisation.memberships))
        .order_by(Organisation.id)
    )


def one_organisation(slug: str) -> Select[Organisation]:
    return organisations_listed().where(Organisation.slug == slug)


def memberships_at(day: date) -> Select[Membership]:
    """What runs on a day. An unknown first day counts as begun, no last day as not ended."""
    return select(Membership).where(_runs_on(day)).order_by(Membership.id)


def member_cities(day: date) -> Select[City]:
    """The cities that belong to the network on a day."""
    return select(City).where(City.memberships.any(_runs_on(day))).order_by(City.id)


def member_city_ids(day: date) -> list[int]:
    """The same as numbers, in one small statement."""
    held = select(Membership.city_id).where(Membership.city_id.is_not(None), _runs_on(day))
    return [city_id for city_id in db.session.scalars(held.distinct()) if city_id is not None]


def member_zones(day: date) -> list[str]:
    """The time zones of those cities, the one of most cities first."""
    count = func.count()
    belongs = City.memberships.any(_runs_on(day))
    zones = select(City.timezone).where(belongs).group_by(City.timezone)
    return list(db.session.scalars(zones.order_by(count.desc(), City.timezone)))


def memberships_ended_before(day: date) -> Select[Membership]:
    return select(Membership).where(Membership.ends_on < day).order_by(Membership.id)


def slug_is_taken(slug: str) -> bool:
    taken = select(City.id).where(City.slug == slug)
    also = select(Organisation.id).where(Organisation.slug == slug)
    return db.session.execute(taken.union_all(also)).first() is not None


def mail_domain(domain: str) -> Select[MailDomain]:
    return select(MailDomain).where(MailDomain.domain == domain.lower())


def _runs_on(day: date) -> ColumnElement[bool]:
    return or_(Membership.starts_on.is_(None), Membership.starts_on <= day) & or_(
        Membership.ends_on.is_(None), Membership.ends_on >= day
    )


def owners_of_domains(domains: set[str]) -> dict[str, MailDomain]:
    """Which mail domains belong to whom, in one statement."""
    found = db.session.scalars(select(MailDomain).where(MailDomain.domain.in_(domains)))
    return {owner.domain: owner for owner in found}
