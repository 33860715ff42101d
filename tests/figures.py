"""The figures in the README: `python -m tests.figures` measures them and writes them there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from flask.testing import FlaskClient

from config import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
MEASURED = {
    "/": "home",
    "/topics": "topics",
    "/topics/covid-19-responses": "topic with its threads",
    "/threads/1-what-did-being-a-human-rights-city-change-in-your-covid-19": "thread",
    "/webinars": "webinars",
    "/webinars/5-counting-together-equality-data-in-practice": "webinar",
    "/webinars/2/summary": "summary",
    "/knowledge": "knowledge",
    "/cities": "cities",
    "/search?q=shelter": "search",
    "/calendars/public.ics": "public calendar feed",
}

Counting = Callable[[], AbstractContextManager[list[str]]]


def page_count(app: Flask) -> int:
    """Addresses that answer GET, static files aside."""
    return sum(
        "GET" in (rule.methods or set()) and not rule.endpoint.endswith("static")
        for rule in app.url_map.iter_rules()
    )


def statements(counting: Counting, visitor: FlaskClient, member: FlaskClient) -> list[str]:
    """A row of the table per page: SQL statements for a visitor and for a member."""
    rows = []
    for path, name in MEASURED.items():
        counts = [_count(counting, browser, path) for browser in (visitor, member)]
        rows.append(f"| {name} | {counts[0]} | {counts[1]} |")
    return rows


def _count(counting: Counting, browser: FlaskClient, path: str) -> int:
    first = browser.get(path)
    path = first.location if first.status_code == 301 else path
    browser.get(path)
    with counting() as seen:
        assert browser.get(path).status_code == 200, path
    return len(seen)


def block(tests: int, pages: int, rows: list[str]) -> str:
    head = ["", "| page | SQL statements, visitor | signed in |", "|---|---|---|"]
    both = "Those that a database can answer differently run on PostgreSQL too."
    words = f"{tests} tests on SQLite. {both} {pages} addresses that answer GET."
    return "\n".join([words, *head, *rows]) + "\n"


def block_in_readme() -> str:
    found = BLOCK.search(README.read_text(encoding="utf-8"))
    assert found, "the README has no place for the figures"
    return found[0]


def collected_tests() -> int:
    """How many tests there are, as pytest collects them."""
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return sum("::" in line for line in answer.stdout.splitlines())


def main() -> None:
    """Run the test that measures, let it write instead of compare."""
    readme = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: "to be measured\n", readme), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_figures.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    measured = re.search(r"measured: (\d+) pages\n(.*?)\nend of measured", answer.stdout, re.DOTALL)
    if not measured:
        raise SystemExit(answer.stdout + answer.stderr)
    rows = [line.strip() for line in measured[2].splitlines()]
    words = block(collected_tests(), int(measured[1]), rows)
    README.write_text(BLOCK.sub(lambda _: words, readme), encoding="utf-8")


if __name__ == "__main__":
    main()
