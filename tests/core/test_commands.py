"""Commands are found by name, and web processes carry nothing of what only they need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context
from flask import Flask

from app.wiring import COMMANDS
from config import ROOT

pytestmark = pytest.mark.any_engine

LARGE = ["alembic", "docx", "odfdo", "typst", "waitress", "app.demo", "app.exchange"]


def test_every_command_is_where_it_is_said(app: Flask) -> None:
    context = Context(app.cli)
    names = {name: app.cli.get_command(context, name) for name in app.cli.list_commands(context)}

    assert {name: found.name for name, found in names.items() if found} == {
        name: name for name in COMMANDS
    }
    assert app.cli.get_command(context, "unknown") is None


def test_web_process_loads_nothing_that_only_commands_and_files_need(tmp_path: Path) -> None:
    said = (
        f"import wsgi, sys; wsgi.behind_proxy(); print(*[n for n in {LARGE} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT, env=os.environ | {"DATA_DIR": str(tmp_path)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip

    assert done.stdout.strip() == ""
