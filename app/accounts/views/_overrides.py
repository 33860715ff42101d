"""Where Flask-Security is not strict enough: one-time codes, any passkey, mail in the outbox."""

from __future__ import annotations

import uuid
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast

from flask import current_app
from flask_security import MailUtil, Totp, WebauthnUtil
from passlib.totp import TotpMatch
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.core.outbox import post_mail


class OutboxMail(MailUtil):
    """A mail that Flask-Security writes itself goes where all mail goes."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: Any,
        body: str | None,
        html: str | None,
        **_: Any,
    ) -> None:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address("Interurban", addr_spec=current_app.config["MAIL_FROM"])
        message["To"] = address = str(recipient)
        message["Subject"] = " ".join(str(subject).split())
        message.set_content(body or "", cte="quoted-printable")
        message.add_alternative(html or "", subtype="html", cte="quoted-printable")
        post_mail(message, address, f"{template}:{uuid.uuid4()}")


class ReplaySafeTotp(Totp):
    """A code that was used once is refused the second time."""

    def get_last_counter(self, user: Any) -> int | None:
        return cast(int | None, user.totp_last_counter)

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        user.totp_last_counter = tmatch.counter


class AnyPasskey(WebauthnUtil):
    """Phones, laptops and keys alike, each checking who holds it."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
