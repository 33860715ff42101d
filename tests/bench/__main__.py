"""Measure, print a table, write var/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import tempfile
import urllib.error
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config import ROOT
from tests.bench import ceiling, community
from tests.bench.client import CONNECTIONS, Figures, measure
from tests.bench.server import THREADS, WORKERS, Server, serving

REQUESTS = int(os.environ.get("REQUESTS", "400"))
CEILING = "ceiling: 20 rows"
PACKAGES = ["flask", "werkzeug", "sqlalchemy", "jinja2", "gunicorn"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = ceilings(folder) | pages(folder)
    show(figures)
    keep(figures)


def ceilings(folder: str) -> dict[str, Figures]:
    ceiling.fill(folder)
    with serving(f"tests.bench.ceiling:make('{folder}')", {}) as server:
        return {
            "ceiling: hello": measure(server, "/healthz", REQUESTS * 4),
            CEILING: measure(server, "/rows", REQUESTS * 2),
        }


def pages(folder: str) -> dict[str, Figures]:
    database = f"sqlite:///{Path(folder) / 'bench.db'}"
    environment = {**os.environ, "DATA_DIR": folder, "DATABASE_URL": database, "DEMO": "1"}
    community.load(environment)
    paths = community.addresses(database)
    with serving("wsgi:behind_proxy()", environment) as server:
        visitor = asked_by(server, paths, "visitor", "")
        return visitor | asked_by(server, paths, "member", community.sign_in(server.port))


def asked_by(server: Server, paths: dict[str, str], who: str, cookie: str) -> dict[str, Figures]:
    measured = {}
    for name, path in paths.items():
        try:
            final = community.where(server.port, path, cookie)
        except urllib.error.HTTPError as error:
            print(f"{name}, {who}: not measured, the answer is {error.code}")
            continue
        measured[f"{name}, {who}"] = measure(server, final, REQUESTS, cookie)
    return measured


def show(figures: dict[str, Figures]) -> None:
    print(f"{WORKERS} processes of {THREADS} threads, {CONNECTIONS} connections, SQLite, demo")
    print(f"{'':<24}{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'x ceiling':>11}{'KB':>8}")
    for name, f in figures.items():
        print(
            f"{name:<24}{f.per_second:>8.0f}{f.p50:>8.1f}{f.p95:>8.1f}{f.cpu:>8.2f}"
            f"{ratio(f, figures):>11.1f}{f.bytes / 1024:>8.1f}"
        )


def ratio(one: Figures, figures: dict[str, Figures]) -> float:
    """CPU time beside that of the page of twenty rows: steadier than a second on a busy machine."""
    return round(one.cpu / max(figures[CEILING].cpu, 0.01), 1)


def keep(figures: dict[str, Figures]) -> None:
    written: dict[str, Any] = {
        "machine": {"system": platform.platform(), "cores": os.cpu_count()},
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in PACKAGES},
        },
        "settings": {
            "processes": WORKERS, "threads": THREADS, "connections": CONNECTIONS,
            "requests": REQUESTS,
        },
        "load": os.getloadavg(),
        "pages": {n: {**asdict(f), "ratio": ratio(f, figures)} for n, f in figures.items()},
    }  # fmt: skip
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "bench.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
