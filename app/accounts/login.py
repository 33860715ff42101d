"""Who is looking."""

from __future__ import annotations

from typing import cast

from flask_login import current_user

from app.accounts.models import User


def viewer() -> User | None:
    """The signed-in person as a plain row, out of the proxy. None: a visitor."""
    return cast(User, current_user._get_current_object()) if current_user.is_authenticated else None


def member() -> User:
    """The signed-in person where a view has made sure that there is one."""
    return cast(User, current_user._get_current_object())
