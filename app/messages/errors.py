"""Rules of private conversations that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_, ngettext


class UnknownPeople(DomainError):
    """`names` are the short names that no approved member has."""

    def __init__(self, names: list[str]) -> None:
        sentence = ngettext(
            "Nobody here has the short name %(names)s.",
            "Nobody here has one of these short names: %(names)s.",
            len(names),
            names=", ".join(f"@{name}" for name in names),
        )
        super().__init__(sentence, "people")


class WrongNumberOfPeople(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("A private conversation has two to ten people, you included."), "people"
        )


class EverybodyLeft(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Everybody else has left this conversation. Begin a new one to reach them."),
            "body",
        )


class TooSoonToWrite(DomainError):
    """Somebody new writes privately to one after another. `seconds` until it works again."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        sentence = ngettext(
            "You are new here. You can begin the next private conversation in %(num)s minute.",
            "You are new here. You can begin the next private conversation in %(num)s minutes.",
            minutes,
        )
        super().__init__(sentence)
        self.seconds = seconds


class ReportedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("You reported this message already. The organisers look at it."))


class DecidedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Another organiser decided this report a moment ago."))
