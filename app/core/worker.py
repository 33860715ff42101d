"""Doing what waits: jobs in one transaction each, mails outside of any."""

from __future__ import annotations

import logging
import os
import random
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import utcnow
from app.core.connections import patient
from app.core.db import db, write
from app.core.door import watched_door
from app.core.heartbeat import EVERY, beat, fall_silent
from app.core.jobs import WORK, Job, JobState, has_errand, perform, run_errand, work_waits
from app.core.leases import claim, finish, give_back, held, let_go
from app.core.mail_transport import Transport, is_final, open_transport
from app.core.measures import MAIL
from app.core.minutes import keep_minute_survived
from app.core.outbox import MailState, OutboxMail
from app.core.periodic import plan_periodic
from app.core.shared_memory import shared_memory
from app.core.troubles import Trouble, trouble_of
from app.core.watching import name_work, watched_work
from config import Settings

POLL_SECONDS = 1.0
MOST_AT_ONCE = 2
INSIST_SECONDS = 30.0

log = logging.getLogger("interurban.worker")


class Worker:
    """One pair of hands. Needs an application context for everything but `work` itself."""

    def __init__(self, settings: Settings, transport: Transport | None = None) -> None:
        self.name = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(3)}"
        self.settings = settings
        self.transport = transport or open_transport(settings)
        self.raising = False
        self._shaken = False  # something may still be in our name that we do not know of
        self._planned: dict[str, int] = {}
        self._last_beat = 0.0

    def work(self, app: Flask, stop: threading.Event) -> None:
        """Work until told to stop; what was begun is finished first."""
        patient.set(True)
        with app.app_context():
            hearing = shared_memory().listening(WORK, work_waits.set)
        with hearing:
            while not stop.is_set():
                with app.app_context(), watched_door() as door:
                    busy = self._round_survived()
                if busy:
                    stop.wait(door.pause())
                else:
                    work_waits.wait(POLL_SECONDS)
                    work_waits.clear()
        with app.app_context():
            self.transport.close()
            with suppress(SQLAlchemyError):  # the database may be away as well
                fall_silent(self.name)

    def _round_survived(self) -> bool:
        """One round; a database that is away for a moment must not end the worker."""
        try:
            self._let_go()
            self._show_life()
            plan_periodic(self._planned)
            return self.one_job() or self.one_mail()
        except Exception as error:
            self._shaken = True
            trouble = trouble_of(error)
            log.warning("a round of the worker failed: %s", trouble.value if trouble else error)
            if trouble is None:
                log.exception("the worker goes on")
            db.session.rollback()
            return False

    def _let_go(self) -> None:
        """After a round that broke off: what is still ours is for whoever comes first."""
        if self._shaken:
            for table in (Job, OutboxMail):
                let_go(table, self.name)
            self._shaken = False

    def _show_life(self) -> None:
        if time.monotonic() - self._last_beat > EVERY.total_seconds() or not self._last_beat:
            beat(self.name)
            keep_minute_survived(current_app)
            self._last_beat = time.monotonic()

    def run_due(self, mails: bool = True) -> int:
        """Do everything that is due until nothing is left. Return how much that was."""
        count = 0
        while self.one_job() or (mails and self.one_mail()):
            count += 1
        self.transport.close()
        return count

    def one_job(self) -> bool:
        """Do the next job. False: there was none."""
        job_id = claim(Job, self.name, self.settings.worker_lease_seconds)
        if job_id is None:
            return False
        try:
            with watched_work("job", job_id):
                at_once_again(lambda: self._perform(job_id))
        except Exception as error:
            self._give_back(Job, job_id, error, final=False)
        return True

    def _perform(self, job_id: int) -> None:
        errand = self._in_one_transaction(job_id, None)
        if errand:
            db.session.rollback()  # no transaction is open while the network is slow
            self._in_one_transaction(job_id, run_errand(*errand))

    def _in_one_transaction(
        self, job_id: int, brought: dict[str, Any] | None
    ) -> tuple[str, dict[str, Any]] | None:
        """The handler's changes and "done" are one transaction; a lost lease undoes both.

        Returns the errand to run before, when there is one and nothing was `brought` yet.
        """
        with write():
            job = held(Job, job_id, self.name)
            if job is None:
                return None
            name_work(job.name, job.request_id)
            if brought is None and has_errand(job.name):
                return job.name, dict(job.payload)
            perform(job.name, job.payload if brought is None else brought)
            finish(job, JobState.DONE)
            job.done_at = utcnow()
        return None

    def one_mail(self) -> bool:
        """Send the next mail. False: there was none."""
        mail_id = claim(OutboxMail, self.name, self.settings.worker_lease_seconds)
        if mail_id is None:
            self.transport.close()
            return False
        try:
            with watched_work("mail", mail_id):
                self._send(mail_id)
        except Exception as error:
            self._give_back(OutboxMail, mail_id, error, final=is_final(error))
        return True

    def _send(self, mail_id: int) -> None:
        name_work(MAIL)
        mail = db.session.get_one(OutboxMail, mail_id)
        recipient, content = mail.recipient, mail.content
        db.session.rollback()  # no transaction is open while the network is slow
        self.transport.deliver(recipient, content)
        insist(lambda: self._note_sent(mail_id))

    def _note_sent(self, mail_id: int) -> None:
        with write():
            still_mine = held(OutboxMail, mail_id, self.name)
            if still_mine is not None:
                finish(still_mine, MailState.SENT)
                still_mine.sent_at = utcnow()

    def _give_back(
        self, table: type[Job] | type[OutboxMail], row_id: int, error: Exception, final: bool
    ) -> None:
        db.session.rollback()
        give_back(table, row_id, self.name, error, self.settings.worker_retry_seconds, final)
        if self.raising:
            raise error
        log.warning(
            "%s %s failed: %s: %s", table.__tablename__, row_id, type(error).__name__, error
        )


def at_once_again(act: Callable[[], None]) -> None:
    """What the database undid for another's sake is no failure: it comes through next time."""
    for _ in range(MOST_AT_ONCE):
        try:
            return act()
        except SQLAlchemyError as error:
            if trouble_of(error) is not Trouble.UNDONE:
                raise
        db.session.rollback()
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311
    return act()


def insist(act: Callable[[], None], seconds: float = INSIST_SECONDS) -> None:
    """Wait for a database that is away: what happened outside must not happen again."""
    until = time.monotonic() + seconds
    while True:
        try:
            return act()
        except SQLAlchemyError as error:
            if trouble_of(error) is None or time.monotonic() > until:
                raise
        db.session.rollback()
        time.sleep(0.3)


def run_due_jobs(*, mails: bool = False, raising: bool = False) -> int:
    """Do every job that is due now, and those it queues; mails too if asked. Return how many."""
    worker = Worker(current_app.extensions["settings"])
    worker.raising = raising
    return worker.run_due(mails=mails)


def work_until_stopped(app: Flask) -> None:
    """The whole life of a worker process, to its SIGTERM or SIGINT."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, ask_to_stop)
    Worker(app.extensions["settings"]).work(app, stop)


def start_in_background(app: Flask) -> tuple[threading.Thread, threading.Event]:
    """A worker beside the web server in this process. Set the event to stop it, then join."""
    stop = threading.Event()
    worker = Worker(app.extensions["settings"])
    thread = threading.Thread(target=worker.work, args=(app, stop), name="worker", daemon=True)
    thread.start()
    return thread, stop
