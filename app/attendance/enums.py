"""How we know that somebody was there."""

from __future__ import annotations

from enum import StrEnum


class ReportKind(StrEnum):
    """Whose report of a meeting was read."""

    ZOOM = "zoom"
    TEAMS = "teams"
    OTHER = "other"


class MatchedBy(StrEnum):
    """Why a line of a report belongs to a registration. NOBODY: it belongs to none yet.

    HAND without a registration: an organiser said that it is nobody of the list.
    """

    EMAIL = "email"
    NAME = "name"  # the one registration with this name
    HAND = "hand"
    NOBODY = "nobody"


class Column(StrEnum):
    """What a column of a report tells. Not stored."""

    NAME = "name"
    EMAIL = "email"
    JOINED = "joined"
    LEFT = "left"
    MINUTES = "minutes"
    ACTION = "action"  # one line for coming, one for going
    MOMENT = "moment"  # of the action
    ATTENDED = "attended"  # "No": registered there, never came
    WAITING = "waiting"  # "Yes": this stay was in the waiting room
    ACCOUNT = "account"  # in most organisations the address


class DayOrder(StrEnum):
    """How a report writes 6/7/26. Not stored."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"
