"""Why mail that came in is not taken further. The texts are for the office, in English."""

from __future__ import annotations


class Unusable(Exception):
    """The bytes cannot be kept at all: empty, or larger than any answer (exit status 65)."""


class Unreadable(Exception):
    """Too deep, too long or too broken to look into; it is kept aside."""


class NotForUs(Exception):
    """An answer of a calendar that we do not apply. The text says why."""


class NoCalendarAnswer(Exception):
    """No answer of a calendar: something for people to read."""
