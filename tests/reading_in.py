"""The processes of a run share the reading-in of test files that nobody read since they changed.

Each would rewrite the assertions of all of them, at the same time as the others. So each begins
with its own part: what it wrote beside those files is there when the others come to them.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest


def read_own_part(config: pytest.Config) -> None:
    me = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    all_of_us = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if all_of_us == 1 or not me.isdecimal():
        return
    folders = [path for one in config.args if (path := config.rootpath / one).is_dir()]
    files = sorted({file for folder in folders for file in folder.rglob("test_*.py")})
    for file in files[int(me) :: all_of_us]:
        with suppress(Exception):  # what is wrong with it is said when it is collected
            import_module(_name(file.relative_to(config.rootpath)))


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)
