"""The demo community, told once for this process and copied for each test."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The application with the demo community in it."""
    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 0, answer.output
    return app
