"""Rules of conversations that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import _, lazy_, ngettext
from app.core.rate_limit import AllowanceSpent, when_again


class ThreadLocked(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This thread is locked. You can read it, but nobody can add to it."))


class ThreadMerged(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "The thread you answered was merged into this one while you wrote. Your text is "
                "below. Look at what is said here, then send it again."
            )
        )


class MayNotWrite(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("You can read this thread, but your account may not write in its topic.")
        )


class TooSoon(AllowanceSpent):
    """Somebody writes faster than people do (spec/forum 5.12)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds, "body")

    def say(self, seconds: int) -> str:
        return ngettext(
            "You wrote a moment ago. Send this again in %(num)s second.",
            "You wrote a moment ago. Send this again in %(num)s seconds.",
            seconds,
        )


class SaidAlready(TooSoon):
    def say(self, seconds: int) -> str:
        minutes = -(-seconds // 60)
        return ngettext(
            "You posted the same text a moment ago. It was not posted twice. "
            "If you mean it, send it again in %(num)s minute.",
            "You posted the same text a moment ago. It was not posted twice. "
            "If you mean it, send it again in %(num)s minutes.",
            minutes,
        )


class TooMany(TooSoon):
    def say(self, seconds: int) -> str:
        return f"{_('You have written a lot.')} {when_again(seconds)}"


class FirstDayOver(TooSoon):
    """A new member has written what a first day allows."""

    def say(self, seconds: int) -> str:
        words = _("On your first day here you can start 3 threads and write 10 replies.")
        return f"{words} {when_again(seconds)}"


class TooManyLinks(DomainError):
    def __init__(self, most: int) -> None:
        words = ngettext(
            "On your first day here a text can have %(num)s link. Take some out.",
            "On your first day here a text can have %(num)s links. Take some out.",
            most,
        )
        super().__init__(words, "body")


class TooManyMentions(DomainError):
    def __init__(self, most: int) -> None:
        words = ngettext(
            "You can name %(num)s person in a text. Take some out.",
            "You can name %(num)s people in a text. Take some out.",
            most,
        )
        super().__init__(words, "body")


class EditConflict(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "This post was changed in another window after you opened it here. Your text is "
                "below, nothing of it is lost. Compare it with the text that is there now, then "
                "save again."
            )
        )


class NotYourGroup(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You are not in this group. Choose another."), "audience")


class ReasonNeeded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Say why you change the text of somebody else. They will read your reason."),
            "reason",
        )


class OnlyAddenda(DomainError):
    """Others rely on this text: accepted answers and formal positions."""

    def __init__(self) -> None:
        super().__init__(
            lazy_("Others rely on this text, so it stays as it is. You can add to it below.")
        )


class NotYourSeat(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("You cannot write as that. Choose one of your own seats, or write as yourself."),
            "speaks_as",
        )


class NotAnAnswer(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Only a reply to a question that can be read can be its accepted answer.")
        )


class OverviewConflict(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Somebody else updated this after you opened it here. Your text is below, nothing "
                "of it is lost. Compare it with the text that is there now, then save again."
            )
        )


class NotAQuestion(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Only questions have a day by which you want answers."))


class DeadlineOutOfRange(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a day from today to 90 days from now."), "answers_by")


class ConsolidatedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This question has its consolidated reply already. Edit that one."))


class OwnPost(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This is your own post. Leave it to others to respond."))


class OpeningHasReplies(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Others replied, so the opening post stays. You can edit it, or ask a steward to "
                "hide it."
            )
        )


class TooLateToRestore(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("A removed text can be restored for 24 hours. That time is over. Ask a steward.")
        )


class TooManyBookmarks(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You keep 2,000 posts, and that is the most. Remove one first."))


class ReminderOutOfRange(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a moment to come, within ten years."), "remind_on")


class CannotHideRevision(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "You can hide one older version of your own post within 30 minutes of the change. "
                "Ask a steward."
            )
        )


class ThreeInARow(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Your last three replies stand one after another. Change your last post, "
                "or wait until somebody else has written."
            ),
            "body",
        )


class NotLastAnyMore(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Somebody has written since, or too much time has passed. Post it as a reply."),
            "body",
        )


class TooLongTogether(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Together with your last post this is too long. Post it as a reply."), "body"
        )
