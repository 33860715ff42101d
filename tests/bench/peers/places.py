"""Where the rivals live: an environment of their own for each, data and logs, none of it ours."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config import ROOT
from tests.bench.databases import Size

HOME = Path(os.environ.get("PEERS_DIR") or ROOT / "var" / "peers").resolve()
SIZE = Size(int(os.environ.get("THREADS", "20000")), int(os.environ.get("POSTS", "200000")))
THEIRS = Path(__file__).parent / "theirs"
CROWD = ROOT / "app" / "demo" / "crowd"
OURS_ALONE = {"meetings.py", "minutes.py"}  # no rival has webinars or notes


class NotHere(Exception):
    """A rival cannot run on this machine. The text says why."""


def data_key(name: str) -> str:
    """Names the filled database of a rival: when what fills it changes, it is filled anew."""
    digest = hashlib.sha256()
    filling = [THEIRS / "reading.py", THEIRS / f"fill_{name}.py"]
    shared = sorted(one for one in CROWD.iterdir() if one.is_file())
    for path in [*(one for one in shared if one.name not in OURS_ALONE), *filling]:
        digest.update(path.read_bytes())
    return f"{name}_{SIZE.threads}_{SIZE.posts}_{digest.hexdigest()[:8]}"


def environment(name: str, lowest: tuple[int, int], pins: list[str]) -> Path:
    """The programs of a rival's environment, installed once for these pins."""
    place = HOME / name / "env"
    ready = place / "pins.txt"
    if not ready.exists() or ready.read_text().split() != pins:
        python = _python(lowest)
        print(f"Installing {' '.join(pins)}", flush=True)
        _quiet([python, "-m", "venv", "--clear", str(place)], name)
        _quiet([str(place / "bin" / "pip"), "install", *pins], name)
        ready.write_text("\n".join(pins))
    return place / "bin"


def versions(programs: Path, names: list[str]) -> dict[str, str]:
    code = "import sys,importlib.metadata as m;print(*[m.version(n) for n in sys.argv[1:]])"
    asked = [str(programs / "python"), "-c", code, *names]
    found = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    return dict(zip(names, found, strict=True))


def _python(lowest: tuple[int, int]) -> str:
    """The first interpreter new enough: the running one, the PATH, where pyenv keeps its own."""
    for one in [os.environ.get("PEERS_PYTHON", ""), sys.executable, *_found(lowest)]:
        if one and _version(one) >= lowest:
            return one
    wanted = ".".join(map(str, lowest))
    raise NotHere(f"needs Python {wanted}, not found here; name one with PEERS_PYTHON=/path")


def _found(lowest: tuple[int, int]) -> Iterator[str]:
    for minor in range(lowest[1], lowest[1] + 4):
        yield f"python3.{minor}"
        yield from map(str, Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))


def _version(python: str) -> tuple[int, int]:
    code = "import sys; print(*sys.version_info[:2])"
    try:
        said = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return (0, 0)
    major, minor = map(int, said.stdout.split())
    return (major, minor)


def _quiet(command: list[str], name: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"{name} cannot be installed: {done.stderr.strip()[-600:]}")
