"""People, their seats, groups, sessions and unfinished texts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import SeatRole, SiteRole
from app.core.clock import utcnow
from app.core.db import Base
from app.network.models import City, Organisation

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """Flask-Security's table of roles. Ours is `User.role`; this one stays empty."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[list[Any] | None] = mapped_column(JSON)


class User(Base, UserMixin):
    """A person. Applicants have no `approved_at` yet and read like visitors.

    Columns up to `fs_webauthn_user_handle` have the names Flask-Security asks for.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]

    display_name: Mapped[str] = mapped_column(String(80))
    handle: Mapped[str] = mapped_column(String(40), unique=True)  # what follows @ in a mention
    role: Mapped[SiteRole] = mapped_column(default=SiteRole.MEMBER)
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    wishes: Mapped[str] = mapped_column(
        Text, default=""
    )  # what an applicant wrote about themselves
    locale: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(40), default="Europe/Brussels")
    totp_last_counter: Mapped[int | None]
    counts_as_reader: Mapped[bool] = mapped_column(default=True)  # in "read in 5 cities"
    wants_action_mails: Mapped[bool] = mapped_column(default=True)  # when what they promised is due
    wants_summary_mails: Mapped[bool] = mapped_column(default=False)  # of topics they follow
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    webauthn: Mapped[list[WebAuthn]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan"
    )
    seats: Mapped[list[Seat]] = relationship(back_populates="user", order_by="Seat.id")

    @property
    def roles(self) -> list[Role]:  # type: ignore[override]
        """Flask-Security looks here at every sign-in; our roles are `role`."""
        return []

    @property
    def is_approved(self) -> bool:
        return self.active and self.approved_at is not None


class WebAuthn(Base, WebAuthnMixin):
    """A passkey, in the columns Flask-Security asks for."""

    __tablename__ = "webauthn"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[Any] | None] = mapped_column(JSON)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(default=utcnow)
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship(back_populates="webauthn")


class RecoveryCode(Base):
    """A way in when the second factor is lost: hashed, used once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(255))
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """One signed-in browser. A revoked row ends it at once."""

    __tablename__ = "user_session"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed try, counted per account and per address (spec/forum 5.12)."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    identity: Mapped[str] = mapped_column(String(254), index=True)
    address: Mapped[str] = mapped_column(String(45), index=True)


class Seat(Base):
    """A person's place in a city or organisation, from a day to a day."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("(city_id IS NULL) <> (organisation_id IS NULL)", name="one_body"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[SeatRole]
    title: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="seats")
    city: Mapped[City | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Group(Base):
    """People with a common right to read: practitioners, a working group."""

    __tablename__ = "group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, str]]
    is_demo: Mapped[bool] = mapped_column(default=False)


class GroupMember(Base):
    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("group.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class FeedKey(Base):
    """The right to read one person's feeds without signing in. A new `serial` ends old addresses.

    The address holds both values signed, so nothing secret is stored here.
    """

    __tablename__ = "feed_key"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    serial: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Draft(Base):
    """A person's unfinished text. `context` says for what: "thread:new:3", "reply:41".

    `sequence` grows with each save; a save with an old one comes from another tab.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "context"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    context: Mapped[str] = mapped_column(String(80))
    fields: Mapped[dict[str, str]]
    sequence: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
