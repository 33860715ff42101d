"""One run on one database: ceilings, pages, validators, polling, writing, memory, weight."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from config import ROOT
from tests.bench import ceiling, people
from tests.bench.client import WrongAnswer, get, in_turn
from tests.bench.databases import PLACE, SQLITE, Database
from tests.bench.measuring import Target, measure
from tests.bench.pages import ONLY, Page, pages, wanted
from tests.bench.reading import measure_page, measure_polling, measure_validators
from tests.bench.server import descendants, memory, serving, working
from tests.bench.stage import Run, Stage, said
from tests.bench.weighing import weigh
from tests.bench.writing import measure_registrations, measure_replies

MEMBERS = 2_000
CEILINGS = {"hello": "/healthz", "Jinja page": "/jinja", "20 rows": "/rows", "cached": "/cached"}


def run_on(database: Database, run: Run, *, with_writing: bool = True) -> None:
    """Measure everything; without writing: pages only. Raise WrongAnswer at another status."""
    measure_ceilings(database, run)
    found = all_pages(database)
    with started(database, run) as stage:
        _note_memory(stage, "at the start")
        for page in found:
            measure_page(stage, page)
        _note_memory(stage, "after the pages")
        if with_writing and not ONLY:
            _measure_the_rest(stage, found)
    if database.engine == SQLITE and with_writing and not ONLY:
        with started(database, Run(database.engine), WORKERS="1") as stage:
            measure_replies(stage, "replies, one process")
            run.pages |= stage.run.pages
    run.inside.update(measured_inside(database))


def _measure_the_rest(stage: Stage, found: list[Page]) -> None:
    measure_validators(stage, found)
    measure_polling(stage, found)
    measure_replies(stage)
    measure_registrations(stage)
    weigh(stage, found)
    _note_memory(stage, "after everything")


def _note_memory(stage: Stage, when: str) -> None:
    """Of the web processes with their parents, and of the worker."""
    web, worker = ([first, *descendants(first)] for first in stage.pids)
    found = {"web and worker": memory(web + worker), "worker": memory(worker)}
    for who, megabytes in found.items():
        stage.run.others[f"memory of {who} {when}, MB"] = megabytes.pss
        stage.run.others[f"memory of {who} {when}, each alone (RSS), MB"] = megabytes.rss


def measure_ceilings(database: Database, run: Run) -> None:
    ceiling.fill(database.ceiling_url)
    environment = database.environment() | {ceiling.URL: database.ceiling_url}
    log = database.folder / "ceiling.log"
    with serving(environment, log, "tests.bench.ceiling:make()") as server:
        target = Target(server.port, (server.pid,), database.server_pid)
        for name, path in CEILINGS.items():
            run.ceilings[name] = measure(target, in_turn([get(path)]))
            said(f"ceiling, {name}: {run.ceilings[name].per_second:.0f}/s")


@contextmanager
def started(database: Database, run: Run, **changed: str) -> Iterator[Stage]:
    """Web processes and the worker of the product."""
    environment = database.environment() | changed
    known = people.members(environment, MEMBERS)
    with serving(environment, database.folder / "web.log") as server:
        run.others["start to first answer, s"] = round(server.started_in, 2)
        with working(environment, database.folder / "worker.log") as worker:
            # The worker's CPU time is not a page's: it counts in memory only.
            target = Target(server.port, (server.pid,), database.server_pid)
            try:
                yield Stage(database, target, (server.pid, worker), known, run)
            except WrongAnswer as error:
                kept = shutil.copy(database.folder / "web.log", PLACE / "wrong-answer.log")
                raise WrongAnswer(f"{error}; the server's log is {kept}") from None


def all_pages(database: Database) -> list[Page]:
    engine = sa.create_engine(database.url)
    with engine.connect() as connection:
        found = wanted(pages(connection))
    engine.dispose()
    return found


def measured_inside(database: Database) -> dict[str, dict[str, float]]:
    """Statements of each page, counted in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.inside"],
        cwd=ROOT, env=database.environment(), check=False, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode:
        raise WrongAnswer("pages were refused while their statements were counted")
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found
