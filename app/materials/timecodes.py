"""Seconds as people write them: 12:30 or 1:02:05."""

from __future__ import annotations

import re

WRITTEN = re.compile(r"(?:([0-9]{1,2})[:.])?([0-9]{1,3})[:.]([0-5][0-9])")
MOST_SECONDS = 24 * 60 * 60
MINUTE, HOUR = 60, 3600


def read_timecode(text: str) -> int:
    """Seconds from the start. Raise ValueError for anything else."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if (found[1] and minutes >= MINUTE) or hours * HOUR + minutes * MINUTE >= MOST_SECONDS:
        raise ValueError(text)
    return hours * HOUR + minutes * MINUTE + seconds


def timecode(second: int) -> str:
    """12:30, or 1:02:05 from an hour on."""
    minutes, seconds = divmod(second, MINUTE)
    hours, rest = divmod(minutes, MINUTE)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def duration(second: int) -> str:
    """As HTML's <time> has it: PT12M30S."""
    return f"PT{second // MINUTE}M{second % MINUTE}S"
