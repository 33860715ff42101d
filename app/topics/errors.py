"""Rules of topics that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class TopicExists(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("There is already a topic with this address. Choose another."), "slug"
        )
