"""Numbers for a monitoring system, in Prometheus' text format.

Of this machine: what its processes counted together. Of the whole installation: rows and queue.
"""

from __future__ import annotations

import hashlib
import hmac
import platform
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from app.core.cells import LEVEL, Process, Totals
from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.heartbeat import last_beat
from app.core.jobs import Job, JobState
from app.core.measures import (
    BY_SECONDS,
    BY_STATEMENTS,
    BY_STATUS,
    BYTES,
    COUNT,
    DONE,
    FAILED,
    JOB,
    MAIL,
    QUERIES,
    ROUTE,
    SECONDS,
    SQL,
    STATEMENTS,
    STATUSES,
    TIME,
    WORKED,
    Measures,
    version,
)
from app.core.minutes import is_web, memory_of
from app.core.outbox import MailState, OutboxMail
from app.core.queue import oldest_due
from app.home.families import Family, text_of

COUNTED = {"users": "user", "threads": "thread", "posts": "post", "webinars": "webinar"}


def exposition(numbers: Measures) -> str:
    totals, living = numbers.totals()
    return text_of(
        [
            *_requests(totals),
            *_work(totals),
            *_waiting(),
            *_caches(totals),
            _pool(totals),
            *_processes(living),
            *_rows(),
            _heartbeat(),
        ]
    )


def token(secret_key: str) -> str:
    """What a collector from elsewhere has to show; it changes with the secret key."""
    return hmac.new(secret_key.encode(), b"interurban.metrics", hashlib.sha256).hexdigest()


def is_token(shown: str, secret_key: str) -> bool:
    return hmac.compare_digest(shown.encode(), token(secret_key).encode())


def _requests(totals: Totals) -> list[Family]:
    answers = Family("interurban_requests_total", "counter", "Answers by route and status.")
    seconds = Family("interurban_request_seconds", "histogram", "Time to answer, by route.")
    asked = Family("interurban_request_statements", "histogram", "SQL statements per answer.")
    sql = Family("interurban_request_sql_seconds_total", "counter", "Time in SQL, by route.")
    size = Family("interurban_response_bytes_total", "counter", "Bytes answered, by route.")
    for name, row in _named(totals, ROUTE):
        method, _, route = name.rpartition(" ")
        place = {"method": method or "other", "route": route}
        for status, count in zip(STATUSES, row[BY_STATUS], strict=True):
            if count:
                answers.add(count, **place, status=status)
        seconds.add_histogram(SECONDS, row[BY_SECONDS], row[TIME], **place)
        asked.add_histogram(STATEMENTS, row[BY_STATEMENTS], row[QUERIES], **place)
        sql.add(row[SQL], **place)
        size.add(row[BYTES], **place)
    return [answers, seconds, asked, sql, size]


def _work(totals: Totals) -> list[Family]:
    jobs = Family("interurban_jobs_total", "counter", "Jobs tried, by name and outcome.")
    worked = Family("interurban_job_seconds_total", "counter", "Time spent on jobs, by name.")
    mails = Family("interurban_mails_total", "counter", "Mails tried, by outcome.")
    for name, row in _named(totals, JOB):
        if name != MAIL:
            jobs.add(row[DONE], job=name, outcome="done")
            jobs.add(row[FAILED], job=name, outcome="failed")
            worked.add(row[WORKED], job=name)
    mail = totals.get(JOB + MAIL, [0.0, 0.0])
    mails.add(mail[DONE], outcome="sent")
    mails.add(mail[FAILED], outcome="failed")
    return [jobs, worked, mails]


def _named(totals: Totals, kind: str) -> Iterable[tuple[str, list[float]]]:
    return (
        (name.removeprefix(kind), totals[name]) for name in sorted(totals) if name.startswith(kind)
    )


def _waiting() -> list[Family]:
    due = Family("interurban_queue_due", "gauge", "What should be done by now, and is not.")
    age = Family("interurban_queue_oldest_seconds", "gauge", "How long the oldest of it waits.")
    for kind, (count, seconds) in oldest_due().items():
        due.add(count, kind=kind)
        age.add(seconds, kind=kind)
    return [
        _by_state("interurban_jobs", "Jobs by state.", Job.state, JobState),
        _by_state("interurban_outbox_mails", "Mails by state.", OutboxMail.state, MailState),
        due,
        age,
    ]


def _by_state(name: str, words: str, column: Any, states: Iterable[StrEnum]) -> Family:
    """One line for each state, also for those in which nothing is."""
    rows = db.session.execute(select(column, func.count()).group_by(column))
    counts = {row[0]: row[1] for row in rows}
    family = Family(name, "gauge", words)
    for state in states:
        family.add(counts.get(state, 0), state=state.value)
    return family


def _caches(totals: Totals) -> list[Family]:
    asked = Family("interurban_cache_total", "counter", "What caches were asked and answered.")
    size = Family("interurban_cache_bytes", "gauge", "Kept text in memory, about.")
    for cache, outcomes in {
        "fragments": ("hit", "miss"),
        "shared": ("hit", "miss", "error"),
    }.items():
        for outcome in outcomes:
            asked.add(_one(totals, f"{COUNT}{cache}_{outcome}"), cache=cache, outcome=outcome)
    size.add(_one(totals, f"{LEVEL}fragments_size"), cache="fragments")
    return [asked, size]


def _pool(totals: Totals) -> Family:
    pool = Family("interurban_database_connections", "gauge", "Connections of all processes.")
    for state in ("size", "in_use", "most_in_use"):
        pool.add(_one(totals, f"{LEVEL}pool_{state}"), state=state)
    return pool


def _one(totals: Totals, name: str) -> float:
    return totals.get(name, [0.0])[0]


def _processes(living: Sequence[Process]) -> list[Family]:
    """Whoever answers is one of them, so there is a first."""
    count = Family("interurban_processes", "gauge", "Processes of this machine.")
    memory = Family("interurban_resident_memory_bytes", "gauge", "Memory of these processes.")
    started = Family("interurban_oldest_process_start_time_seconds", "gauge", "Since the epoch.")
    built = Family("interurban_build_info", "gauge", "Version that answers, as a label.")
    for role, is_role in (("web", True), ("worker", False)):
        mine = [process for process in living if is_web(process) is is_role]
        count.add(len(mine), role=role)
        memory.add(sum(memory_of(process.pid) for process in mine), role=role)
    started.add(min((process.started_at for process in living), default=0.0))
    built.add(1, version=version(), python=platform.python_version())
    return [count, memory, started, built]


def _rows() -> list[Family]:
    tables = Base.metadata.tables
    counts = [
        select(func.count()).select_from(tables[table]).scalar_subquery().label(name)
        for name, table in COUNTED.items()
    ]
    row = db.session.execute(select(*counts)).one()
    families = []
    for name in COUNTED:
        family = Family(f"interurban_{name}", "gauge", f"Rows: {name}.")
        family.add(getattr(row, name))
        families.append(family)
    return families


def _heartbeat() -> Family:
    seen = last_beat()
    words = "Seconds since a worker was last seen."
    family = Family("interurban_worker_silent_seconds", "gauge", words)
    family.add((utcnow() - seen).total_seconds() if seen else float("nan"))
    return family
