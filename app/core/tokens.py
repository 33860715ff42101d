"""Links that prove something: signed, bound to a purpose, expiring."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

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


def sign_as_of(moment: datetime, purpose: str, *values: Any) -> str:
    """The same token however often it is asked for: as if it had been signed at that moment."""
    dated = {"signer": _Dated, "signer_kwargs": {"seconds": int(moment.timestamp())}}
    return _serializer(purpose, **dated).dumps(list(values))


def unsign(purpose: str, token: str, hours: float) -> list[Any]:
    """The values of a token. Raise LinkExpired or LinkUnknown."""
    try:
        return list(_serializer(purpose).loads(token, max_age=int(hours * 3600)))
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadData as error:
        raise LinkUnknown from error


class _Dated(TimestampSigner):
    def __init__(self, *args: Any, seconds: int, **named: Any) -> None:
        super().__init__(*args, **named)
        self.seconds = seconds

    def get_timestamp(self) -> int:
        return self.seconds


def _serializer(purpose: str, **signer: Any) -> URLSafeTimedSerializer:
    secret = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt=f"interurban.{purpose}", **signer)
