"""Giving uploaded files to a post or a message, and taking them away again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import update

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.files.errors import AltMissing, AltTooLong, FileNotYours, TooManyFiles
from app.files.kinds import is_image
from app.files.models import StoredFile
from app.files.queries import own_unused
from app.files.showing import FileRow

MOST_FILES = 16
LONGEST_ALT = 500


@dataclass
class Attachment:
    """A file in a form. Without a name it was not looked up, or is not this person's to use."""

    key: str
    alt: str = ""
    is_decorative: bool = False
    name: str = ""
    media_type: str = ""
    size: int = 0
    has_thumbnail: bool = False

    @property
    def is_image(self) -> bool:
        return is_image(self.media_type)

    def know(self, file: StoredFile | FileRow) -> None:
        self.name, self.media_type, self.size = file.name, file.media_type, file.size
        self.has_thumbnail = file.has_thumbnail


def check_count(wanted: Sequence[Attachment]) -> None:
    if len(wanted) > MOST_FILES:
        raise TooManyFiles


def check_words(wanted: Attachment) -> None:
    """An image has words for those who cannot see it. Raise AltMissing, AltTooLong."""
    if len(wanted.alt) > LONGEST_ALT:
        raise AltTooLong(wanted.name)
    if wanted.is_image and not wanted.alt and not wanted.is_decorative:
        raise AltMissing(wanted.name)


def attach(owner: User, wanted: Sequence[Attachment]) -> list[StoredFile]:
    """The rows in this order, now in use; inside `write()`. The caller links them to its thing.

    Raise FileNotYours for a key that is unknown, somebody else's or used already.
    """
    check_count(wanted)
    found = _held(owner, [one.key for one in wanted]) if wanted else {}
    if len({one.key for one in wanted} & set(found)) != len(wanted):
        raise FileNotYours
    for one in wanted:
        describe(found[one.key], one)
        found[one.key].attached_at = utcnow()
    return [found[one.key] for one in wanted]


def describe(file: StoredFile, wanted: Attachment) -> None:
    """Keep the words that stand for an image."""
    wanted.know(file)
    check_words(wanted)
    file.alt = wanted.alt if wanted.is_image else ""
    file.is_decorative = wanted.is_image and wanted.is_decorative and not wanted.alt


def detach(file_ids: Iterable[int]) -> None:
    """Taken away by an edit: nobody reads them any more, and they go after 30 days."""
    db.session.execute(
        update(StoredFile).where(StoredFile.id.in_(list(file_ids))).values(deleted_at=utcnow())
    )


def _held(owner: User, keys: Sequence[str]) -> dict[str, StoredFile]:
    rows = db.session.scalars(locked(own_unused(owner, keys).order_by(StoredFile.id)))
    return {file.key: file for file in rows}
