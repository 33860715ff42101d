"""One table of a run, and everything as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from config import ROOT
from tests.bench.client import CONNECTIONS
from tests.bench.cluster import SETTINGS
from tests.bench.databases import Size
from tests.bench.measuring import SECONDS, Figures
from tests.bench.people import ASKING
from tests.bench.returning import RETURNING
from tests.bench.server import command
from tests.bench.stage import Run
from tests.bench.targets import share, verdicts

RAW = ROOT / "var" / "bench.json"
PACKAGES = {
    "flask", "werkzeug", "sqlalchemy", "jinja2", "granian", "waitress",
    "psycopg", "redis",
}  # fmt: skip
HEAD = (
    f"{'':38}{'req/s':>8}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'CPU ms':>9}{'% rows':>8}"
    f"{'x CPU':>7}{'SQL':>5}{'kB':>7}"
)

READING = f"""member: a first look: one of {ASKING} members in turn, few of whom a web process
    has seen on this page (in threads each was once before, so nothing is marked as read)
member, again: one of {RETURNING} members in turn, whom each web process has shown it before
visitor: the page is made, asked each time under an address that nobody asked before
visitor, kept: the same address again and again; the whole page may be kept
unchanged: with the ETag of the answer before, answered 304"""


def table(run: Run) -> str:
    """`% rows`: requests a second of the ceiling of 20 rows; `x CPU`: CPU beside that page's."""
    lines = [f"{run.engine}, load {_load()}", HEAD]
    lines += [_line(f"ceiling: {name}", one, run) for name, one in run.ceilings.items()]
    lines += [_line(name, one, run) for name, one in run.pages.items()]
    lines += [f"{name:38}{figure:>8}" for name, figure in run.others.items()]
    lines += [READING, *_about_the_client(run)]
    lines += ["", f"{'target':52}{'reached':>12}  {'wanted':18}"]
    lines += [
        f"{one.name:52}{one.reached:>12}  {one.wanted:18}{'ok' if one.is_ok else 'SHORT'}"
        for one in verdicts(run)
    ]
    return "\n".join([*lines, *(f"note: {note}" for note in run.notes)])


def _about_the_client(run: Run) -> list[str]:
    """Whether the figures are the server's."""
    every = run.ceilings | run.pages
    if not every:
        return []
    name = max(every, key=lambda one: every[one].client)
    renewed = sum(one.renewed for one in every.values())
    return [
        f"client: {every[name].client:.0f} % of a core at most (at {name}); "
        f"{renewed} connections were not kept open"
    ]


def _line(name: str, one: Figures, run: Run) -> str:
    rows = run.ceilings.get("20 rows", one)
    inside = run.inside.get(name)
    statements = f"{inside['statements']:.0f}" if inside else ""
    return (
        f"{name:38}{one.per_second:>8.0f}{one.p50:>9.2f}{one.p95:>9.2f}{one.p99:>9.2f}"
        f"{one.cpu:>9.2f}{share(one, rows) * 100:>8.0f}{one.cpu / max(rows.cpu, 0.01):>7.1f}"
        f"{statements:>5}{one.bytes / 1024:>7.1f}"
    )


def keep(runs: list[Run], size: Size, path: Path = RAW) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(_whole(runs, size), indent=1) + "\n")


def _whole(runs: list[Run], size: Size) -> dict[str, Any]:
    found = {one.name.lower(): one.version for one in distributions()}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "load": os.getloadavg(),
        },
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: found[name] for name in sorted(PACKAGES & set(found))},
        },
        "data": asdict(size),
        "settings": {
            "server": " ".join(command("serve", dict(os.environ)).split()),
            "connections": CONNECTIONS,
            "seconds a page": SECONDS,
            "members in turn": {"first look": ASKING, "again": RETURNING},
            "postgresql": SETTINGS,
        },
        "runs": [
            {**run.as_json(), "verdicts": [asdict(one) for one in verdicts(run)]} for run in runs
        ],
    }


def _processor() -> str:
    rows = Path("/proc/cpuinfo").read_text().splitlines()
    return next((row.partition(": ")[2] for row in rows if row.startswith("model name")), "")


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())
