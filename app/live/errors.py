"""What a room cannot be."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class OwnAddress(DomainError):
    """It would lead people round in a circle."""

    def __init__(self, field: str) -> None:
        text = lazy_("This is an address of our own. Give that of the room, at its service.")
        super().__init__(text, field)


class NotSecure(DomainError):
    def __init__(self, field: str) -> None:
        super().__init__(lazy_("Give the whole address: https://…"), field)


class NoBackup(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Save the address of a backup room first."), "backup_url")


class NotOffered(DomainError):
    """A provider this installation has no settings for."""

    def __init__(self) -> None:
        super().__init__(lazy_("Rooms of this kind are not offered here."), "provider")
