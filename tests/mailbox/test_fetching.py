"""Looking into a real IMAP mailbox: what is there is kept first, and only then taken out."""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue
from app.core.periodic import RHYTHMS
from app.core.worker import run_due_jobs
from app.mailbox import fetching, jobs, receiving
from app.mailbox.enums import Outcome
from app.mailbox.fetching import NotReachable
from app.mailbox.models import InboundMail
from config import Settings, WrongSetting, read_settings
from tests.factories_mailbox import Stage, reply_file
from tests.imap_server import PASSWORD, USER, imap_server, signed_in


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with imap_server() as port:
        yield port


@pytest.fixture
def url(port: int, app: Flask, settings: Settings) -> Iterator[str]:
    """The setting, with an empty mailbox behind it."""
    address = f"imap://{quote(USER)}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/INBOX"
    with closing_mailbox(port) as server:
        for folder in ("INBOX", fetching.TAKEN):
            if server.select(f'"{folder}"')[0] == "OK":
                server.store("1:*", "+FLAGS", r"(\Deleted)")
                server.expunge()
    app.extensions["settings"] = replace(settings, imap_url=address)
    yield address
    app.extensions["settings"] = settings


@contextmanager
def closing_mailbox(port: int) -> Iterator[imaplib.IMAP4]:
    server = signed_in(port)
    with closing_connection(server):
        yield server


@contextmanager
def closing_connection(server: imaplib.IMAP4) -> Iterator[None]:
    try:
        yield
    finally:
        server.logout()


def put(port: int, *mails: bytes) -> None:
    with closing_mailbox(port) as server:
        for mail in mails:
            assert server.append("INBOX", "", "", mail)[0] == "OK"


def count_in(port: int, folder: str) -> int:
    with closing_mailbox(port) as server:
        status, answer = server.select(f'"{folder}"')
        return int(answer[0] or b"0") if status == "OK" else 0


def kept() -> list[InboundMail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundMail).order_by(InboundMail.id)))


def look(app: Flask, key: str = "now") -> None:
    with write():
        enqueue(jobs.FETCH, key)
    run_due_jobs(raising=True)


def test_mail_is_fetched_taken_in_and_moved(stage: Stage, app: Flask, port: int, url: str) -> None:
    raw = stage.filled(reply_file("google-declined"))
    put(port, raw, reply_file("person-writes-to-sender"))

    look(app)

    assert [mail.outcome for mail in kept()] == [Outcome.APPLIED, Outcome.FORWARDED]
    assert kept()[0].raw == raw
    assert (count_in(port, "INBOX"), count_in(port, fetching.TAKEN)) == (0, 2)


def test_what_was_kept_but_not_moved_is_no_second_mail(app: Flask, port: int, url: str) -> None:
    put(port, reply_file("person-writes"))
    batch = fetching.fetch(url)
    assert batch is not None
    with write():
        fetching.keep(batch)
    assert count_in(port, "INBOX") == 1

    look(app)

    assert (len(kept()), count_in(port, "INBOX")) == (1, 0)


def test_what_could_not_be_kept_stays_in_the_mailbox(app: Flask, port: int, url: str) -> None:
    put(port, reply_file("person-writes"))
    batch = fetching.fetch(url)
    assert batch is not None
    with pytest.raises(ZeroDivisionError), write():
        fetching.keep(batch)
        raise ZeroDivisionError

    assert (kept(), count_in(port, "INBOX")) == ([], 1)


def test_two_workers_at_once_take_each_mail_once(app: Flask, port: int, url: str) -> None:
    put(port, *[b"Subject: %d\r\n\r\nwords\r\n" % number for number in range(6)])
    begin, problems = threading.Barrier(2), list[BaseException]()

    def work(number: int) -> None:
        with app.app_context():
            try:
                begin.wait()
                look(app, f"worker {number}")
            except BaseException as error:
                problems.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert len(kept()) == 6
    assert (count_in(port, "INBOX"), count_in(port, fetching.TAKEN)) == (0, 6)


def test_many_mails_come_in_several_rounds(app: Flask, port: int, url: str) -> None:
    put(port, *[b"Subject: %d\r\n\r\nwords\r\n" % number for number in range(30)])

    look(app)

    assert (len(kept()), count_in(port, "INBOX")) == (30, 0)


def test_only_the_head_is_fetched_of_what_is_too_large(app: Flask, port: int, url: str) -> None:
    put(port, b"Subject: film\r\n\r\n" + b"x" * 70 + (b"\r\n" + b"x" * 70) * 150_000)

    look(app)

    (mail,) = kept()
    assert (mail.outcome, mail.detail) == (Outcome.KEPT_ASIDE, receiving.TOO_LARGE)
    assert mail.raw.startswith(b"Subject: film") and len(mail.raw) < 1000  # noqa: PT018
    assert count_in(port, fetching.TAKEN) == 1


