"""Acceptance tests 14 to 18 of spec/webinars 6.7: answers that calendars send back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.worker import run_due_jobs
from app.mailbox import receiving
from app.mailbox.enums import Outcome
from app.mailbox.models import InboundMail
from app.webinars.enums import PartStat, RegistrationState
from app.webinars.models import Registration
from tests.factories_mailbox import NOW, Stage, come_in, make_stage, reply_file, reply_files
from tests.factories_registrations import (
    all_mails,
    mails_to,
    make_registration,
    methods_and_sequences,
    work,
)

AT_ONCE, SEATS, WAITING = 20, 5, 8


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    with time_machine.travel(NOW, tick=False):
        yield make_stage()


def official_of(stage: Stage) -> Registration:
    db.session.refresh(stage.official)
    return stage.official


def registrations() -> list[tuple[object, ...]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.text("SELECT * FROM registration"))]


def test_14_no_file_is_an_exception_or_changes_what_it_does_not_match(stage: Stage) -> None:
    """Every file, answering to a webinar and addresses that are not those of its registrations."""
    with write():
        stage.webinar.uid = "webinar-00000000-0000-4000-8000-000000000000@forum.example.org"
    before = registrations()

    outcomes = {come_in(stage.filled(reply_file(name))).outcome for name in reply_files()}
    work()

    assert registrations() == before
    assert outcomes <= {Outcome.IGNORED, Outcome.FORWARDED, Outcome.KEPT_ASIDE}


def test_15_outlook_reply_without_organizer_is_accepted(stage: Stage) -> None:
    raw = stage.filled(reply_file("outlook-365-declined"))
    assert b"ORGANIZER" not in raw

    assert come_in(raw).outcome == Outcome.APPLIED
    assert official_of(stage).partstat == PartStat.DECLINED


@pytest.mark.parametrize("name", [name for name in reply_files() if name.startswith("forged")])
def test_16_forged_sender_for_another_attendee_is_ignored(stage: Stage, name: str) -> None:
    assert come_in(stage.filled(reply_file(name))).outcome == Outcome.UNVERIFIED

    official = official_of(stage)
    assert (official.state, official.partstat, official.reply_dtstamp) == (
        RegistrationState.CONFIRMED,
        PartStat.NEEDS_ACTION,
        None,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"DTSTAMP:20270310T090000Z", b"DTSTAMP:20270310T085959Z"),
        (b"DTSTAMP:20270310T090000Z", b"DTSTAMP:20270310T090000Z"),
        (b"SEQUENCE:1", b"SEQUENCE:0"),
    ],
)
def test_17_older_dtstamp_or_sequence_is_ignored(stage: Stage, old: bytes, new: bytes) -> None:
    come_in(stage.filled(reply_file("google-accepted")))
    late = stage.filled(reply_file("google-declined")).replace(old, new)
    late = re.sub(rb"Message-ID: <\d+", b"Message-ID: <1", late)

    mail = come_in(late)

    assert (mail.outcome, mail.detail) == (Outcome.IGNORED, "A newer answer is known.")
    official = official_of(stage)
    assert (official.state, official.partstat) == (RegistrationState.CONFIRMED, PartStat.ACCEPTED)


def test_18_decline_frees_one_seat_and_promotes_one_person_under_20_at_once(
    stage: Stage, app: Flask
) -> None:
    """The same decline comes twenty times at the same moment, each a mail of its own."""
    raw = stage.filled(reply_file("google-declined"))
    copies = [raw.replace(b"Message-ID: <", b"Message-ID: <%d." % n) for n in range(AT_ONCE)]
    waiting = full_webinar(stage)

    at_once(app, copies)
    work()

    states = db.session.execute(
        sa.select(Registration.state, sa.func.count()).group_by(Registration.state)
    )
    assert {row[0].value: row[1] for row in states} == {
        "confirmed": SEATS,
        "cancelled": 1,
        "waitlisted": WAITING - 1,
    }
    db.session.refresh(waiting[0])
    assert waiting[0].state == RegistrationState.CONFIRMED
    assert outcomes() == {"applied": 1, "ignored": AT_ONCE - 1}
    assert methods_and_sequences("official@stad.example") == [("CANCEL", 2)]
    assert methods_and_sequences(waiting[0].email) == [("REQUEST", 1)]
    assert len(all_mails()) == 2
    assert mails_to(waiting[1].email) == []


def full_webinar(stage: Stage) -> list[Registration]:
    """All seats taken; the people who wait, in their order."""
    with write():
        stage.webinar.capacity = SEATS
    for _ in range(SEATS - 2):
        make_registration(stage.webinar)
    return [
        make_registration(
            stage.webinar,
            state=RegistrationState.WAITLISTED,
            queued_at=utcnow() - timedelta(minutes=WAITING - number),
        )
        for number in range(WAITING)
    ]


def at_once(app: Flask, mails: list[bytes]) -> None:
    begin, problems = threading.Barrier(len(mails)), list[BaseException]()

    def bring(raw: bytes) -> None:
        with app.app_context():
            try:
                begin.wait()
                with write():
                    receiving.receive(raw)
                run_due_jobs(raising=True)
            except BaseException as error:
                problems.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=bring, args=(raw,)) for raw in mails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    db.session.rollback()


def outcomes() -> dict[str, int]:
    rows = sa.select(InboundMail.outcome, sa.func.count()).group_by(InboundMail.outcome)
    return {row[0].value: row[1] for row in db.session.execute(rows)}
