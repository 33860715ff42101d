"""How fast pages are, beside what is the most this server, database and machine can do.

`python -m tests.bench`                  every page on SQLite, then on PostgreSQL
`python -m tests.bench growth`           every page among 20,000 and among 1,000,000 posts
                                         (FEW=20000-in-2000, MANY=1000000-in-100000 threads;
                                         ROUNDS=2: twice each, and the least counts)
`python -m tests.bench profile PAGE`     where the time of one page goes (a name or an address)
`python -m tests.bench load`             only load the data sets

An answer with another status than the expected ends the run with its line.

GROWTH=1 and PROFILE=page ask for the same without a word. DATABASES=sqlite,postgresql, THREADS,
POSTS, PAGE_SECONDS, ONLY=names of pages, WHO=visitor (for profile), BENCH_DIR and WORKERS change
it. Data sets stay in var/bench.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import ROOT
from tests.bench import growth, report
from tests.bench.client import WrongAnswer
from tests.bench.databases import POSTGRESQL, SQLITE, Size, opened
from tests.bench.run import run_on
from tests.bench.stage import Run

ENGINES = [one.strip() for one in os.environ.get("DATABASES", "").split(",") if one.strip()]
DEFAULT = Size()
SIZE = Size(
    int(os.environ.get("THREADS") or DEFAULT.threads), int(os.environ.get("POSTS") or DEFAULT.posts)
)

GROWTH = report.RAW.with_name("bench-growth.json")


def measure() -> None:
    runs: list[Run] = []
    for engine in ENGINES or [SQLITE, POSTGRESQL]:
        with opened(engine, SIZE) as database:
            runs.append(Run(engine))
            with ending(runs, SIZE, report.RAW):
                run_on(database, runs[-1])
        print(report.table(runs[-1]), end="\n\n", flush=True)
    print(f"Written to {report.RAW}")


def grow() -> None:
    runs: list[Run] = []
    for engine in ENGINES or [SQLITE, POSTGRESQL]:
        with ending(runs, growth.MANY, GROWTH):
            growth.grow(engine, runs)
        print(growth.table(runs[-2], runs[-1]), end="\n\n", flush=True)
    print(f"Written to {GROWTH}")


@contextmanager
def ending(runs: list[Run], size: Size, path: Path) -> Iterator[None]:
    """Write what was found, even if another status than the expected ends the run."""
    try:
        yield
    except WrongAnswer as error:
        report.keep(runs, size, path)
        raise SystemExit(f"bench: {runs[-1].engine}: {error}") from None
    report.keep(runs, size, path)


def load() -> None:
    for engine in ENGINES or [SQLITE, POSTGRESQL]:
        with opened(engine, SIZE) as database:
            print(f"{engine}: {SIZE.name} is there ({database.url})")


def profile(words: str) -> None:
    who = os.environ.get("WHO", "member")
    lines = f"from tests.bench.inside import profile; profile({words!r}, {who!r})"
    asked = [sys.executable, "-c", lines]
    if os.environ.get("DATA_DIR") or os.environ.get("DATABASE_URL"):
        subprocess.run(asked, cwd=ROOT, check=True)
        return
    for engine in ENGINES or [SQLITE]:
        with opened(engine, SIZE) as database:
            subprocess.run(asked, cwd=ROOT, env=database.environment(), check=True)


def main(words: list[str]) -> None:
    page = os.environ.get("PROFILE") if not words else None
    words = words or (["growth"] if os.environ.get("GROWTH") and not page else [])
    if page:
        profile("thread of 20" if page == "1" else page)
    elif not words:
        measure()
    elif words[0] == "growth":
        grow()
    elif words[0] == "load":
        load()
    elif words[0] == "profile" and len(words) == 2:
        profile(words[1])
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
