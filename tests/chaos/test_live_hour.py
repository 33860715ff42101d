"""The live hour in short: nobody is turned away, and everybody sees the last question."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.chaos.live_hour import gather, run
from tests.deploy.web import serving

PEOPLE, SECONDS, EVERY = 60, 10.0, 3.0


@pytest.mark.chaos
def test_everybody_in_the_live_hour_sees_the_last_question(
    demo: Flask, settings: Settings, tmp_path: Path
) -> None:
    town = gather(demo, PEOPLE)
    environment = {
        "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url, "DEMO": "1",
        "LOG_LEVEL": "error", "SECRET_KEY": settings.secret_key,
    }  # fmt: skip

    with serving(tmp_path, "wsgi:behind_proxy()", environment) as web:
        hour = run(web, town, PEOPLE, SECONDS, EVERY)

    print("\n" + "\n".join(hour.lines()))
    assert hour.seen.wrong == []
    assert len(hour.seen.times["poll"]) >= PEOPLE
    assert len(hour.seen.times["page"]) > 0
    assert len(hour.seen.times["write"]) > 0
