"""Who asks: signed-in members, each with a session and a token for forms, and many visitors."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from config import ROOT

VISITORS = 8_192
"""As many addresses ask, so that nobody asks more often than a visitor may."""

ASKING = 400
"""So many members ask in turn for a first look: hardly one whom the same process has seen there."""


@dataclass(frozen=True)
class Member:
    user_id: int
    cookie: str
    token: str


def members(environment: dict[str, str], count: int) -> list[Member]:
    """Sessions of members, opened by another process in the database of the run."""
    asked = [sys.executable, "-m", "tests.bench.sessions", str(count)]
    printed = subprocess.run(
        asked, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return [Member(*row) for row in json.loads(printed)]


def address(number: int) -> str:
    """The header in which the proxy in front says who asks."""
    number %= VISITORS
    return f"X-Forwarded-For: 198.18.{number // 256}.{number % 256}"
