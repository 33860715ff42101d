"""Messages are stored whole, once, with the change that causes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.outbox import MailState, OutboxMail, drop_waiting_mail, post_mail

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "events@forum.example.org"
    message["To"] = "guest@demo.invalid"
    message["Subject"] = "Wohnen für alle"
    message.set_content("Grüße")
    return message


def post(key: str = "1", recipient: str = "guest@demo.invalid") -> None:
    with write():
        post_mail(a_message(), recipient, key)


def rows() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def test_message_is_kept_as_it_will_be_sent(
    app: Flask, outbox: Callable[[], list[EmailMessage]]
) -> None:
    with time_machine.travel(NOON, tick=False):
        post()

    (row,), (message,) = rows(), outbox()
    assert (row.state, row.run_at, row.created_at) == (MailState.READY, NOON, NOON)
    assert (row.recipient, row.subject) == ("guest@demo.invalid", "Wohnen für alle")
    assert message["Message-ID"] == row.message_id
    assert row.message_id.endswith("@forum.example.org>")
    assert message["Date"].datetime == NOON
    assert message.get_content() == "Grüße\r\n"
    assert b"\n" not in row.content.replace(b"\r\n", b"")


def test_a_known_key_is_one_mail(app: Flask) -> None:
    post()
    first = rows()[0].message_id
    post()

    assert [row.message_id for row in rows()] == [first]


def test_mail_of_an_undone_change_does_not_exist(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write():
        post_mail(a_message(), "guest@demo.invalid", "1")
        _ = 1 / 0

    assert rows() == []


def test_mail_can_wait(app: Flask, run_jobs: Callable[..., int]) -> None:
    later = NOON + timedelta(hours=1)
    with time_machine.travel(NOON, tick=False) as clock:
        with write():
            post_mail(a_message(), "guest@demo.invalid", "1", run_at=later)
        assert run_jobs(mails=True) == 0
        clock.move_to(later)
        assert run_jobs(mails=True) == 1

    assert (rows()[0].state, rows()[0].sent_at) == (MailState.SENT, later)


def test_waiting_mail_of_one_domain_is_dropped(app: Flask, run_jobs: Callable[..., int]) -> None:
    post("sent", "sent@demo.invalid")
    run_jobs(mails=True)
    for key, address in enumerate(["a@demo.invalid", "b@notdemo.invalid", "c@x.demo.invalid"]):
        post(str(key), address)

    with write():
        drop_waiting_mail("demo.invalid")

    left = ["sent@demo.invalid", "b@notdemo.invalid", "c@x.demo.invalid"]
    assert [row.recipient for row in rows()] == left
