"""Passwords: what a new one must be, and whether one is right. Hashing is slow: outside write()."""

from __future__ import annotations

import unicodedata
from functools import cache

from flask_security.utils import hash_password, verify_password

from app.accounts.errors import PasswordTooEasy, PasswordTooLong, PasswordTooShort

SHORTEST, LONGEST = 12, 128


def normalized(password: str) -> str:
    """The same password typed on another keyboard (NFKD, as Flask-Security stores it)."""
    return unicodedata.normalize("NFKD", password)


def check_new(password: str, email: str) -> None:
    """Raise what is wrong with a password somebody chose."""
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > LONGEST:
        raise PasswordTooLong
    plain = password.casefold()
    guesses = {email.casefold(), email.partition("@")[0].casefold(), "interurban", plain[:1]}
    if any(guess and not plain.replace(guess, "").strip("0123456789 !.-_") for guess in guesses):
        raise PasswordTooEasy


def hashed(password: str) -> str:
    return str(hash_password(normalized(password)))


def is_right(password: str, password_hash: str | None) -> bool:
    """Takes as long for an account without password, or for none at all."""
    known = bool(password_hash) and len(password) <= LONGEST
    right = verify_password(normalized(password[:LONGEST]), password_hash or _somebody())
    return known and bool(right)


@cache
def _somebody() -> str:
    return hashed("nobody has this password")
