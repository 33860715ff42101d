"""Letting somebody in who pressed the button."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.live import devices, joining
from app.webinars.models import Registration, Webinar


class Outcome(StrEnum):
    IN = "in"
    FULL = "full"  # others took the last live seat
    ELSEWHERE = "elsewhere"  # the link is joined in another browser


@dataclass(frozen=True)
class Device:
    """A browser that a guest's link is bound to. `over`: take the link over from another one."""

    key: str
    over: bool = False


def admit(
    webinar: Webinar, registration: Registration | None, device: Device | None, *, is_host: bool
) -> Outcome:
    """Callers checked `Entrance.may_enter`. The first time is noted as having come."""
    if not joining.enter(webinar, registration, is_host=is_host):
        return Outcome.FULL
    if registration is None or device is None:
        return Outcome.IN
    has_it = devices.take(registration, device.key, over=device.over)
    return Outcome.IN if has_it else Outcome.ELSEWHERE
