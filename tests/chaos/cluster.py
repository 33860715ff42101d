"""Two web servers and two workers on PostgreSQL and Valkey: parts die and come back under load.

`SECONDS=60 python -m tests.chaos.cluster` kills (SIGKILL) web servers, workers and Valkey, and
checks that no accepted write is lost, each mail is there once, and nothing but what a kill cut
off fails. `DATABASE=1` stops PostgreSQL once as if the power failed. Exit 1 when something is
wrong. `SEED=` repeats the same order of kills.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.core.db import db
from config import Settings, read_settings
from tests.chaos.accounts import Community, Found, found, settle
from tests.chaos.load import Load
from tests.chaos.parts import Part, web_server, worker
from tests.services import Postgresql, Valkey, postgresql_server, valkey

SECRET = "a key for tests only, of fair length"
LEASE_SECONDS = 3
AROUND_A_KILL = 2.0
DATABASE_BACK = 10.0
SLOWEST = 1.0
PATIENCE_SECONDS = 150  # at most; a worker that died last is back and done long before
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass
class Stage:
    """All that runs, and the application that looks at what it leaves behind."""

    app: Flask
    database: Postgresql
    memory: Valkey
    web: list[Part]
    workers: list[Part]


@dataclass(frozen=True)
class Outcome:
    load: Load
    found: Found
    kills: list[tuple[float, str]]
    absences: list[tuple[float, float]]  # from each kill until the part answered again

    def faults(self) -> list[str]:
        """What is wrong however busy the machine is, in words."""
        load = self.load
        lost = {kind: load.accepted[kind] - self.found.once[kind] for kind in load.accepted}
        faults = [f"{len(words)} accepted {kind} are lost" for kind, words in lost.items() if words]
        faults += [f"{what} is there twice" for what in sorted(self.found.twice)]
        faults += [f"{what} has not one mail" for what in sorted(self.found.without_mail)]
        return faults + [f"{n} x {what}" for what, n in load.failed(self.database_away()).items()]

    def delays(self) -> list[str]:
        """What took too long or was cut off without a kill being near."""
        slow = self.load.percentile(99, outside=self.windows())
        cut = self.load.cut(self.windows())
        late = [f"99 % of the answers outside of kills took up to {slow:.2f} s"]
        return (late if slow > SLOWEST else []) + [
            f"{n} x cut for {what}" for what, n in cut.items()
        ]

    def windows(self) -> list[tuple[float, float]]:
        return [(at, at + AROUND_A_KILL) for at, _ in self.kills]

    def database_away(self) -> list[tuple[float, float]]:
        return [(at, at + DATABASE_BACK) for at, who in self.kills if who == "PostgreSQL"]


def run(seconds: float, kills: list[str], rng: random.Random) -> Outcome:
    with stage(Path(os.environ.get("CHAOS_LOG", "/dev/null"))) as all_parts:
        with all_parts.app.app_context():
            community = Community.gather(all_parts.app)
        load = Load(community, [part.port for part in all_parts.web], rng)
        stop = threading.Event()
        deeds: list[tuple[float, str]] = []
        absences: list[tuple[float, float]] = []
        with load.running(stop):
            absences += _kill_in_turn(all_parts, seconds, kills, deeds)
            load.wait_for_each_kind(PATIENCE_SECONDS)
            stop.set()
        with all_parts.app.app_context():
            db.engine.dispose()  # our own connections may be from before
            settle(PATIENCE_SECONDS)
            return Outcome(load, found(load), deeds, absences)


@contextmanager
def stage(log: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        database = stack.enter_context(postgresql_server(**DURABLE))
        memory = stack.enter_context(valkey())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chaos-")))
        settings = _settings(database, memory, folder)
        app = create_app(settings, WTF_CSRF_ENABLED=True)
        with app.app_context():
            upgrade()
        environment = _environment(settings)
        web = [stack.enter_context(web_server(environment, log)) for _ in range(2)]
        workers = [stack.enter_context(worker(environment, log)) for _ in range(2)]
        for part in web:
            part.wait_until_it_answers()
        yield Stage(app, database, memory, web, workers)


def _settings(database: Postgresql, memory: Valkey, folder: Path) -> Settings:
    read = read_settings(
        {"DATA_DIR": str(folder), "DATABASE_URL": database.url, "SECRET_KEY": SECRET}
    )
    return replace(read, redis_url=memory.url)


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "DEMO": "0",
        "WORKERS": "1",
        "SEVERAL_SERVERS": "1",
        "WORKER_LEASE_SECONDS": str(LEASE_SECONDS),
        "WORKER_RETRY_SECONDS": "1",
    }


def _kill_in_turn(
    parts: Stage, seconds: float, kills: list[str], deeds: list[tuple[float, str]]
) -> list[tuple[float, float]]:
    """Spread over the time; who was killed is back before the next one's turn.

    Servers and workers are started again at once, as systemd does; Valkey stays away for a while.
    """
    pause, absences = seconds / (len(kills) + 1), []
    for kill in kills:
        time.sleep(pause)
        deeds.append((time.monotonic(), kill))
        back = _kill(parts, kill, len(deeds))
        if kill == "Valkey":
            time.sleep(min(4.0, pause / 2))
        back()
        absences.append((deeds[-1][0], time.monotonic()))
    time.sleep(pause)
    return absences


def _kill(parts: Stage, what: str, deeds: int) -> Callable[[], None]:
    """Give what brings it back."""
    if what == "Valkey":
        parts.memory.kill()
        return parts.memory.start
    if what == "PostgreSQL":
        parts.database.stop(signal.SIGQUIT)
        parts.database.start()
        return lambda: None
    parts_of_kind = parts.web if what == "web" else parts.workers
    part = parts_of_kind[deeds % 2]
    part.kill()

    def back() -> None:
        part.start()
        if part.port:
            part.wait_until_it_answers()

    return back


def main() -> int:
    seconds = float(os.environ.get("SECONDS", "60"))
    seed = int(os.environ.get("SEED") or random.randrange(10_000))
    rng = random.Random(seed)
    kills = ["web", "worker", "Valkey", "web", "worker"]
    if os.environ.get("DATABASE"):
        kills.append("PostgreSQL")
    rng.shuffle(kills)
    print(f"seed {seed}, {seconds:g} s, kills: {', '.join(kills)}", flush=True)
    outcome = run(seconds, kills, rng)
    for line in outcome.load.table(outcome.windows(), outcome.found):
        print(line)
    whole = outcome.load.percentile(99, outside=outcome.windows() + outcome.absences)
    print(f"99 % while all parts were there: {whole:.3f} s")
    faults = outcome.faults() + outcome.delays()
    for fault in faults:
        print("WRONG:", fault)
    print("all is well" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
