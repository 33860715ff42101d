"""Five hundred people in the live hour beside normal use, on two web processes.

`SECONDS=60 python -m tests.chaos.live_hour` starts the server as `make serve` does, with the demo
community and a webinar that is live now: 500 registrations, 40 questions, an open poll. A few
readers load pages while somebody asks or votes every two seconds; first alone, then beside 500
people whose join page asks every ten seconds what is new. It prints both runs side by side and
ends with 1 when an aim is missed. `PEOPLE=`, `EVERY=` (10 s), `DATABASE=postgresql`.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_migrate import upgrade

from app import create_app
from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.clock import utcnow
from app.core.db import db, write
from app.polls.enums import PollState
from app.polls.models import QuickPoll, QuickPollOption
from app.questions.models import Question
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar
from config import Settings, read_settings
from tests.bench.server import cpu_seconds, descendants
from tests.chaos.live_crowd import Participant, Reader, Seen, Writer, hour
from tests.deploy.web import Web, serving
from tests.factories import make_user
from tests.factories_webinars import make_webinar
from tests.services import postgresql_server

SECRET = "a key for this hour only, of fair length"
QUESTIONS = 40
PAGES_P95, POLLS_P95 = 300.0, 50.0
SPARE = 4  # seconds between two runs


@dataclass(frozen=True)
class Town:
    """What was laid down for the hour: the webinar, its people, and pages to read."""

    webinar_id: int
    people: list[Participant]
    cookies: list[str]
    pages: list[str]
    tokens: list[str]

    def readers(self) -> list[Reader]:
        """Two members and two visitors."""
        join = [f"/webinars/{self.webinar_id}/join"]
        members = [Reader([*self.pages, *join], cookie) for cookie in self.cookies[:2]]
        return [*members, Reader(self.pages), Reader(self.pages)]

    def writer(self) -> Writer:
        return Writer(self.webinar_id, self.tokens)


@dataclass(frozen=True)
class Run:
    people: int
    seen: Seen
    seconds: float
    server_cpu: float
    client_cpu: float

    def percentile(self, kind: str, percent: int) -> float:
        times = sorted(self.seen.times.get(kind, []))
        return times[min(len(times) - 1, len(times) * percent // 100)] if times else 0.0

    def lines(self) -> Iterator[str]:
        for kind in ("page", "poll", "write"):
            times = self.seen.times.get(kind, [])
            if times:
                spread = [f"p{p} {self.percentile(kind, p):.1f}" for p in (50, 95, 99)]
                mean = statistics.fmean(times)
                yield f"  {kind}: {len(times)}, mean {mean:.1f} ms, {', '.join(spread)} ms"
        yield f"  answers: {dict(sorted(self.seen.answers.items()))}"
        share = 100 / self.seconds
        yield (f"  CPU of one core: server {self.server_cpu * share:.0f} %, "
               f"clients {self.client_cpu * share:.0f} %")  # fmt: skip
        yield f"  errors: {len(self.seen.wrong)} {self.seen.wrong[:3] or ''}"

    def faults(self) -> list[str]:
        late = []
        if self.percentile("page", 95) >= PAGES_P95:
            late.append(f"pages: p95 {self.percentile('page', 95):.0f} ms")
        if self.percentile("poll", 95) >= POLLS_P95:
            late.append(f"polls: p95 {self.percentile('poll', 95):.0f} ms")
        return late + self.seen.wrong


def gather(app: Flask, count: int) -> Town:
    """In the demo community. Half of the people are members, half are guests with a link."""
    with app.app_context():
        started = utcnow() - timedelta(minutes=10)
        webinar = make_webinar(
            "What the hour costs", starts_at=started, ends_at=started + timedelta(hours=2)
        )
        members = [make_user() for _ in range(count // 2)] or [make_user()]
        tokens = [secrets.token_urlsafe(24) for _ in range(max(count, 20))]
        with write() as rows:
            sids = [open_session(member) for member in members]
            rows.add_all(_registration(webinar, members, tokens, n) for n in range(len(tokens)))
            rows.add_all(_question(webinar, n) for n in range(QUESTIONS))
            rows.add(_poll(webinar))
        cookies = [_cookie(app, *pair) for pair in zip(members, sids, strict=True)]
        guests = tokens[len(members) :]
        people = [Participant(webinar.id, cookie=cookie) for cookie in cookies]
        people += [Participant(webinar.id, token) for token in guests]
        pages = ["/", "/threads/1", "/threads/9", f"/webinars/{webinar.id}-what-the-hour-costs"]
        return Town(webinar.id, people[:count], cookies, pages, guests[:100] or tokens)


def _registration(
    webinar: Webinar, members: list[User], tokens: list[str], number: int
) -> Registration:
    member, now = members[number] if number < len(members) else None, utcnow()
    return Registration(
        webinar_id=webinar.id, user_id=member.id if member else None,
        email=member.email.lower() if member else f"guest{number}@demo.invalid",
        name="Housing officer", language="en", timezone="Europe/Brussels", city_label="York",
        state=RegistrationState.CONFIRMED, token=tokens[number],
        created_at=now, queued_at=now, confirmed_at=now,
    )  # fmt: skip


def _question(webinar: Webinar, number: int) -> Question:
    body = f"How did you begin, and what would you do another way, in step {number}?"
    return Question(webinar_id=webinar.id, body=body, language="en", asked_at=utcnow())


def _poll(webinar: Webinar) -> QuickPoll:
    now = utcnow()
    options = [QuickPollOption(position=n, label=f"Answer {n}") for n in range(1, 5)]
    said = {"position": 1, "question": "Who has a plan?", "state": PollState.OPEN}
    return QuickPoll(webinar_id=webinar.id, created_at=now, opened_at=now, options=options, **said)


def _cookie(app: Flask, member: User, sid: str) -> str:
    sessions: Any = app.session_interface
    with app.test_request_context():
        session.update(_user_id=member.fs_uniquifier, _fresh=True, _permanent=True, sid=sid)
        signed = sessions.get_signing_serializer(app).dumps(dict(session))
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def run(web: Web, town: Town, people: int, seconds: float, every: float) -> Run:
    pids = [web.process.pid, *descendants(web.process.pid)]
    server, client, began = cpu_seconds(pids), time.process_time(), time.perf_counter()
    crowd = [replace(person) for person in town.people[:people]]
    walk = hour(web.place, town.readers(), crowd, town.writer(), seconds, every)
    with ThreadPoolExecutor(1) as beside:  # whoever drives a browser here has a loop of its own
        seen = beside.submit(asyncio.run, walk).result()
    took = time.perf_counter() - began
    return Run(people, seen, took, cpu_seconds(pids) - server, time.process_time() - client)


@contextmanager
def stage(database_url: str, folder: Path, count: int) -> Iterator[tuple[Web, Town]]:
    environment = {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "SECRET_KEY": SECRET,
                   "DEMO": "1", "LOG_LEVEL": "error"}  # fmt: skip
    app = create_app(_settings(environment))
    with app.app_context():
        upgrade()
    app.test_cli_runner().invoke(args=["demo", "load"], catch_exceptions=False)
    town = gather(app, count)
    with app.app_context():
        db.engine.dispose()
    with serving(folder, "wsgi:behind_proxy()", environment) as web:
        yield web, town


def _settings(environment: dict[str, str]) -> Settings:
    return read_settings(environment)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    if os.environ.get("DATABASE") != "postgresql":
        yield f"sqlite:///{folder}/hour.db"
        return
    with postgresql_server() as server:
        yield server.url


def main() -> int:
    seconds, people = float(os.environ.get("SECONDS", "60")), int(os.environ.get("PEOPLE", "500"))
    every = float(os.environ.get("EVERY", "10"))
    random.seed(int(os.environ.get("SEED", "6")))
    with (
        tempfile.TemporaryDirectory() as name,
        _database(Path(name)) as url,
        stage(url, Path(name), people) as (web, town),
    ):
        run(web, town, 0, SPARE, every)  # the first of each page is made for everybody
        runs = [run(web, town, count, seconds, every) for count in (0, people)]
    for one in runs:
        print(f"{one.people} people, {one.seconds:.0f} s", *one.lines(), sep="\n", flush=True)
    faults = [f"{one.people} people: {fault}" for one in runs for fault in one.faults()]
    print(f"load of the machine: {os.getloadavg()[0]:.1f}", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
