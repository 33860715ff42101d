"""Time zones by IANA name, and local times that exist."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from app.core.errors import DomainError
from app.core.i18n import lazy_


class UnknownZone(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This time zone is not known. Choose one from the list."), "tzid")


class TimeDoesNotExist(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The clock is put forward that night: this time does not exist. Choose another."),
            "start_local",
        )


class TimeHappensTwice(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "The clock is put back that night: this time happens twice. "
                "Say which one you mean, or choose another."
            ),
            "start_local",
        )


@cache
def zone_names() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def zone(tzid: str) -> ZoneInfo:
    """Raise UnknownZone for anything but an IANA name."""
    if tzid not in zone_names():
        raise UnknownZone
    return ZoneInfo(tzid)


def to_utc(local: datetime, tzid: str, turn: int | None = None) -> datetime:
    """Wall-clock time of a zone (naive) as a moment.

    Raise TimeDoesNotExist in the hour that is skipped, TimeHappensTwice in the repeated one
    unless `turn` says which: 0 the first, 1 the second.
    """
    first = local.replace(tzinfo=zone(tzid), fold=0)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None) != local:
        raise TimeDoesNotExist
    if turn is None:
        raise TimeHappensTwice
    return (second if turn else first).astimezone(UTC)


def turn_of(moment: datetime, tzid: str) -> int | None:
    """Which of two equal wall-clock times this moment is: 0 or 1; None when there is but one."""
    local = moment.astimezone(zone(tzid))
    twin = local.replace(fold=1 - local.fold)
    happens_twice = twin.utcoffset() != local.utcoffset() and twin.astimezone(UTC).astimezone(
        local.tzinfo
    ).replace(tzinfo=None) == local.replace(tzinfo=None)
    return local.fold if happens_twice else None


def to_local(moment: datetime, tzid: str) -> datetime:
    """The wall-clock time (aware) of a moment in a zone."""
    return moment.astimezone(zone(tzid))
