"""A webinar's life with workers that die: every person gets exactly the right set of mails."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.chaos.webinar import BREEZE, STORM, run
from tests.databases import Database

SEED = "SEED"
SECONDS = "CHAOS_SECONDS"


@pytest.mark.chaos
def test_killed_workers_tell_everybody_everything_once(
    app: Flask, settings: Settings, rows: Database, tmp_path: Path
) -> None:
    """One life; with CHAOS_SECONDS= as many as fit in, each with the next seed."""
    first = int(os.environ.get(SEED, random.SystemRandom().randrange(10**6)))
    is_long = SECONDS in os.environ
    until = time.monotonic() + float(os.environ.get(SECONDS, "0"))
    for seed in range(first, first + 10_000):
        folder = tmp_path / str(seed)
        folder.mkdir()
        rows.empty()
        outcome = run(settings, random.Random(seed), folder, STORM if is_long else BREEZE)
        print(f"\nseed {seed}, {outcome.line()}", flush=True)

        assert outcome.faults() == []
        assert outcome.kills > 0
        if time.monotonic() >= until:
            break
