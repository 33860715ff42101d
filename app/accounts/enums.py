"""Roles of people."""

from __future__ import annotations

from enum import StrEnum


class SiteRole(StrEnum):
    """What a person may do on the whole site (spec/forum 5.1)."""

    MEMBER = "member"
    ORGANISER = "organiser"
    ADMIN = "admin"


class SeatRole(StrEnum):
    """How a person speaks for a city or organisation."""

    VOICE = "voice"
    CONTRIBUTOR = "contributor"
    OBSERVER = "observer"
