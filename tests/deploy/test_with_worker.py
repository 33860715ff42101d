"""`WITH_WORKER=1 make serve`: the waiting work is done beside the pages."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from app.core.db import db, write
from app.core.outbox import MailState, OutboxMail, post_mail
from config import Settings
from deploy.crew import NICENESS
from tests.deploy.web import Web, children, serving, until

pytestmark = pytest.mark.any_engine


def test_worker_sends_is_watched_over_and_ends_cleanly(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path, "wsgi:behind_proxy()", environment(settings)) as web:
        post("first")
        until(lambda: is_sent("first"))

        [worker] = [pid for pid in web.processes() if is_worker(web, pid)]
        (keeper,) = children(web.process.pid)
        assert niceness(worker) == niceness(keeper) + NICENESS
        # Whoever of these ends is replaced with the whole crew (tests/deploy/test_web.py).
        assert str(worker).encode() in Path(f"/proc/{keeper}/cmdline").read_bytes().split(b"\0")

        web.process.send_signal(signal.SIGTERM)
        assert web.process.wait(90) == 0
        assert web.processes() == []


def environment(settings: Settings) -> dict[str, str]:
    return {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "WITH_WORKER": "1",
    }


def is_worker(web: Web, pid: int) -> bool:
    """It does not listen: the door is closed behind it."""
    return not doors(web) & {*opened(pid)}


def niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def doors(web: Web) -> set[str]:
    """The socket that the first process holds, as the system names it."""
    return {name for name in opened(web.process.pid) if name.startswith("socket:")}


def opened(pid: int) -> Iterator[str]:
    """What a process has open; some of it may be closed while we look."""
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield os.readlink(file)


def post(words: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = words, "a@b.example", "c@d.example"
    message.set_content(words)
    with write():
        post_mail(message, "c@d.example", words)


def is_sent(words: str) -> bool:
    db.session.rollback()
    return db.session.query(OutboxMail).filter_by(subject=words).one().state == MailState.SENT
