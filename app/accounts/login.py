"""Who is looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask_login import current_user as _current_user
from flask_login import login_required as _login_required

from app.accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")
current_user: Any = _current_user
login_required: Any = _login_required

__all__ = ["login_needed", "member", "viewer"]


def login_needed(view: Callable[P, R]) -> Callable[P, R]:
    """A visitor is asked to sign in first and comes back to this page afterwards."""
    return cast(Callable[P, R], login_required(view))


def viewer() -> User | None:
    """The signed-in person as a plain row, out of the proxy. None: a visitor, or no request."""
    person = current_user._get_current_object()
    return cast(User, person) if person and person.is_authenticated else None


def member() -> User:
    """The signed-in person where a view has made sure that there is one."""
    return cast(User, current_user._get_current_object())
