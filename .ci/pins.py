"""Print what to install, from pyproject.toml: `pins.py` for running, `pins.py test` for testing.

Standard library only: it runs before anything is installed.
"""

import sys
import tomllib
from pathlib import Path

OWN = "interurban["


def pins(extras):
    """The pinned packages of these extras, and of the extras those name."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        for entry in project["optional-dependencies"][extra]:
            if entry.startswith(OWN):
                extras.extend(entry.removeprefix(OWN).rstrip("]").split(","))
            else:
                wanted.append(entry)
    return sorted(set(wanted))


print("\n".join(pins([*sys.argv[1:]] or [])))
