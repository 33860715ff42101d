"""Rules of questions that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class QuestionsClosed(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(lazy_("This webinar takes no more questions and votes."))


class TooManyQuestions(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "You have asked 10 questions at this webinar, and that is the most. "
                "Vote for those of others, or take one of yours back."
            ),
            "body",
        )


class AskedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You have just asked this. It is in the list."), "body")


class AskedByOthers(DomainError):
    """An open question says the same: `question_id`."""

    def __init__(self, question_id: int) -> None:
        super().__init__(
            lazy_("Somebody has asked this already. Vote for it, so that it comes up earlier."),
            "body",
        )
        self.question_id = question_id


class AnsweredAlready(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(lazy_("This question has its answer, so it stays."))


class NotOpen(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            lazy_("This question is not open any more. Look at the list as it is now.")
        )


class NotMergeable(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose another question of this webinar that is shown."), "target")


class ReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Say in a sentence why. Whoever asked reads it."), "reason")


class NoTopic(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(lazy_("Give the webinar a topic first: the thread stands in it."))


class NotOver(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(lazy_("The follow-up thread is made when the webinar is over."))


class NothingToAsk(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This post has no text that can be asked."))
