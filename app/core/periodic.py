"""Work that comes again: one job per stretch of time, however many workers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import Handler, enqueue, job

RHYTHMS: dict[str, timedelta] = {}


def periodic(name: str, every: timedelta) -> Callable[[Handler], Handler]:
    """Register a job without payload that is queued once in each stretch of `every`.

    The stretch's number is part of the job's unique key, so only one worker wins it. The handler
    must look at the data for what is to do, never at when it ran last.
    """
    RHYTHMS[name] = every
    return job(name)


def plan_periodic(planned: dict[str, int], rhythms: Mapping[str, timedelta] = RHYTHMS) -> None:
    """Queue what belongs to the present stretches.

    `planned` is the caller's memory of what it queued; while it holds, nothing is asked or written.
    """
    now = utcnow().timestamp()
    slots = {name: int(now // every.total_seconds()) for name, every in rhythms.items()}
    if slots == planned:
        return
    with write():
        for name, slot in slots.items():
            enqueue(name, f"slot:{slot}")
    planned.update(slots)
