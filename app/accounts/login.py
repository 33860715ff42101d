"""Who is looking."""

from __future__ import annotations

from typing import cast

from flask_login import current_user, login_required

from app.accounts.models import User

__all__ = ["login_needed", "member", "viewer"]

login_needed = login_required
"""A visitor is asked to sign in first and comes back to this page afterwards."""


def viewer() -> User | None:
    """The signed-in person as a plain row, out of the proxy. None: a visitor, or no request."""
    if not current_user or not current_user.is_authenticated:
        return None
    return cast(User, current_user._get_current_object())


def member() -> User:
    """The signed-in person where a view has made sure that there is one."""
    return cast(User, current_user._get_current_object())
