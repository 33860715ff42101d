"""Rules of feedback, said to the person who met them."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class SurveyClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Feedback is open from the end of the webinar, for 14 days."))


class AnsweredBefore(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("You answered before. Answers carry no name, so they cannot be changed.")
        )


class NoPlace(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Only people who had a place at this webinar can give feedback."))


class NothingSaid(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Answer one question at least."))


class TooManyQuestions(DomainError):
    def __init__(self, most: int) -> None:
        super().__init__(lazy_("Ask %(most)s questions of your own at most.", most=most))


class AnswersAreIn(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The survey is open, so its questions stay: everybody answers the same.")
        )
