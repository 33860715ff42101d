"""Small acts on a post or a thread: done at a press, answered by the page they came from."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash

from app.core.db import write
from app.core.errors import DomainError
from app.core.rate_limit import AllowanceSpent


def attempt(act: Callable[[], None]) -> bool:
    """Do it in one transaction. A broken rule is said on the next page; False then."""
    try:
        with write():
            act()
    except AllowanceSpent:
        raise  # has a page of its own, with the seconds
    except DomainError as error:
        flash(error.message, "error")
        return False
    return True
