"""`flask jobs`: what the people who run the place can see and do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask

from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue
from app.core.outbox import MailState, OutboxMail, post_mail
from tests.core.test_outbox import a_message

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def jobs(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["jobs", *arguments])
    db.session.rollback()
    return answer


@pytest.fixture
def stuck(app: Flask) -> None:
    """One job and one mail that were given up, one job that is done."""
    with time_machine.travel(NOON, tick=False), write() as session:
        enqueue("accounts.forget_expired", "given-up")
        enqueue("accounts.forget_expired", "done")
        post_mail(a_message(), "guest@demo.invalid", "1")
        session.execute(
            sa.update(Job).values(state=JobState.DEAD, attempts=9, last_error="ValueError: broken")
        )
        session.execute(
            sa.update(Job).where(Job.key.endswith("done")).values(state=JobState.DONE, attempts=1)
        )
        session.execute(sa.update(OutboxMail).values(state=MailState.DEAD, lost_leases=3))


def test_list_shows_what_is_not_done(app: Flask, stuck: None) -> None:
    assert jobs(app, "list").output.splitlines() == [
        "job:1        dead     2026-11-21 12:00:00Z  tries 9  accounts.forget_expired:given-up"
        "  ValueError: broken",
        "mail:1       dead     2026-11-21 12:00:00Z  tries 0  to guest@demo.invalid:"
        " Wohnen für alle",
    ]


def test_list_shows_all_when_asked(app: Flask, stuck: None) -> None:
    lines = jobs(app, "list", "--all").output.splitlines()

    assert [line.split()[:2] for line in lines] == [
        ["job:1", "dead"],
        ["job:2", "done"],
        ["mail:1", "dead"],
    ]


def test_one_is_revived_by_name(app: Flask, stuck: None) -> None:
    answer = jobs(app, "retry", "job:1", "job:2", "mail:99")

    assert (answer.exit_code, answer.output) == (0, "1 will be tried again now.\n")
    assert db.session.get_one(Job, 1).state is JobState.READY
    assert db.session.get_one(Job, 1).attempts == 0
    assert db.session.get_one(Job, 2).state is JobState.DONE


def test_all_that_was_given_up_is_revived_and_done(app: Flask, stuck: None) -> None:
    assert jobs(app, "retry", "--dead").output == "2 will be tried again now.\n"
    assert jobs(app, "once").output == "2 done or tried.\n"
    assert jobs(app, "list").output == ""


@pytest.mark.parametrize("ref", ["12", "thread:1", "job:", "job:x", "job:²", "mail:-1"])
def test_wrong_names_end_with_one_line(app: Flask, ref: str) -> None:
    answer = jobs(app, "retry", ref)

    assert answer.exit_code == 1
    assert answer.output == f"{ref!r} is not the name of a job or mail: write job:12 or mail:7.\n"


def test_nothing_to_retry_says_so(app: Flask) -> None:
    for arguments in (["job:5"], ["--dead"], []):
        answer = jobs(app, "retry", *arguments)
        assert (answer.exit_code, answer.output) == (
            1,
            "Nothing to retry: name what `flask jobs list` shows, or use --dead.\n",
        )
