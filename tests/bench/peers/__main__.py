"""Install, fill, serve and measure the rivals beside Interurban; write var/bench-peers.json."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from config import ROOT
from tests.bench.client import CONNECTIONS
from tests.bench.cluster import SETTINGS
from tests.bench.databases import POSTGRESQL, SQLITE, opened
from tests.bench.measuring import Figures
from tests.bench.peers import rivals, table
from tests.bench.peers.comparing import SECONDS, compare
from tests.bench.peers.forums import WORD, Forum, Running, interurban
from tests.bench.peers.places import SIZE, NotHere
from tests.bench.peers.serving import WORKERS
from tests.bench.peers.stores import Stores, stores


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    with contextlib.ExitStack() as stack:
        say("Our own data")
        ours = stack.enter_context(opened(SQLITE, SIZE))
        beside = stack.enter_context(opened(POSTGRESQL, SIZE))
        running = stack.enter_context(stores())
        source = ours.folder / "interurban.db"
        wanted: dict[str, Callable[[], Running]] = {
            "Interurban, SQLite": lambda: interurban("Interurban, SQLite", ours, source),
            "Interurban, PostgreSQL": lambda: interurban("Interurban, PostgreSQL", beside, source),
            "FlaskBB": lambda: rivals.flaskbb(running, source),
            "Misago": lambda: rivals.misago(running, source),
        }
        started, missing = start(wanted, stack)
        before = os.getloadavg()
        measured = compare(started, say)
        show(measured, started, missing)
        keep(measured, started, missing, running, before)


def start(
    wanted: dict[str, Callable[[], Running]], stack: contextlib.ExitStack
) -> tuple[list[Forum], dict[str, str]]:
    """Those that run, and why the others do not."""
    started: list[Forum] = []
    missing: dict[str, str] = {}
    for name, begin in wanted.items():
        say(f"Starting {name}")
        try:
            started.append(stack.enter_context(begin()))
        except (NotHere, OSError) as error:
            missing[name] = str(error)
            say(f"{name} is NOT measured: {error}")
    return started, missing


def show(measured: table.Measured, started: list[Forum], missing: dict[str, str]) -> None:
    names = [forum.name for forum in started]
    say("\nRequests a second (p50/p95 in ms) [CPU ms with data stores] KB of the page")
    say(table.plain(list(table.rows(measured, names))))
    say("\n" + table.plain(list(table.ratios(measured, names))))
    for forum in started:
        for note in forum.notes:
            say(f"{forum.name}: {note}")
    for name, reason in missing.items():
        say(f"{name} is NOT measured: {reason}")


def keep(
    measured: table.Measured,
    started: list[Forum],
    missing: dict[str, str],
    running: Stores,
    before: tuple[float, float, float],
) -> None:
    with running.connect() as rows:
        found = rows.execute("SHOW server_version").fetchone()
    written: dict[str, Any] = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "cores": os.cpu_count()},
        "load": {"before": before, "after": os.getloadavg()},
        "versions": {
            "python": platform.python_version(),
            "postgresql": found and found[0],
            "sqlite": sqlite3.sqlite_version,
            **{forum.name: forum.versions for forum in started},
        },
        "settings": {
            **asdict(SIZE), "processes": WORKERS, "connections": CONNECTIONS,
            "seconds": SECONDS, "word": WORD, "postgresql": SETTINGS,
        },
        "notes": {forum.name: forum.notes for forum in started},
        "not measured": missing,
        "pages": {page: plain(cells) for page, cells in measured.items()},
    }  # fmt: skip
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "bench-peers.json").write_text(json.dumps(written, indent=1) + "\n")
    lines = [*table.rows(measured, [forum.name for forum in started])]
    (ROOT / "var" / "bench-peers.md").write_text(table.markdown(lines) + "\n")


def plain(cells: dict[str, Figures | str]) -> dict[str, Any]:
    return {name: one if isinstance(one, str) else asdict(one) for name, one in cells.items()}


if __name__ == "__main__":
    main()
