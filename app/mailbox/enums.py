"""What became of a mail that came in."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    UNVERIFIED = "unverified"
    FORWARDED = "forwarded"
    IGNORED = "ignored"
    KEPT_ASIDE = "kept_aside"
