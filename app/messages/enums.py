"""Why a private message is reported."""

from __future__ import annotations

from enum import StrEnum


class ReportReason(StrEnum):
    """Reasons people choose from (spec/forum 5.9)."""

    PERSONAL_DATA = "personal_data"
    PROMOTIONAL = "promotional"
    DISRESPECTFUL = "disrespectful"
    CONFIDENTIAL = "confidential"
    ILLEGAL = "illegal"
    OTHER = "other"
