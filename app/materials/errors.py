"""Rules of materials and recordings that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import _, lazy_


class FileOrLink(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose a file, or give an address."), "upload")


class NotBoth(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Give a file or an address, not both. Make two materials of them."), "url"
        )


class TooManyMaterials(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A webinar has at most 60 materials. Remove some first."))


class NoRecording(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Save the address of the recording first."))


class StaleRecording(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Somebody else changed the recording while you were editing. Nothing of yours is "
                "saved yet: compare, then save again."
            )
        )


class RecordingEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("The last day of this recording is over. Choose a later one first."), "ends_on"
        )


class NotOver(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("A recording is published when the webinar is over."))


class ConsentMissing(DomainError):
    """Somebody refused, or it was promised that nothing is recorded. `sentence` says who."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "is_cut")


class CutNotSaid(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("Say in a few words what was cut out, or who agreed after all."), "consent_note"
        )


class CaptionsRefused(DomainError):
    """Why a file is no WebVTT that players read."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(
            _("Line %(number)s: %(reason)s", number=line, reason=reason) if line else reason,
            "upload",
        )


class TranscriptRefused(DomainError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason, "upload")


class ChapterRefused(DomainError):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(_("Line %(number)s: %(reason)s", number=line, reason=reason), "lines")
