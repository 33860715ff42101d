"""What `make run` installs is enough: packages of extras are asked for where they are used."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from config import ROOT

pytestmark = pytest.mark.any_engine

WITHOUT = """
import sys

class Missing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {missing}:
            raise ModuleNotFoundError(f"{{name}} is not installed", name=name)

sys.meta_path.insert(0, Missing)
import wsgi
from flask_migrate import upgrade

with wsgi.app.app_context():
    upgrade()
wsgi.behind_proxy()
browser = wsgi.app.test_client()
print(*(browser.get(path).status_code for path in ("/", "/topics", "/search?q=rent", "/webinars")))
"""


def test_application_answers_without_the_packages_of_extras(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=packages_of("scale", "trace"))],
        cwd=ROOT, env=plain(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert asked.stdout.split()[-4:] == ["200"] * 4, asked.stderr[-2000:]


def packages_of(*extras: str) -> set[str]:
    """As they are imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = chain(*(project["optional-dependencies"][extra] for extra in extras))
    return {re.split(r"[-\[=]", pin)[0] for pin in pins}


def plain(folder: Path) -> dict[str, str]:
    known = {"PATH", "HOME", "LANG"}
    kept = {name: value for name, value in os.environ.items() if name in known}
    return kept | {"DATA_DIR": str(folder), "SECRET_KEY": "x" * 40, "DEMO": "0"}


def test_they_are_those_that_extras_name() -> None:
    assert packages_of("scale") == {"granian", "obstore", "psycopg", "redis"}
    assert packages_of("trace") == {"opentelemetry"}
