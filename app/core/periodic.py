"""Work that comes again: one job per stretch of time, however many workers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import Handler, enqueue, job

RHYTHMS: dict[str, timedelta] = {}
STARTS: dict[str, Callable[[], str]] = {}


def periodic(
    name: str, every: timedelta, at_start: Callable[[], str] | None = None
) -> Callable[[Handler], Handler]:
    """Register a job without payload that is queued once in each stretch of `every`.

    `at_start` tells a fact of the machine: a worker that starts queues the job as well, once for
    each such fact.

    The stretch's number is part of the job's unique key, so only one worker wins it. The handler
    must look at the data for what is to do, never at when it ran last.
    """
    RHYTHMS[name] = every
    if at_start is not None:
        STARTS[name] = at_start
    return job(name)


def plan_periodic(planned: dict[str, int], rhythms: Mapping[str, timedelta] = RHYTHMS) -> None:
    """Queue what belongs to the present stretches.

    `planned` is the caller's memory of what it queued; while it holds, nothing is asked or written.
    """
    now = utcnow().timestamp()
    slots = {name: int(now // every.total_seconds()) for name, every in rhythms.items()}
    if slots == planned:
        return
    facts = {} if planned else {name: fact() for name, fact in STARTS.items() if name in slots}
    with write():
        for name, fact in facts.items():
            enqueue(name, f"start:{fact}")
        for name, slot in slots.items():
            enqueue(name, f"slot:{slot}")
    planned.update(slots)
