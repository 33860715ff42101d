"""The headers by which a mail program offers to end mails of a kind (RFC 2369, RFC 8058)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import Policy

from app.core.links import absolute_url


class ListUnsubscribe(str):
    """Written as it is: the email package would turn a long address into encoded words."""

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def stop_url(whose: str, token: str) -> str:
    """The page that ends reminders of one webinar for one person."""
    return absolute_url("reminders.stop", whose=whose, token=token)


def offer_to_stop(message: EmailMessage, whose: str, token: str) -> None:
    """`whose` is "registrations" or "speakers". Never on invitations and cancellations."""
    message["List-Unsubscribe"] = ListUnsubscribe(f"<{stop_url(whose, token)}>")
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
