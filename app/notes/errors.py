"""Rules about notes that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class NotReadyToPublish(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Some things are missing before the summary can be published."))


class ChangeNoteMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Say in one line what changed since the last version."), "change_note"
        )


class ChangedMeanwhile(DomainError):
    """Somebody else saved the record after this form was opened."""

    def __init__(self) -> None:
        super().__init__(
            lazy_("Somebody changed this in the meantime. Look at it again, then save.")
        )


class TextMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Write what it is about."), "text")


class ReviewNotPossible(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("These notes are published already. Publish a new version instead."))


class UnknownOwner(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This owner is not in the list. Choose another."), "owner")


class CannotSeeWebinar(DomainError):
    """Whoever cannot open the webinar's page could not open its notes either."""

    def __init__(self, name: str) -> None:
        super().__init__(
            lazy_("%(name)s cannot see this webinar, so they cannot write its notes.", name=name),
            "who",
        )


class NamingTooOpen(DomainError):
    """The people who took part were promised more."""

    def __init__(self) -> None:
        super().__init__(
            lazy_("Those who took part were promised not to be named that far."), "naming"
        )


class HeadingMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Give the section a heading."), "heading")


class SectionStays(DomainError):
    """It is the general one, or its item stands on the agenda."""

    def __init__(self) -> None:
        super().__init__(
            lazy_("This section belongs to the agenda. Change the agenda to rename or move it.")
        )


class ActionDropped(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("The organisers decided that this will not be done."))


class ReviewTooLong(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A review takes up to 30 days."), "days")


class ReviewNotRunning(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("These notes are not in review."))


class CorrectionsOver(DomainError):
    def __init__(self, since: str) -> None:
        over = lazy_("The time for corrections is over since %(moment)s.", moment=since)
        super().__init__(over if since else lazy_("The draft is not in review any more."))


class CorrectionTooLong(DomainError):
    def __init__(self, longest: int) -> None:
        super().__init__(
            lazy_("This is too long for one paragraph: at most %(max)d characters.", max=longest),
            "proposed",
        )


class NothingCorrected(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Change the words that should be different."), "proposed")


class ParagraphGone(DomainError):
    status = 404

    def __init__(self) -> None:
        super().__init__(lazy_("There is no such paragraph."))


class TooManyCorrections(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("So many of your corrections wait for an answer. You can propose more later.")
        )


class AnswerMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Say in one line why it stays as it is."), "answer")


class AnsweredMeanwhile(DomainError):
    """Somebody else was first."""

    status = 409

    def __init__(self, state: str) -> None:
        said = {
            "accepted": lazy_("Somebody accepted this correction in the meantime."),
            "rejected": lazy_("Somebody declined this correction in the meantime."),
            "withdrawn": lazy_("This correction was withdrawn in the meantime."),
        }
        super().__init__(said.get(state, lazy_("Somebody changed this in the meantime.")))


class NotPublished(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This summary is not published."))


class ReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Say why. It is written down for the admins."), "reason")


class NothingToInsert(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("There is nothing to insert that the section does not say already."))


class WithoutTopic(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This webinar belongs to no topic, so there is no place for a conversation.")
        )


class NotYourAudience(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Only a group may read this summary, and you are not in it. "
                "Ask somebody of the group to open the conversation."
            )
        )


class AnotherThreadBegun(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "You have begun another conversation and not posted it yet. "
                "Post it or delete its draft, then come back."
            )
        )
