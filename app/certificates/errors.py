"""Why somebody gets no certificate, in words for that person."""

from __future__ import annotations

from app.core.errors import DomainError


class NotEntitled(DomainError):
    """The sentence is the claim's own."""
