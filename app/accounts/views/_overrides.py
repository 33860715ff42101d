"""Where Flask-Security is not strict enough: one-time codes, any passkey, mail in the outbox."""

from __future__ import annotations

import uuid
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from flask import current_app
from flask_security import MailUtil, Totp, WebauthnUtil
from passlib.totp import TotpMatch
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.core.outbox import post_mail


class OutboxMail(MailUtil):  # type: ignore[misc]
    """A mail that Flask-Security writes itself goes where all mail goes."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str,
        sender: Any,
        body: str,
        html: str,
        **_: Any,
    ) -> None:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address("Interurban", addr_spec=current_app.config["MAIL_FROM"])
        message["To"] = recipient
        message["Subject"] = " ".join(str(subject).split())
        message.set_content(body, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        post_mail(message, recipient, f"{template}:{uuid.uuid4()}")


class ReplaySafeTotp(Totp):  # type: ignore[misc]
    """A code that was used once is refused the second time."""

    def get_last_counter(self, user: Any) -> int | None:
        return user.totp_last_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        user.totp_last_counter = tmatch.counter


class AnyPasskey(WebauthnUtil):  # type: ignore[misc]
    """Phones, laptops and keys alike, each checking who holds it."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
