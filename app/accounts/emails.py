"""Mails about a person's own account."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from app.accounts.models import User
from app.core.email import Recipient, compose
from app.core.links import absolute_url


def recipient(person: User) -> Recipient:
    return Recipient(person.email, person.display_name, person.locale or "en", person.timezone)


def confirm_address(person: User, token: str) -> EmailMessage:
    return _to(person, "confirm_address", link=absolute_url("confirmations.show", token=token))


def already_registered(person: User) -> EmailMessage:
    return _to(
        person,
        "already_registered",
        link=absolute_url("sessions.new"),
        reset_link=absolute_url("passwords.forgotten"),
    )


def reset_password(person: User, token: str) -> EmailMessage:
    return _to(person, "reset_password", link=absolute_url("passwords.reset", token=token))


def password_changed(person: User) -> EmailMessage:
    return _to(person, "password_changed", link=absolute_url("passwords.forgotten"))


def approved(person: User) -> EmailMessage:
    return _to(person, "approved", link=absolute_url("sessions.new"))


def declined(person: User, reason: str) -> EmailMessage:
    return _to(person, "declined", reason=reason)


def _to(person: User, name: str, **words: Any) -> EmailMessage:
    return compose(name, recipient(person), person=person, **words)
