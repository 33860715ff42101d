"""Every mail is kept once, whole, for thirty days, whatever is in it."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.worker import run_due_jobs
from app.mailbox import clearing, receiving
from app.mailbox.enums import Outcome
from app.mailbox.errors import Unusable
from app.mailbox.models import InboundMail
from tests.factories_mailbox import NOW, Stage, come_in, reply_file


def rows() -> list[InboundMail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundMail).order_by(InboundMail.id)))


def run(app: Flask, content: bytes, *options: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["mail", "receive", *options], input=content)
    return answer.exit_code, answer.stderr


def test_message_is_kept_as_it_came_with_its_envelope(app: Flask) -> None:
    raw = reply_file("person-writes")

    assert run(app, raw, "--from", "official@stad.example", "--to", "events@here.example") == (
        0,
        "",
    )

    (mail,) = rows()
    assert (mail.raw, mail.outcome) == (raw, Outcome.WAITING)
    assert (mail.envelope_from, mail.envelope_to) == (
        "official@stad.example",
        "events@here.example",
    )


def test_envelope_comes_from_the_environment_of_the_mail_server(app: Flask) -> None:
    runner = app.test_cli_runner(env={"SENDER": "a@here.example", "RECIPIENT": "b@here.example"})
    runner.invoke(args=["mail", "receive"], input=b"Subject: x\n\nx\n")

    (mail,) = rows()
    assert (mail.envelope_from, mail.envelope_to) == ("a@here.example", "b@here.example")


def test_the_same_message_twice_is_one(stage: Stage, app: Flask) -> None:
    raw = stage.filled(reply_file("google-accepted"))
    for _ in range(2):
        assert run(app, raw) == (0, "")
        run_due_jobs(raising=True)

    assert [mail.outcome for mail in rows()] == [Outcome.APPLIED]


def test_nothing_and_too_much_are_bad_data(app: Flask) -> None:
    assert run(app, b"") == (65, "There is no mail.\n")
    assert run(app, b"\r\n \r\n") == (65, "There is no mail.\n")
    too_much = b"Subject: x\n\n" + b"x" * receiving.MOST_BYTES
    assert run(app, too_much) == (65, "The mail is larger than 10 MB.\n")
    assert rows() == []


def test_a_database_that_is_away_asks_to_try_again(app: Flask) -> None:
    with write():
        db.session.execute(sa.text("ALTER TABLE inbound_mail RENAME TO inbound_mail_away"))
    try:
        status, sentence = run(app, b"Subject: x\n\nx\n")
    finally:
        db.session.rollback()
        with write():
            db.session.execute(sa.text("ALTER TABLE inbound_mail_away RENAME TO inbound_mail"))

    assert (status, sentence.startswith("It cannot be kept now")) == (75, True)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00" * 1000,
        bytes(range(256)) * 50,
        b"no header at all",
        b"Subject: " + b"=?utf-8?b?/////?= " * 5000 + b"\n\n",
        b"From: " + b"(" * 50_000 + b"\n\n",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\n",
        b"Content-Type: text/calendar; method*0*=\xff''REPLY\n\nBEGIN:VCALENDAR\n",
        b"Content-Type: text/calendar; charset=\"\x00\"\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"Content-Type: text/plain; charset=rot13\n\nwords\n",
        b"Content-Type: text/plain; charset=hex\n\nwords\n",
        b"Content-Transfer-Encoding: base64\nContent-Type: text/calendar\n\n=A=\n",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 5000,
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level)
            for level in range(2000)
        ),
        b"Date: yesterday\nTo: " + b"a@b.example, " * 20_000 + b"\n\nx",
        "Subject: Zażółć 🎥\n\n\u202eRTL\n".encode(),
    ],
)  # fmt: skip
def test_whatever_comes_is_kept_and_decided(stage: Stage, raw: bytes) -> None:
    mail = come_in(raw)

    assert mail.outcome in {Outcome.KEPT_ASIDE, Outcome.FORWARDED, Outcome.IGNORED}
    assert mail.detail


def test_unreadable_mail_is_kept_aside_with_the_reason(stage: Stage) -> None:
    parts = b"--a\n\nx\n" * 300
    mail = come_in(b"Content-Type: multipart/mixed; boundary=a\n\n" + parts)

    assert (mail.outcome, mail.detail) == (Outcome.KEPT_ASIDE, "It has more than 200 parts.")
    assert mail.raw.endswith(parts)


def test_calendar_larger_than_any_answer_is_for_people(stage: Stage) -> None:
    raw = stage.filled(reply_file("google-declined")).replace(
        b"SUMMARY:", b"DESCRIPTION:" + b"x" * 300_000 + b"\r\nSUMMARY:"
    )

    mail = come_in(raw)
    assert mail.outcome == Outcome.FORWARDED


def test_mail_goes_after_thirty_days_but_not_what_waits(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    come_in(stage.filled(reply_file("google-accepted")))
    clock.move_to(NOW + timedelta(days=20))
    come_in(stage.filled(reply_file("needs-action")))
    clock.move_to(NOW)
    with write():
        receiving.receive(b"Subject: waits\n\n")
    clock.move_to(NOW + timedelta(days=30, seconds=1))

    with write():
        clearing.clear()

    assert [mail.outcome for mail in rows()] == [Outcome.IGNORED, Outcome.WAITING]


def test_two_who_bring_the_same_message_at_once_keep_it_once(app: Flask) -> None:
    raw, begin = reply_file("person-writes"), threading.Barrier(6)

    def bring() -> None:
        with app.app_context(), suppress(Unusable):
            begin.wait()
            with write():
                receiving.receive(raw)
            db.session.remove()

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(rows()) == 1