@pytest.mark.any_engine
@pytest.mark.parametrize("abilities", [set(), {"UIDPLUS"}])
def test_servers_that_cannot_move_copy_and_forget(
    app: Flask, port: int, url: str, abilities: set[str]
) -> None:
    put(port, b"Subject: a\r\n\r\n", b"Subject: b\r\n\r\n")
    with closing_mailbox(port) as server:
        server.select("INBOX")
        uids = server.uid("SEARCH", "ALL")[1][0].decode().split()
        assert fetching.move_to(server, ",".join(uids), fetching.TAKEN, abilities)

    assert (count_in(port, "INBOX"), count_in(port, fetching.TAKEN)) == (0, 2)


@pytest.mark.any_engine
def test_uids_of_another_folder_are_not_moved(app: Flask, port: int, url: str) -> None:
    put(port, b"Subject: a\r\n\r\n")
    batch = fetching.fetch(url)
    assert batch is not None

    fetching.put_away(url, batch.validity + 1, batch.uids)

    assert count_in(port, "INBOX") == 1


@pytest.mark.any_engine
def test_trouble_is_named_without_the_password(app: Flask, port: int, url: str) -> None:
    wrong = url.replace(quote(PASSWORD, safe=""), "no-password")
    away = url.replace(f":{port}/", ":9/")
    for address in (wrong, away, url.replace("/INBOX", "/Nowhere"), url.replace("imap:", "imaps:")):
        with pytest.raises(NotReachable) as trouble:
            fetching.fetch(address)
        assert "no-password" not in str(trouble.value)
        assert PASSWORD not in str(trouble.value)


def test_a_mailbox_that_is_away_is_looked_into_later(app: Flask, url: str) -> None:
    app.extensions["settings"] = replace(
        app.extensions["settings"], imap_url=url.replace("127.0.0.1", "127.0.0.2")
    )
    with write():
        enqueue(jobs.FETCH, "now")
    run_due_jobs()

    waiting = db.session.scalars(sa.select(Job).where(Job.name == jobs.FETCH)).one()
    assert (waiting.state, waiting.attempts) == (JobState.READY, 1)


def test_command_looks_at_once(app: Flask, port: int, url: str) -> None:
    put(port, *[b"Subject: %d\r\n\r\nwords\r\n" % number for number in range(27)])

    answer = app.test_cli_runner().invoke(args=["mail", "fetch"])

    assert (answer.exit_code, answer.output) == (0, "27 taken in.\n")
    assert (len(kept()), count_in(port, "INBOX")) == (27, 0)


def test_command_says_what_is_wrong(app: Flask, url: str, settings: Settings) -> None:
    app.extensions["settings"] = replace(settings, imap_url=url.replace("127.0.0.1", "127.0.0.2"))
    away = app.test_cli_runner().invoke(args=["mail", "fetch"])
    app.extensions["settings"] = settings
    without = app.test_cli_runner().invoke(args=["mail", "fetch"])

    assert (away.exit_code, without.exit_code) == (75, 1)
    assert away.stderr.startswith("The mailbox cannot be read: 127.0.0.2")
    assert "IMAP_URL is not set" in without.stderr


@pytest.mark.any_engine
def test_there_is_a_rhythm_only_where_there_is_a_mailbox() -> None:
    jobs.plan_fetching(has_mailbox=True)
    assert RHYTHMS[jobs.FETCH] == timedelta(minutes=2)
    jobs.plan_fetching(has_mailbox=False)
    assert jobs.FETCH not in RHYTHMS


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "read",
    ["mailbox", "http://user:secret@host/", "imaps://host/INBOX", "imaps://user:secret@host:port",
     "imaps://user:secret@"],
)  # fmt: skip
def test_wrong_address_stops_the_start_without_the_password(read: str, tmp_path: object) -> None:
    with pytest.raises(WrongSetting) as problem:
        read_settings({"DATA_DIR": str(tmp_path), "IMAP_URL": read})

    assert str(problem.value).startswith("IMAP_URL=")
    assert "secret" not in str(problem.value)


@pytest.mark.any_engine
def test_names_of_mail_servers_are_one_word(tmp_path: object) -> None:
    given = {"DATA_DIR": str(tmp_path), "AUTHSERV_ID": "MX.Example.org"}
    assert read_settings(given).authserv_id == "mx.example.org"
    with pytest.raises(WrongSetting):
        read_settings(given | {"AUTHSERV_ID": "mx.example.org; dmarc"})
