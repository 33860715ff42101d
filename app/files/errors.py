"""Why a file is refused, said to the person who sent it."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import _


class FileRefused(DomainError):
    """`name` is what the person called the file; the sentence begins with it."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(f"{name}: {reason}" if name else reason, "files")
        self.reason = reason


class StoreAway(FileRefused):
    """The place where files lie does not answer, or does not let us in."""

    def __init__(self) -> None:
        super().__init__(_("Files cannot be kept at the moment. Try again in a few minutes."))


class NotWhatItSays(FileRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Its content is not what its name says. Save it again in the right format.")
        )


class TooMuchStored(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Your files use all of your 3 GB. Take some away before you attach new ones."),
            "files",
        )


class TooMuchUnused(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "You have uploaded 40 MB that nothing uses yet. Post what you have, or remove "
                "files from it, before you attach more."
            ),
            "files",
        )


class TooManyFiles(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Attach at most 16 files. Put the others into a second post."), "files")


class FileNotYours(DomainError):
    """A key that is unknown, somebody else's or used elsewhere: one sentence for all."""

    def __init__(self) -> None:
        super().__init__(
            _("One of the files is not there any more. Attach it again, then send."), "files"
        )


class AltMissing(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Describe %(name)s in a few words for people who cannot see it, or say that it "
                "is only decorative.",
                name=name,
            ),
            "files",
        )


class AltTooLong(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("Describe %(name)s in at most 500 characters.", name=name),
            "files",
        )
