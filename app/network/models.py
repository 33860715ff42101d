"""Cities, organisations, and the time they belong to the network."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.network.enums import MembershipKind, OrganisationKind


class City(Base):
    """`names` maps a language to the city's name in it; `languages` are the official ones."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, str]]
    languages: Mapped[list[Any]]
    country_code: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float]
    longitude: Mapped[float]
    timezone: Mapped[str] = mapped_column(String(40))
    population: Mapped[int | None]
    human_rights_city_since: Mapped[int | None]
    about: Mapped[str] = mapped_column(Text, default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list[Membership]] = relationship(back_populates="city")


class Organisation(Base):
    """A member that is not a city: university, civil society, agency, the network's office."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, str]]
    kind: Mapped[OrganisationKind]
    country_code: Mapped[str | None] = mapped_column(String(2))
    latitude: Mapped[float | None]  # None: it has no one place
    longitude: Mapped[float | None]
    timezone: Mapped[str | None] = mapped_column(String(40))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")


class Membership(Base):
    """A period in which a city or organisation belongs to the network. Unknown days are None."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("(city_id IS NULL) <> (organisation_id IS NULL)", name="one_member"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("city.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[MembershipKind]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(String(200), default="")

    city: Mapped[City | None] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation | None] = relationship(back_populates="memberships")


class MailDomain(Base):
    """An address under this domain belongs to that city or organisation."""

    __tablename__ = "mail_domain"
    __table_args__ = (
        CheckConstraint("(city_id IS NULL) <> (organisation_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(190), unique=True)
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("city.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    verified_at: Mapped[datetime | None]
