"""Rules of date polls that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class PollClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This poll is closed. The date is chosen by the organisers now."))


class NotADraft(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This webinar is published: its date is fixed. Move it, if it must change.")
        )


class TooFewSlots(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Offer at least two dates, else there is nothing to choose."))


class SlotTwice(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Two of the dates are the same. Change or empty one of them."))


class ClosesTooLate(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The poll must end before the first of its dates, and after today."), "closes_on"
        )
