"""A meeting typed by two note takers at once, one of them without a connection for a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.chromium import CHROMIUM
from tests.replay.stage import replay, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.any_engine,
    pytest.mark.skipif(
        not CHROMIUM and os.environ.get("CI") != "true",
        reason="Chromium is not installed (Debian: chromium)",
    ),
]

MEETING = Path(__file__).parent / "meeting.md"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as address:
        yield address
    app.config["WTF_CSRF_ENABLED"] = False


def test_the_notes_are_the_minutes_and_every_action_is_a_record(app: Flask, address: str) -> None:
    outcome = replay(app, address, MEETING.read_text(), speed=100, offline_seconds=2)

    assert outcome.written == outcome.source
    assert outcome.missing == []
    assert sorted(owner for _line, owner in outcome.actions) == [
        "Ines",
        "Network office",
        "Omar",
        "Rosa",
    ]
    assert outcome.told.typed_offline > 0
    assert outcome.told.clashes == 0
