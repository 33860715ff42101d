"""Two processes count the failures of one account together: nobody gets a try for free."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.models import SignInFailure
from app.core.db import db
from config import Settings
from tests.chaos.crew import forking
from tests.conftest import QUICK_HASHES
from tests.factories_accounts import make_person

EACH = 4  # tries of each process


def guess(
    settings: Settings, email: str, addresses: Sequence[str], start: Barrier, found: Queue[int]
) -> None:
    """Like somebody who has many addresses and little time."""
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, **QUICK_HASHES)

    def try_once(address: str) -> None:
        typed = {"email": email, "password": "not the password"}
        start.wait(240)
        answer = app.test_client().post(
            "/sign-in", data=typed, environ_base={"REMOTE_ADDR": address}
        )
        found.put(answer.status_code)

    threads = [threading.Thread(target=try_once, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_processes_give_one_account_five_tries(app: Flask, settings: Settings) -> None:
    person = make_person()
    start, found = forking.Barrier(2 * EACH), forking.Queue()
    guessing = []
    for number in range(2):
        addresses = [f"192.0.2.{EACH * number + each}" for each in range(EACH)]
        arguments = (settings, person.email, addresses, start, found)
        guessing.append(forking.Process(target=guess, args=arguments))
    for process in guessing:
        process.start()
    statuses = sorted(found.get(timeout=240) for _ in range(2 * EACH))
    for process in guessing:
        process.join(240)
    db.session.rollback()

    assert statuses == [422] * 5 + [429] * 3
    counted = db.session.execute(
        sa.select(SignInFailure.identity, sa.func.count())
        .where(SignInFailure.identity != "")
        .group_by(SignInFailure.identity)
    )
    assert [tuple(row) for row in counted] == [(f"in {person.email}", 5)]
