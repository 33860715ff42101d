"""Rows for accounts: people with a password, applicants."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.accounts.models import User
from app.accounts.passwords import hashed
from tests.factories import make_user

PASSWORD = "three quiet words"


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def make_person(name: str = "Human rights officer", **changes: Any) -> User:
    """An approved member who signs in with PASSWORD."""
    return make_user(name, **{"password": _hash(), **changes})


def make_applicant(name: str = "Project officer", **changes: Any) -> User:
    return make_person(name, **{"approved_at": None, **changes})
