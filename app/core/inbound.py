"""Whether mail that people send back reaches us, and at which domain."""

from __future__ import annotations

from flask import current_app


def is_read() -> bool:
    """Answers from calendars come in (INBOUND_MAIL=1); otherwise nobody reads them."""
    return bool(current_app.config["INBOUND_MAIL"])


def domain() -> str:
    return str(current_app.config["INBOUND_DOMAIN"])


def sender() -> str:
    """The one address all mail comes from."""
    return str(current_app.config["MAIL_FROM"])
