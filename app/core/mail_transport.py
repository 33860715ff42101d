"""How a stored message leaves the house: verified TLS, a time limit, one recipient at a time."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from flask_mail import Connection, Mail

from app.core.mail_files import MailFiles
from config import Settings

SECONDS = 15
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Transport(Protocol):
    """Takes whole messages. `deliver` returns when the other side has taken responsibility."""

    def deliver(self, recipient: str, content: bytes) -> None: ...

    def close(self) -> None: ...


class PasswordInTheClear(RuntimeError):
    """The mail server wants a password but offers no encryption."""


class VerifiedConnection(Connection):
    """Flask-Mail's connection, with what it lacks: checked certificates and a time limit."""

    def configure_host(self) -> smtplib.SMTP:
        mail, verified = self.mail, ssl.create_default_context()
        if mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.server, mail.port or 465, timeout=mail.seconds, context=verified
            )
        else:
            host = smtplib.SMTP(mail.server, mail.port or 25, timeout=mail.seconds)
        try:
            self._greet(host, verified)
        except BaseException:
            host.close()
            raise
        return host

    def _greet(self, host: smtplib.SMTP, verified: ssl.SSLContext) -> None:
        """Encrypt when it is offered (on this machine itself there is no need), then sign in."""
        mail = self.mail
        host.ehlo()
        near = mail.server in mail.near
        encrypted = bool(mail.use_ssl)
        if not encrypted and not near and host.has_extn("starttls"):
            host.starttls(context=verified)
            encrypted = True
        if mail.username:
            if not (encrypted or near):
                raise PasswordInTheClear(f"{mail.server} offers no encryption")
            host.login(mail.username, mail.password or "")


class VerifiedMail(Mail):
    """Flask-Mail, reading MAIL_URL. Servers that are `near` need no encryption."""

    def __init__(
        self, url: str, sender: str, seconds: float = SECONDS, near: frozenset[str] = LOOPBACK
    ) -> None:
        super().__init__()
        self.seconds, self.near = seconds, near
        parts = urlsplit(url)
        self.state = self.init_mail(_mail_settings(parts, sender))

    def connect(self) -> VerifiedConnection:
        return VerifiedConnection(self)


def _mail_settings(parts: SplitResult, sender: str) -> dict[str, object]:
    return {
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port,
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_DEFAULT_SENDER": sender,
    }


class Smtp:
    """One connection, opened at the first message and kept until `close` or a failure."""

    def __init__(self, mail: VerifiedMail) -> None:
        self.mail = mail
        self.host: smtplib.SMTP | None = None

    def deliver(self, recipient: str, content: bytes) -> None:
        """Hand the stored bytes over as they are. Raise what the server or the network says."""
        try:
            if self.host is None:
                self.host = self.mail.connect().configure_host()
            self.host.sendmail(self.mail.default_sender, [_ascii_domain(recipient)], content)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        host, self.host = self.host, None
        if host is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                host.quit()
            host.close()


def open_transport(settings: Settings) -> Transport:
    """The mail server of MAIL_URL, else the folder of mail files."""
    if settings.mail_url is None:
        return MailFiles(settings.mail_dir)
    return Smtp(VerifiedMail(settings.mail_url, settings.mail_from))


def is_final(error: BaseException) -> bool:
    """True when the server refused this very message for good (5xx).

    Refused connections and sign-ins are our own affair: they may be right again in an hour.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code >= 500
    return False


def _ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
