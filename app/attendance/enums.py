"""How we know that somebody was there."""

from __future__ import annotations

from enum import StrEnum


class ReportKind(StrEnum):
    """Whose report of a meeting was read."""

    ZOOM = "zoom"
    TEAMS = "teams"
    OTHER = "other"


class MatchedBy(StrEnum):
    """Why a line of a report belongs to a registration. NOBODY: it belongs to none yet."""

    EMAIL = "email"
    NAME = "name"  # the one registration with this name
    HAND = "hand"
    NOBODY = "nobody"
