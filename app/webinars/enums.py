"""States of webinars and registrations (spec/webinars 6.1, 6.2), in RFC 5545's words."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class Phase(StrEnum):
    """Computed from the clock, never stored."""

    UPCOMING = "upcoming"
    LOBBY = "lobby"
    LIVE = "live"
    OVERRUN = "overrun"
    ENDED = "ended"


class DatePrecision(StrEnum):
    MINUTE = "minute"
    DAY = "day"
    YEAR = "year"


class RegistrationState(StrEnum):
    PENDING_EMAIL = "pending_email"
    PENDING_APPROVAL = "pending_approval"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"


class CancelSource(StrEnum):
    USER = "user"
    ORGANISER = "organiser"
    CALENDAR = "calendar"
    TRANSFER = "transfer"


class PartStat(StrEnum):
    """RFC 5545 section 3.2.12."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"
    DELEGATED = "DELEGATED"


class Recording(StrEnum):
    NONE = "none"
    SPEAKERS = "speakers"
    ALL = "all"
