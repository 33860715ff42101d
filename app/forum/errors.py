"""Rules of conversations that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_, ngettext


class ThreadLocked(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This thread is locked. You can read it, but nobody can add to it."))


class MayNotWrite(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("You can read this thread, but your account may not write in its topic.")
        )


class TooSoon(DomainError):
    """Somebody writes faster than people do (spec/forum 5.12). `seconds` until it works again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(self.say(seconds), "body")
        self.seconds = seconds

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
        minutes = -(-seconds // 60)
        return ngettext(
            "That was a lot in one hour. You can post again in %(num)s minute.",
            "That was a lot in one hour. You can post again in %(num)s minutes.",
            minutes,
        )


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
