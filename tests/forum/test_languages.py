"""The languages that people write in are called as they call themselves."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.forum.languages import CODES, language_choices
from config import ROOT

pytestmark = pytest.mark.any_engine

# In a process of its own: Babel keeps what it read for good.
BABEL = """
import sys
from babel import Locale
for code in sys.argv[1:]:
    name = Locale.parse(code).get_display_name(code)
    sys.stdout.buffer.write(f"{name[0].upper()}{name[1:]}\\n".encode())
"""


def test_names_are_those_that_babel_knows() -> None:
    said = subprocess.run(
        [sys.executable, "-c", BABEL, *CODES], cwd=ROOT, capture_output=True, check=True
    )

    assert [name for _, name in language_choices()] == said.stdout.decode().splitlines()


def test_names_stand_in_order() -> None:
    names = [name for _, name in language_choices()]

    assert names == sorted(names)
