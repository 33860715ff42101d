"""Rules about cities and memberships that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class NameMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Give the name in at least one language."), "names")


class AddressTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("There is already a member with this name in its address."), "names")


class PlaceUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Latitude goes from -90 to 90, longitude from -180 to 180."), "latitude"
        )


class AlreadyMember(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("These dates overlap with another membership. End that one first."), "starts_on"
        )


class EndsBeforeStart(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A membership cannot end before it starts."), "ends_on")


class DomainTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This mail domain already belongs to another member."), "domain")


class NotADomain(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Write the part of the address after the @, like graz.example."), "domain"
        )
