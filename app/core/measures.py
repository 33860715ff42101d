"""What is counted here, in which cells, and the sums of all processes of this machine."""

from __future__ import annotations

import os
import threading
import time
import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app

from app.core.cells import LEVEL, Cells, Process, Totals, folder_of, read_machine
from app.core.db import db
from app.core.fragments import EXTENSION, Fragments
from app.core.jobs import handler_names
from app.core.shared_memory import EXTENSION as SHARED
from app.core.shared_memory import SharedMemory
from app.core.tally import Tally
from config import ROOT

STATUSES = ("2xx", "3xx", "4xx", "5xx")
SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATEMENTS = (0, 1, 2, 5, 10, 20, 50, 100)

# The columns of a route: answers by status, by time, by statements (each with "more"), then sums.
BY_STATUS = slice(0, len(STATUSES))
BY_SECONDS = slice(BY_STATUS.stop, BY_STATUS.stop + len(SECONDS) + 1)
BY_STATEMENTS = slice(BY_SECONDS.stop, BY_SECONDS.stop + len(STATEMENTS) + 1)
TIME, QUERIES, SQL, BYTES = range(BY_STATEMENTS.stop, BY_STATEMENTS.stop + 4)
ROUTE_WIDTH = BYTES + 1

# The columns of a job (and of "mail").
DONE, FAILED, WORKED = range(3)
JOB_WIDTH = 3

ROUTE, JOB, COUNT = "route:", "job:", "count:"
UNKNOWN = f"{ROUTE}unknown"
MAIL = "mail"

COUNTS = ("fragments_hit", "fragments_miss", "shared_hit", "shared_miss", "shared_error")
"""The caches count by themselves; their counts are copied here."""

LEVELS = ("fragments_size", "pool_size", "pool_in_use", "pool_most_in_use")


def init_measures(app: Flask, data_dir: Path) -> None:
    app.extensions["measures"] = Measures(app, folder_of(data_dir))


def measures() -> Measures:
    return cast(Measures, current_app.extensions["measures"])


class Measures:
    """The numbers of this process. Opened by the first count: a fork before it shares nothing."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.folder = folder
        self._app = app
        self._cells: Cells | None = None
        self._starts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._fragments: Fragments = app.extensions[EXTENSION]
        self._shared: SharedMemory = app.extensions[SHARED]
        self._looked_at = 0.0
        self.minute: datetime | None = None  # the last one looked at by `core.minutes`
        self._pool_most = 0

    def count_request(self, route: str, status: int, seconds: float, size: int, t: Tally) -> None:
        """One answer. `route` is "GET /threads/<int:thread_id>"; those we do not have are one."""
        cells = self.open()
        start = self._starts.get(ROUTE + route)
        if start is None:
            start = self._starts[UNKNOWN]
        kind = min(max(status // 100, 2), 5) - 2
        with self._lock:
            cells[start + kind] += 1
            cells[start + BY_SECONDS.start + bisect_left(SECONDS, seconds)] += 1
            cells[start + BY_STATEMENTS.start + bisect_left(STATEMENTS, t.statements)] += 1
            cells[start + TIME] += seconds
            cells[start + QUERIES] += t.statements
            cells[start + SQL] += t.sql
            cells[start + BYTES] += size
            self._copy_fragments(cells)
        if t.began - self._looked_at > 1:
            self._look_around(cells)

    def count_job(self, name: str, is_done: bool, seconds: float) -> None:
        cells = self.open()
        start = self._starts.get(JOB + name, self._starts[f"{JOB}unknown"])
        with self._lock:
            cells[start + (DONE if is_done else FAILED)] += 1
            cells[start + WORKED] += seconds
            self._copy_fragments(cells)

    def _copy_fragments(self, cells: Any) -> None:
        kept, start = self._fragments, self._starts[f"{COUNT}fragments_hit"]
        cells[start], cells[start + 1] = kept.hits, kept.misses
        cells[self._starts[f"{LEVEL}fragments_size"]] = kept.size

    def _look_around(self, cells: Any) -> None:
        """At most once a second: the shared memory, and the connections other threads hold."""
        self._looked_at = time.perf_counter()
        shared, start = self._shared.state(), self._starts[f"{COUNT}shared_hit"]
        cells[start], cells[start + 1], cells[start + 2] = shared.hits, shared.misses, shared.errors
        self._look_at_pool(cells)

    def _look_at_pool(self, cells: Any) -> None:
        with self._app.app_context():
            pool: Any = db.engine.pool
        in_use = pool.checkedout() if hasattr(pool, "checkedout") else 0
        self._pool_most = max(self._pool_most, in_use)
        size = pool.size() if hasattr(pool, "size") else 0
        cells[self._starts[f"{LEVEL}pool_size"]] = size
        cells[self._starts[f"{LEVEL}pool_in_use"]] = in_use
        cells[self._starts[f"{LEVEL}pool_most_in_use"]] = self._pool_most

    def totals(self) -> tuple[Totals, list[Process]]:
        """What all processes of this machine counted, ended ones too, and those that live."""
        self._look_around(self.open())
        found, living = read_machine(self.folder)
        return (found, living) if living else (self._mine(), [])

    def _mine(self) -> Totals:
        return self._cells.totals() if self._cells else {}

    def open(self) -> Any:
        """The cells of this very process: a child does not count in those of its parent."""
        if self._cells is None or self._cells.pid != os.getpid():
            with self._lock:
                if self._cells is None or self._cells.pid != os.getpid():
                    self._open_now()
        return cast(Cells, self._cells).values

    def _open_now(self) -> None:
        layout = [
            *((ROUTE + name, ROUTE_WIDTH) for name in [*routes(self._app), "unknown"]),
            *((JOB + name, JOB_WIDTH) for name in [*handler_names(), MAIL, "unknown"]),
            *((COUNT + name, 1) for name in COUNTS),
            *((LEVEL + name, 1) for name in LEVELS),
        ]
        starts, here = {}, 0
        for name, width in layout:
            starts[name] = here
            here += width
        self._starts = starts
        self._cells = Cells(self.folder, layout, version())


def routes(app: Flask) -> Iterable[str]:
    """ "GET /topics/<slug>", once each: the only names requests are counted under."""
    return sorted(
        {
            f"{method} {rule.rule}"
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
    )


@cache
def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])
