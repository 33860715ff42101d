"""Links that prove something: signed, bound to a purpose, expiring."""

from __future__ import annotations

from typing import Any

from flask import current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from app.core.errors import DomainError
from app.core.i18n import lazy_


class LinkExpired(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This link is too old. Ask for a new one."))


class LinkUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This link is not complete. Copy it again from the mail."))


def sign(purpose: str, *values: Any) -> str:
    """A token that carries the values; readable by its holder, not changeable."""
    return _serializer(purpose).dumps(list(values))


def unsign(purpose: str, token: str, hours: float) -> list[Any]:
    """The values of a token. Raise LinkExpired or LinkUnknown."""
    try:
        return list(_serializer(purpose).loads(token, max_age=int(hours * 3600)))
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadData as error:
        raise LinkUnknown from error


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"interurban.{purpose}")
