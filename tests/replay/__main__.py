"""python -m tests.replay MINUTES.md [--speed N] [--offline SECONDS]: type real minutes again.

Ends with 0 when every line stands where it stood, and every action became a record with its owner.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from config import read_settings
from tests.replay.stage import Outcome, replay, served


def main() -> int:
    asked = _asked()
    source = asked.minutes.read_text().replace("\r\n", "\n")
    with _application() as app, served(app) as address:
        outcome = replay(app, address, source, speed=asked.speed, offline_seconds=asked.offline)
    _tell(asked.minutes.name, source, outcome)
    return 0 if outcome.is_same_text and not outcome.missing else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("minutes", type=Path, help="minutes in Markdown")
    parser.add_argument("--speed", type=float, default=20.0, help="1: as fast as a person types")
    parser.add_argument("--offline", type=float, default=30.0, help="seconds without connection")
    return parser.parse_args()


@contextmanager
def _application() -> Iterator[Flask]:
    """On an empty database of its own."""
    with TemporaryDirectory(prefix="replay-") as folder:
        settings = read_settings(
            {
                "DATA_DIR": folder,
                "DATABASE_URL": f"sqlite:///{folder}/replay.db",
                "BASE_URL": "http://localhost",
                "SECRET_KEY": "a key for the replay only, of fair length",
            }
        )
        app = create_app(settings, TESTING=True)
        with app.app_context():
            upgrade()
            yield app


def _tell(name: str, source: str, outcome: Outcome) -> None:
    told, out = outcome.told, sys.stdout.write
    out(f"{name}: {len(outcome.source)} lines, {len(source)} signs\n")
    out(f"typed in {told.seconds:.0f} s by two, saved {told.saves} times by key\n")
    out(f"revisions: {outcome.revisions}, clashes: {told.clashes}\n")
    out(f"offline for {told.offline_seconds:.0f} s, {told.typed_offline} signs typed meanwhile\n")
    out(f"text as in the source: {'yes' if outcome.is_same_text else 'NO'}\n")
    out(f"actions in the source: {len(outcome.promises)}, recorded: {len(outcome.actions)}, ")
    out(f"without record or owner: {len(outcome.missing)}\n")
    for promise in outcome.missing:
        out(f"  missing: {promise.owner or 'nobody'}: {promise.line}\n")
    for complaint in told.complaints:
        out(f"  the page complained: {complaint}\n")
    for line in difflib.unified_diff(outcome.source, outcome.written, "source", "notes", n=1):
        out(f"  {line.rstrip()}\n")


if __name__ == "__main__":
    sys.exit(main())
