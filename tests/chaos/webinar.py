"""Workers killed at random through the whole life of two webinars: nobody is told twice.

`python -m tests.chaos.webinar` does it over and over: SECONDS= (600), SEED=, and
TEST_DATABASE=postgresql as for the tests. It ends with 1 when somebody got a wrong mail.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP as POLICY
from pathlib import Path

import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Job, JobState
from app.core.leases import MOST_LOST_LEASES
from app.core.outbox import MailState, OutboxMail
from config import ROOT, Settings
from tests.chaos.turning_clock import TimedCrew, clock_at
from tests.chaos.webinar_life import START, Life, Told
from tests.mail_server import mail_server

MOST_SECONDS_OF_A_STEP = 180


@dataclass(frozen=True)
class Weather:
    """How bad it gets: how often in all and in a step, and how often the mail server says 451."""

    kills: int = 100
    kills_in_a_step: int = 2
    try_again: float = 0.03


STORM = Weather()
BREEZE = Weather(5, 1, 0.01)


@dataclass
class Post:
    """What the mail server took: each Message-ID with whom, about what, and how often it came."""

    dice: random.Random
    try_again: float
    mails: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.dice.random() < self.try_again:
            self.refused += 1
            return "451 4.3.0 Try again later"
        message = message_from_bytes(envelope.original_content or b"", policy=POLICY)
        key = str(message["Message-ID"]).strip()
        self.mails[key] = (envelope.rcpt_tos[0], *_told(str(message["Subject"])))
        self.times[key] += 1
        await asyncio.sleep(0.004)  # the moment in which a kill makes a repeat
        return "250 OK"

    def told(self) -> Told:
        return Counter(self.mails.values())


def _told(subject: str) -> tuple[str, str]:
    """Which webinar a mail is about, and what it says."""
    title = next(title for title in ("Housing", "Transport") if title in subject)
    return title, subject.split(title, maxsplit=1)[0].rstrip(" :")


@dataclass(frozen=True)
class Outcome:
    """`missing` and `unexpected`: mails too few and too many, by whom and what.

    `repeats`: taken twice by the server with the same Message-ID, because the worker was killed
    between its "250" and our note of it.
    """

    engine: str
    mails: int
    kills: int
    refused: int
    repeats: int
    missing: Told
    unexpected: Told
    given_up: list[str]
    seconds: float

    def faults(self) -> list[str]:
        return [
            *(f"missing: {what}" for what in self.missing),
            *(f"too many: {what}" for what in self.unexpected),
            *(f"given up: {key}" for key in self.given_up),
        ]

    def line(self) -> str:
        return (
            f"{self.engine}: {self.mails} mails, {self.kills} kills, {self.refused} x 451, "
            f"{self.repeats} repeats, {len(self.faults())} faults, {self.seconds:.0f} s"
        )


def run(settings: Settings, dice: random.Random, folder: Path, weather: Weather = STORM) -> Outcome:
    """One life, in an application context on an empty database."""
    began, kills = time.monotonic(), 0
    post = Post(random.Random(dice.random()), weather.try_again)
    with mail_server(post) as port, clock_at(START.replace(month=1), folder) as clock:
        life = Life(dice)
        crew = TimedCrew(settings, port, folder / "workers.log", clock)
        with crew:
            for _name, moment, act in life.steps():
                clock.turn_to(moment)
                for meeting in life.meetings:
                    act(meeting)
                most = min(weather.kills_in_a_step, weather.kills - kills)
                kills += _work_off(crew, dice, most)
    expected, got = life.told, post.told()
    return Outcome(
        engine=db.engine.dialect.name,
        mails=sum(got.values()),
        kills=kills,
        refused=post.refused,
        repeats=sum(count - 1 for count in post.times.values()),
        missing=expected - got,
        unexpected=got - expected,
        given_up=_given_up(),
        seconds=time.monotonic() - began,
    )


def _work_off(crew: TimedCrew, dice: random.Random, most_kills: int) -> int:
    """Wait until all that is due is done, killing meanwhile. Return how often."""
    kills, until = 0, time.monotonic() + MOST_SECONDS_OF_A_STEP
    while _is_something_left():
        assert time.monotonic() < until, "the workers do not come to an end"
        time.sleep(dice.uniform(0.02, 0.2))
        if kills < most_kills and dice.random() < 0.4 and not _on_the_brink():
            crew.kill_one()
            kills += 1
    return kills


def _is_something_left() -> bool:
    db.session.rollback()
    waits = sa.or_(Job.run_at <= utcnow(), Job.last_error.is_not(None))
    jobs = sa.or_(Job.state == JobState.RUNNING, sa.and_(Job.state == JobState.READY, waits))
    mails = OutboxMail.state.in_([MailState.READY, MailState.SENDING])
    left = [sa.select(sa.func.count(Job.id)).where(jobs)]
    left.append(sa.select(sa.func.count(OutboxMail.id)).where(mails))
    return any(db.session.scalar(count) for count in left)


def _on_the_brink() -> bool:
    """One more death would bury what its workers died over: right, but not wanted here."""
    return any(
        db.session.scalar(sa.select(table.id).where(
            table.state == table.BUSY, table.lost_leases >= MOST_LOST_LEASES - 2
        ).limit(1))
        for table in (Job, OutboxMail)
    )  # fmt: skip


def _given_up() -> list[str]:
    db.session.rollback()
    jobs = db.session.scalars(sa.select(Job.key).where(Job.state == JobState.DEAD))
    mails = db.session.scalars(sa.select(OutboxMail.key).where(OutboxMail.state == MailState.DEAD))
    return [*jobs, *mails]


if __name__ == "__main__":
    os.environ["CHAOS_SECONDS"] = os.environ.get("SECONDS", "600")
    story = str(ROOT / "tests/chaos/test_webinar_chaos.py")
    line = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", story]
    os.execv(sys.executable, line)
