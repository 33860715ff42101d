"""Mail of people, passed on to those who should read it."""

from __future__ import annotations

from email.message import EmailMessage

from app.accounts.models import User
from app.core.email import Recipient, compose
from app.mailbox.letters import Letter
from app.mailbox.models import InboundMail
from app.webinars.models import Webinar

MOST_ATTACHED = 5 * 1024 * 1024


def forwarded(
    mail: InboundMail, letter: Letter, reader: User, webinar: Webinar | None
) -> EmailMessage:
    """The words, and the whole message as a file; an answer goes to who wrote it."""
    to = Recipient(reader.email, reader.display_name, reader.locale or "en", reader.timezone)
    message = compose(
        "mail-forwarded",
        to,
        sender=letter.sender,
        subject=letter.subject[:200],
        text=letter.text,
        webinar=webinar,
        is_whole=len(mail.raw) <= MOST_ATTACHED,
    )
    if letter.sender.isascii() and letter.sender:
        message["Reply-To"] = letter.sender
    if len(mail.raw) <= MOST_ATTACHED:
        language = message["Content-Language"]
        message.add_attachment(
            mail.raw, maintype="application", subtype="octet-stream", filename="message.eml"
        )
        message["Content-Language"] = language  # the attachment took all Content- headers with it
    return message
