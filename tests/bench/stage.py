"""What is being measured and by whom, and what was found."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from tests.bench.client import WrongAnswer, get, one
from tests.bench.databases import Database
from tests.bench.measuring import Figures, Target
from tests.bench.pages import MEMBER
from tests.bench.people import Member, address


@dataclass
class Run:
    """Everything that one run found, by name."""

    engine: str
    ceilings: dict[str, Figures] = field(default_factory=dict)
    pages: dict[str, Figures] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)
    inside: dict[str, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Stage:
    """What is being measured, and who asks."""

    database: Database
    target: Target
    pids: tuple[int, ...]  # of web processes and worker
    members: list[Member]
    run: Run

    def keep(self, name: str, figures: Figures) -> None:
        self.run.pages[name] = figures
        said(f"{name}: {figures.per_second:.0f}/s, {figures.cpu:.2f} CPU ms")


def said(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def where(stage: Stage, path: str, who: str) -> str:
    """The address at the end of redirects. Raise WrongAnswer when there is no page."""
    cookie = stage.members[0].cookie if who == MEMBER else ""
    for _ in range(4):
        status, headers, _ = one(stage.target.port, get(path, address(0), cookie=cookie))
        if status == "200":
            return path
        if status not in {"301", "302", "308"}:
            raise WrongAnswer(f"GET {path} as {who} answered {status} instead of 200")
        parts = urlsplit(headers["location"])
        path = parts.path + (f"?{parts.query}" if parts.query else "")
    raise WrongAnswer(f"GET {path} as {who} leads from one address to the next")


def numbers(database: Database, question: str) -> list[int]:
    engine = sa.create_engine(database.url)
    with engine.connect() as rows:
        found = list(rows.scalars(sa.text(question)))
    engine.dispose()
    return found


def count(database: Database, table: str) -> int:
    return numbers(database, f"SELECT count(*) FROM {table}")[0]
