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


class Waiting(StrEnum):
    """How the waiting list moves: the next person gets the seat, or is offered it for a while."""

    AUTO = "auto"
    OFFER = "offer"


class SpeakerState(StrEnum):
    """What a speaker answered. `listed`: nobody asked them through us."""

    LISTED = "listed"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


class ConsentKind(StrEnum):
    """What a person agrees to, each by itself."""

    DATA = "data"
    NAME_LISTED = "name_listed"
    RECORDING = "recording"


class TransferSource(StrEnum):
    LINK = "link"
    CALENDAR = "calendar"


class FeedKind(StrEnum):
    """Calendars of one person (spec/calendar 2.8)."""

    MINE = "mine"
    ORGANISED = "organised"
    ACTIONS = "actions"


class Repeat(StrEnum):
    """How the sessions of a series follow each other. Not stored."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    DAYS = "days"
