"""From "may this be done" to an answer."""

from __future__ import annotations

from werkzeug.exceptions import Forbidden


def require(allowed: bool) -> None:
    """Raise Forbidden when a visible thing may not be changed by this viewer."""
    if not allowed:
        raise Forbidden
