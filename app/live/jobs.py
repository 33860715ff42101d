"""Rooms that a provider makes when it is asked. It is asked while no transaction is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.jobs import errand, job
from app.core.periodic import RHYTHMS
from app.live import making
from app.live.making import Told
from config import Settings

KEEP_ROOMS = "live.keep_rooms"
EVERY = timedelta(minutes=2)  # BigBlueButton forgets a room after five without anybody in it


@errand("live.make_room")
def ask_for_one(webinar_id: int) -> dict[str, Any]:
    return {"told": making.ask_for_one(webinar_id)}


@job("live.make_room")
def note_one(told: list[Told] | None = None) -> None:
    making.keep(told or [])


@errand(KEEP_ROOMS)
def ask_for_all() -> dict[str, Any]:
    return {"told": making.ask_for_all()}


@job(KEEP_ROOMS)
def note_all(told: list[Told] | None = None) -> None:
    making.keep(told or [])


def plan_rooms(settings: Settings) -> None:
    """Only where there is a provider that makes rooms."""
    if settings.bbb_url is not None:
        RHYTHMS[KEEP_ROOMS] = EVERY
    else:
        RHYTHMS.pop(KEEP_ROOMS, None)
