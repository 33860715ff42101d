"""`make bench`: CPU time of pages against the ceiling of the same run, on the demo community."""

from __future__ import annotations

import json
import platform
import tempfile
import time
from collections.abc import Callable

from flask import Flask, render_template_string
from flask_migrate import upgrade

from app import create_app
from config import ROOT, read_settings

ROUNDS = 60
PAGES = ["/", "/topics", "/webinars", "/cities", "/healthz"]
CEILING = "<!doctype html><ul>{% for n in range(20) %}<li><p>{{ n }} {{ 'word ' * 160 }}</p>{% endfor %}</ul>"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"DATA_DIR": folder, "DEMO": "1"}))
        with app.app_context():
            upgrade()
        app.test_cli_runner().invoke(args=["demo", "load"])
        figures = {"ceiling: template of 20 rows": cpu_ms(lambda: plain_page(app))}
        browser = app.test_client()
        figures |= {page: cpu_ms(lambda page=page: browser.get(page).data) for page in PAGES}
    report(figures)


def plain_page(app: Flask) -> str:
    with app.app_context():
        return render_template_string(CEILING)


def cpu_ms(ask: Callable[[], object]) -> float:
    """CPU milliseconds of one call, the mean after a warm-up."""
    for _ in range(5):
        ask()
    begun = time.process_time()
    for _ in range(ROUNDS):
        ask()
    return round((time.process_time() - begun) / ROUNDS * 1000, 2)


def report(figures: dict[str, float]) -> None:
    print(f"CPU ms per page, in one process, visitor, SQLite, Python {platform.python_version()}")
    for name, figure in figures.items():
        print(f"  {name:<30} {figure:8.2f}")
    (ROOT / "var").mkdir(exist_ok=True)
    written = {"machine": platform.machine(), "python": platform.python_version(), "ms": figures}
    (ROOT / "var" / "bench.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
