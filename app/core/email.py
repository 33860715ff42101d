"""Composing mail: the same words as text and HTML, in the reader's language, to one person."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from flask import current_app, render_template

from app.core.i18n import speaking

SENDER_NAME = "Interurban"


@dataclass(frozen=True)
class Recipient:
    """One person as mail sees them. `locale` and `timezone` decide words and hours."""

    address: str
    name: str
    locale: str = "en"
    timezone: str = "Europe/Brussels"


def compose(name: str, to: Recipient, **context: Any) -> EmailMessage:
    """A message from templates/emails/<name>/ (subject.txt, body.txt, body.html).

    The text part comes first, HTML after it; `core.outbox.post_mail` adds Message-ID and Date.
    """
    with speaking(to.locale):
        words = {"to": to, **context}
        subject = " ".join(render_template(f"emails/{name}/subject.txt", **words).split())
        text = render_template(f"emails/{name}/body.txt", **words)
        html = render_template(f"emails/{name}/body.html", **words)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER_NAME, addr_spec=current_app.config["MAIL_FROM"])
    message["To"] = Address(_header_safe(to.name), addr_spec=to.address)
    message["Subject"] = _header_safe(subject)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = to.locale  # last: parts added later would take it with them
    return message


def attach_calendar(message: EmailMessage, ics: bytes, method: str) -> None:
    """Add the calendar as last alternative and as file, byte for byte the same (spec/calendar 2.2).

    `method` must equal METHOD inside (RFC 6047 section 2.4).
    """
    language = message["Content-Language"]
    message.add_alternative(
        ics, maintype="text", subtype="calendar", cte="base64",
        params={"charset": "UTF-8", "method": method},
    )  # fmt: skip
    message.add_attachment(
        ics,
        maintype="application",
        subtype="ics",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )
    message["Content-Language"] = language  # the attachment took all Content- headers with it


def _header_safe(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
