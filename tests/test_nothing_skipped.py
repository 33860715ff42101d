"""The rule about skipped tests, tried on a small test run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

pytestmark = pytest.mark.any_engine

SKIPS = """
import pytest

@pytest.mark.skip(reason="Chromium is not installed")
def test_one():
    pass

@pytest.mark.xfail
def test_two():
    raise ValueError
"""


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_skipped_tests_fail_on_the_build_machine_only(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "test_it.py").write_text(SKIPS)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider",
         "-p", "tests.nothing_skipped", "-rs", "--rootdir", tmp_path, tmp_path],
        cwd=ROOT, env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode == code, run.stdout
    assert "Chromium is not installed" in run.stdout
    assert ("nothing may be skipped" in run.stdout) is (code == 1)
