"""Rules of accounts that a person can break, in words for that person."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class WrongSignIn(DomainError):
    """Unknown address and wrong password are told apart to nobody."""

    def __init__(self) -> None:
        super().__init__(lazy_("The address or the password is not right."), "password")


class NotConfirmed(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Your mail address is not confirmed yet. Open the link in the mail we sent you, "
                "or ask for a new one."
            )
        )


class WaitingForApproval(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Your account is waiting for approval. The network office reads each application; "
                "you get a mail as soon as it is decided."
            )
        )


class AccountClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This account is closed. Write to the network office if this is wrong.")
        )


class PasswordTooShort(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Use at least 12 characters. Three or four words work well."), "password"
        )


class PasswordTooLong(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Use at most 128 characters."), "password")


class PasswordTooEasy(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This password is easy to guess from your address or this site. Choose another."),
            "password",
        )


class HandleTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Somebody else has this short name. Choose another."), "handle")


class WrongHandle(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Use 2 to 40 small letters, digits, hyphens or underscores."), "handle"
        )


class NameMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Write a name that others see."), "display_name")


class UnknownLanguage(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose one of the languages of the list."), "locale")


class WrongCode(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This code is not right, or it was used already."), "code")


class AlreadyDecided(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Somebody has decided about this application already."))


class LastAdmin(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("There must be one more admin before this role can be given up."))


class NoSuchAccount(DomainError):
    def __init__(self, email: str) -> None:
        super().__init__(lazy_("No account has the address %(email)s.", email=email))


class DraftTooLarge(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This draft is larger than 400 kB. It was not saved."))


class TooManyTries(DomainError):
    """`seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(lazy_("Too many tries."))
        self.seconds = seconds


class NotAnAddress(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This is not a mail address. It looks like name@city.example."), "email"
        )


class WrongPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This is not your present password."), "current")


class UnknownRole(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose one of the roles of the list."))


class SeatHasEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This seat has ended already. There is nothing to hand over."))


class NotASuccessor(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose another approved member of the network."), "successor")
