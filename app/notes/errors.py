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
