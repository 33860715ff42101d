"""What a person may meet while telling cities of a webinar."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class NotMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This city was reached, or is not in the network."))


class NudgedBefore(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This city was told already. It gets this mail once."))


class NothingToShow(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "There is nothing to read or to watch yet. "
                "Publish the summary or the recording first."
            )
        )


class NobodyToNudge(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Nobody of this city may see the webinar, so there is nobody to tell.")
        )
