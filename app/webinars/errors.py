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


class IsTemplate(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This is a template. Make a webinar from it, then publish that."))


class ReadOnly(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This webinar is in the archive. It can no longer be changed."))


class NotPostponed(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This webinar is not postponed any more. Look at its page first."))


class CannotRestore(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("A cancelled webinar can be brought back once, and only before its start.")
        )


class NotRunning(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Only a webinar that is running can be ended."))


class OnlyDrafts(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Only drafts can be deleted. Cancel a published webinar instead."))


class PlanInThePast(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a moment that is still ahead."), "date")


class PlanTooLate(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("People need an hour: publish it at least one hour before it starts."), "date"
        )


class NumberNotTyped(DomainError):
    """Who cancels says how many people are told; the number is asked again when it grew."""

    def __init__(self, people: int) -> None:
        super().__init__(
            ngettext(
                "One person has a seat. Type 1 to show that you know.",
                "%(num)s people have a seat. Type %(num)s to show that you know.",
                people,
            ),
            "typed",
        )


class OwnerStays(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Whoever owns the webinar can only leave it themselves."))


class LastOrganiser(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Somebody has to organise it. Add another person first."))


class SessionTimeWrong(DomainError):
    """A session of a series falls on a time that does not exist; the day is named."""

    def __init__(self, day: str, reason: str, field: str | None) -> None:
        super().__init__(f"{day}: {reason}", field)


class NoSessions(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A series has two sessions or more."), "count")


class TooManySessions(DomainError):
    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext("A series has one session.", "A series has %(num)s sessions at most.", most),
            "count",
        )


class TooLateToTakeBack(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("The webinar has begun. A place can be taken back until the start."))


class TakenOutByOrganiser(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The organisers cancelled this registration. Write to them if you want to come.")
        )


class NotAskedForApproval(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This person does not wait for an answer."))


class OfferOver(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "This offer is over, the seat went to the next person. Register again if you like."
            )
        )


class NoSeatToGive(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You hold no seat that you could pass on."))


class TooLateToPassOn(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A seat can be passed on until two hours before the start."))


class PassedOnToOneself(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This is your own address. Write your colleague's."), "to_email")


class PassedOnTooOften(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This seat was offered to many people today. Try again tomorrow."), "to_email"
        )


class ApprovedByPerson(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "The organisers decide about each person. Ask your colleague to register, "
                "and cancel when you know more."
            )
        )


class TransferOver(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This seat is no longer offered to you."))


class CalendarEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This calendar was ended or has a new address. Look under Settings, Calendars.")
        )


class NotOnTheList(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This person is not on the waiting list any more."))


class NotTakenOut(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This person cancelled themselves. Only they can come back."))
