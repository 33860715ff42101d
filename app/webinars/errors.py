"""Rules of webinars that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_, ngettext


class EndBeforeStart(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("The end must be after the start."), "end_local")


class TooLong(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A webinar takes 8 hours at most."), "end_local")


class TooSoon(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a start that is at least one hour from now."), "start_local")


class YearOutOfRange(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a year from 2000 to 2100."), "date")


class StaleWebinar(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Somebody else changed this webinar while you were editing. "
                "Nothing of yours is saved yet: compare with the page, then save again."
            )
        )


class NotReady(DomainError):
    """The checklist has an open point; the sentence is that point's."""


class AlreadyCancelled(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This webinar is cancelled."))


class AlreadyOver(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This webinar has taken place. It can no longer be changed."))


class NotPublished(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This webinar is a draft. Publish it first."))


class ShortNotice(DomainError):
    """The start moves with less than 24 hours left: ask whether that is meant."""

    def __init__(self, people: int) -> None:
        super().__init__(
            ngettext(
                "The webinar starts in less than 24 hours. "
                "One person is told about the new time. Tick the box if that is right.",
                "The webinar starts in less than 24 hours. "
                "%(num)s people are told about the new time. Tick the box if that is right.",
                people,
            ),
            "is_sure",
        )


class ReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Say in a sentence why. The people who registered read it."), "reason"
        )


class RegistrationClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Registration for this webinar is closed."))


class PlaceGivenUp(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You cancelled this registration. Register again if you like."))


class TooManyRegistrations(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("There were many registrations from your network. Try again in an hour.")
        )


class TooManyQuestions(DomainError):
    def __init__(self, most: int) -> None:
        super().__init__(lazy_("Ask %(most)s questions at most.", most=most))
