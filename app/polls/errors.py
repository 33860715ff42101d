"""Rules of quick polls, said to the person who met them."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class PollClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This poll is closed."))


class NothingChosen(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose an answer."))


class OnlyOneAnswer(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose one answer only."))


class TooManyPolls(DomainError):
    def __init__(self, most: int) -> None:
        super().__init__(lazy_("A webinar has up to %(most)s polls.", most=most))


class VotesAreIn(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This poll is open or has votes, so its words stay. Write a new poll instead.")
        )


class PollChanged(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Somebody changed this poll while you wrote. Compare with the new text, then save."
            )
        )


class NotItsTime(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Polls can be opened once the webinar is published, until a day after it.")
        )


class VotesForgotten(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Who voted is forgotten by now, so this poll cannot be opened again.")
        )
