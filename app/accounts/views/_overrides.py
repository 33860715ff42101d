"""Where Flask-Security is not strict enough: one-time codes, any passkey, mail in the outbox."""

from __future__ import annotations

import uuid
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast

from flask import current_app
from flask_security import MailUtil, Totp, WebauthnUtil
from flask_security.webauthn import WebAuthnRegisterForm, WebAuthnSigninResponseForm
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.permissions import check_may_come_in
from app.core.errors import DomainError
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

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.totp_last_counter = tmatch.counter


class AnyPasskey(WebauthnUtil):
    """Phones, laptops and keys alike, each checking who holds it."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED


class PasskeyWish(WebAuthnRegisterForm):
    """Each passkey is a way to sign in; none is a second factor only."""

    def validate(self, extra_validators: Any = None, **more: Any) -> bool:
        self.usage.data = "first"
        return bool(super().validate(extra_validators=extra_validators, **more))


class PasskeyAnswer(WebAuthnSigninResponseForm):
    """A right passkey opens no door that a right password would not open."""

    def validate(self, extra_validators: Any = None, **more: Any) -> bool:
        if not super().validate(extra_validators=extra_validators, **more):
            return False
        try:
            check_may_come_in(cast(Any, self.user))
        except DomainError as error:
            self.credential.errors = (error.message,)
            return False
        return True
