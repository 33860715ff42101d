"""What the worker does for accounts: their mails, and forgetting what has had its day."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from flask_security.confirmable import generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token

from app.accounts import drafting, emails, limits
from app.accounts.models import User
from app.core.db import db
from app.core.jobs import job
from app.core.outbox import post_mail
from app.core.periodic import periodic


@job("accounts.mail_confirmation")
def mail_confirmation(user_id: int, once: str) -> None:
    """The token is made here: it is in the mail and nowhere else."""
    person = db.session.get(User, user_id)
    if person is not None and person.confirmed_at is None:
        message = emails.confirm_address(person, generate_confirmation_token(person))
        _post(message, person, f"confirm:{once}")


@job("accounts.mail_already_registered")
def mail_already_registered(user_id: int, once: str) -> None:
    person = db.session.get(User, user_id)
    if person is not None:
        _post(emails.already_registered(person), person, f"already:{once}")


@job("accounts.mail_reset")
def mail_reset(user_id: int, once: str) -> None:
    person = db.session.get(User, user_id)
    if person is not None and person.active:
        message = emails.reset_password(person, generate_reset_password_token(person))
        _post(message, person, f"reset:{once}")


@job("accounts.mail_password_changed")
def mail_password_changed(user_id: int, once: str) -> None:
    person = db.session.get(User, user_id)
    if person is not None:
        _post(emails.password_changed(person), person, f"password:{once}")


@job("accounts.mail_approved")
def mail_approved(user_id: int) -> None:
    person = db.session.get(User, user_id)
    if person is not None:
        _post(emails.approved(person), person, "approved")


@job("accounts.mail_declined")
def mail_declined(user_id: int, reason: str) -> None:
    person = db.session.get(User, user_id)
    if person is not None:
        _post(emails.declined(person, reason), person, "declined")


@periodic("accounts.forget_expired", timedelta(days=1))
def forget_expired() -> None:
    drafting.forget_expired()
    limits.forget_old()


def _post(message: EmailMessage, person: User, key: str) -> None:
    post_mail(message, person.email, f"accounts:{person.id}:{key}")
