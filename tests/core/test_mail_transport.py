"""What leaves the house: whole, over checked encryption, within a time limit."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from app.core.db import db, write
from app.core.mail_files import MailFiles, kept_mails, safe_name
from app.core.mail_transport import PasswordInTheClear, Smtp, VerifiedMail, is_final, open_transport
from app.core.outbox import MailState, OutboxMail, post_mail
from app.core.worker import Worker
from config import Settings
from tests.mail_server import mail_server

CONTENT = b"Subject: x\r\nMessage-ID: <1@x>\r\n\r\n.a line with a dot\r\n\r\nGr=C3=BC=C3=9Fe\r\n"


class Box:
    """Keeps what comes; answers as told."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.contents: list[bytes] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.contents.append(envelope.original_content or b"")
        self.recipients.append(envelope.rcpt_tos)
        return self.answer


class Closed(Box):
    """Knows nobody."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return "550 5.1.1 No such mailbox"


def post(key: str = "1", recipient: str = "guest@demo.invalid") -> None:
    message = EmailMessage()
    message["Subject"] = "Invitation"
    message.set_content("Come.")
    with write():
        post_mail(message, recipient, key)


def over(settings: Settings, port: int, scheme: str = "smtp", who: str = "") -> Settings:
    return replace(settings, mail_url=f"{scheme}://{who}127.0.0.1:{port}", worker_retry_seconds=1)


def far_away(port: int, who: str = "") -> Smtp:
    """A way to our server as if it stood on another machine."""
    url = f"smtp://{who}127.0.0.1:{port}"
    return Smtp(VerifiedMail(url, "events@forum.example.org", near=frozenset()))


def impatient(port: int) -> Smtp:
    return Smtp(VerifiedMail(f"smtp://127.0.0.1:{port}", "events@forum.example.org", seconds=0.3))


def the_mail() -> OutboxMail:
    db.session.rollback()
    return db.session.scalars(sa.select(OutboxMail)).one()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Made by ourselves, for another name: nobody should trust it."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=elsewhere.invalid", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_the_stored_bytes_arrive_as_they_are(app: Flask, settings: Settings) -> None:
    box = Box()
    with mail_server(box) as port:
        transport = open_transport(over(settings, port))
        transport.deliver("guest@demo.invalid", CONTENT)
        transport.deliver("other@bücher.example", CONTENT)
        transport.close()

    assert box.contents == [CONTENT, CONTENT]
    assert box.recipients == [["guest@demo.invalid"], ["other@xn--bcher-kva.example"]]


def test_the_worker_sends_what_is_due(app: Flask, settings: Settings) -> None:
    post()
    box = Box()
    with mail_server(box) as port:
        assert Worker(over(settings, port)).run_due() == 1

    assert the_mail().state is MailState.SENT
    assert box.contents == [the_mail().content]


def test_a_451_is_tried_again(app: Flask, settings: Settings) -> None:
    post()
    box = Box("451 4.3.0 later")
    with mail_server(box) as port:
        Worker(over(settings, port)).run_due()
        waiting = the_mail()
        assert (waiting.state, waiting.attempts) == (MailState.READY, 1)
        assert "451" in (waiting.last_error or "")
        box.answer = "250 OK"
        with write():
            the_mail().run_at = waiting.created_at
        Worker(over(settings, port)).run_due()

    assert the_mail().state is MailState.SENT
    assert box.contents[0] == box.contents[1]


@pytest.mark.parametrize("box", [Box("550 5.7.1 no"), Closed()])
def test_a_550_is_given_up_and_kept(app: Flask, settings: Settings, box: Box) -> None:
    post()
    with mail_server(box) as port:
        Worker(over(settings, port)).run_due()

    assert the_mail().state is MailState.DEAD
    assert "550" in (the_mail().last_error or "")


def test_a_server_that_is_away_costs_a_try_only(app: Flask, settings: Settings) -> None:
    post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        Worker(over(settings, probe.getsockname()[1])).run_due()

    assert the_mail().state is MailState.READY


def test_a_certificate_for_another_name_is_refused(
    app: Flask, settings: Settings, certificate: ssl.SSLContext
) -> None:
    box = Box()
    with mail_server(box, smtps=certificate) as port:
        transport = open_transport(over(settings, port, "smtps"))
        with pytest.raises(ssl.SSLCertVerificationError):
            transport.deliver("guest@demo.invalid", CONTENT)

    assert box.contents == []


def test_offered_encryption_is_taken_and_checked(
    certificate: ssl.SSLContext,
) -> None:
    box = Box()
    with (
        mail_server(box, tls_context=certificate) as port,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        far_away(port).deliver("guest@demo.invalid", CONTENT)

    assert box.contents == []


def test_no_password_travels_unencrypted() -> None:
    with mail_server(Box()) as port, pytest.raises(PasswordInTheClear):
        far_away(port, who="me:secret@").deliver("guest@demo.invalid", CONTENT)


def test_a_silent_server_times_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        begun = time.monotonic()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            impatient(silent.getsockname()[1]).deliver("a@b.example", CONTENT)

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPSenderRefused(550, b"no", "a@b"), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"grey")}), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), False),
        (smtplib.SMTPConnectError(554, b"closed"), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_refused_message_is_final(error: Exception, final: bool) -> None:
    assert is_final(error) is final


def test_without_a_server_mail_is_kept_as_files(
    app: Flask, settings: Settings, run_jobs: Callable[..., int]
) -> None:
    post()

    assert run_jobs(mails=True) == 1

    (path,) = kept_mails(settings.mail_dir)
    assert path.read_bytes() == the_mail().content
    assert path.name.endswith("Z-guest@demo.invalid.eml")
    assert len(list(settings.mail_dir.iterdir())) == 1


@pytest.mark.parametrize(
    "recipient", ["../../etc/passwd", "a/b@c", "a\x00b@c", ".hidden@x", "x" * 400 + "@y", "ü@ö"]
)
def test_file_names_are_harmless(tmp_path: Path, recipient: str) -> None:
    MailFiles(tmp_path / "mail").deliver(recipient, CONTENT)

    (path,) = (tmp_path / "mail").iterdir()
    assert path.read_bytes() == CONTENT
    assert "/" not in safe_name(recipient)
