"""What was counted, minute by minute, for the office: one row for each machine.

Any process of a machine may write its row; a lock between them lets one do it. Nobody does so in a
request. Minutes are kept for hours, hours for days.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.cells import (
    LEVEL,
    Process,
    Totals,
    add,
    held,
    load_json,
    machine,
    save_json,
    subtract,
)
from app.core.clock import utcnow
from app.core.db import Base, db, write
from app.core.measures import ROUTE, Measures
from config import Settings

MINUTE, HOUR = 1, 60
KEPT = {MINUTE: timedelta(hours=3), HOUR: timedelta(days=14)}
EVERY_SECONDS = 10.0

log = logging.getLogger("interurban.measures")


class Measure(Base):
    """`counts`: "totals" by name, "levels" and "about" (the machine) as they stood at the end."""

    __tablename__ = "measure"

    machine: Mapped[str] = mapped_column(String(80), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)  # how long: 1 or 60
    at: Mapped[datetime] = mapped_column(primary_key=True)  # its beginning
    counts: Mapped[dict[str, Any]]


def keep_minute(numbers: Measures, settings: Settings) -> bool:
    """Write the row of the minute that ended, unless it is written. Return whether we did."""
    now = _start_of(utcnow(), MINUTE)
    if numbers.minute == now:
        return False
    numbers.open()
    if not numbers.folder.is_dir():
        return False
    with held(numbers.folder / "minute.lock", wait=False) as mine:
        if not mine:
            return False
        numbers.minute = now
        return _keep(numbers, settings, now)


def _keep(numbers: Measures, settings: Settings, now: datetime) -> bool:
    """Saved after the commit: killed between the two, a minute is counted twice, never lost."""
    memory = numbers.folder / "minute.json"
    kept = load_json(memory)
    if kept.get("at") == now.isoformat():
        return False
    totals, living = numbers.totals()
    levels = {name: row for name, row in totals.items() if name.startswith(LEVEL)}
    lasting = {name: row for name, row in totals.items() if name not in levels}
    fresh = subtract(lasting, kept.get("totals", {}))
    about = about_machine(living, settings.data_dir)
    with write() as session:
        for minutes in KEPT:
            at = _start_of(now - timedelta(minutes=1), minutes)
            _lay(session, minutes, at, fresh, {"levels": levels, "about": about})
            session.execute(delete(Measure).where(_is_old(minutes, now)))
    save_json(memory, {"at": now.isoformat(), "totals": lasting})
    return True


def _start_of(moment: datetime, minutes: int) -> datetime:
    return moment.replace(minute=moment.minute // minutes * minutes, second=0, microsecond=0)


def _lay(session: Session, minutes: int, at: datetime, fresh: Totals, rest: dict[str, Any]) -> None:
    row = session.get(Measure, (machine(), minutes, at))
    if row is None:
        row = Measure(machine=machine(), minutes=minutes, at=at, counts={})
        session.add(row)
    row.counts = {"totals": add(row.counts.get("totals", {}), fresh), **rest}


def _is_old(minutes: int, now: datetime) -> Any:
    return (Measure.minutes == minutes) & (Measure.at < now - KEPT[minutes])


def about_machine(living: Sequence[Process], data_dir: Path) -> dict[str, Any]:
    """What only this machine can say of itself."""
    disk = shutil.disk_usage(data_dir)
    memory = [memory_of(process.pid) for process in living]
    return {
        "web": sum(is_web(process) for process in living),
        "workers": sum(not is_web(process) for process in living),
        "memory": sum(memory),
        "disk_free": disk.free,
        "disk_size": disk.total,
        "versions": sorted({process.version for process in living}),
    }


def is_web(process: Process) -> bool:
    """It answered somebody. The one process of `make run` is both, and counts as this."""
    return any(name.startswith(ROUTE) for name in process.totals)


def memory_of(pid: int) -> int:
    """Bytes it holds in memory; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def measured(minutes: int, since: datetime) -> Sequence[Measure]:
    """The rows of all machines, oldest first."""
    rows = select(Measure).where(Measure.minutes == minutes, Measure.at >= since)
    return db.session.scalars(rows.order_by(Measure.at, Measure.machine)).all()


def keep_minutes_in_background(app: Flask) -> None:
    """For web processes: a machine without a worker has a history too."""
    thread = threading.Thread(target=_keep_on, args=(app,), name="minutes", daemon=True)
    thread.start()


def _keep_on(app: Flask) -> None:
    pause = threading.Event()
    while not pause.wait(EVERY_SECONDS):
        with app.app_context():
            keep_minute_survived(app)


def keep_minute_survived(app: Flask) -> None:
    """A full disk, a database that is away: no history for a while is all that follows."""
    try:
        keep_minute(app.extensions["measures"], app.extensions["settings"])
    except Exception:
        log.exception("this minute could not be kept")
        db.session.rollback()
