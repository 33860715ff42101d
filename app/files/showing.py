"""A file as a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal

from app.core.i18n import _
from app.files.kinds import is_image
from app.files.models import StoredFile
from app.files.naming import MEGABYTE, extension_of

KILOBYTE = 1024
TRUE = {"1", "true"}  # as SQLite and PostgreSQL write it
ICONS = {
    "pdf": "file-text", "odt": "file-text", "docx": "file-text", "txt": "file-text",
    "md": "file-text", "ods": "file-spreadsheet", "xlsx": "file-spreadsheet",
    "csv": "file-spreadsheet", "odp": "presentation", "pptx": "presentation", "ics": "calendar",
}  # fmt: skip


@dataclass(frozen=True)
class FileRow:
    """What a reader sees of a file. An image has its size in pixels and words, or is decorative."""

    key: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    has_thumbnail: bool
    alt: str
    is_decorative: bool

    @property
    def is_image(self) -> bool:
        return is_image(self.media_type)

    @property
    def kind(self) -> str:
        """PDF, DOCX: what people call the format."""
        return extension_of(self.name).upper()

    @property
    def icon(self) -> str:
        return "image" if self.is_image else ICONS.get(extension_of(self.name), "file")


def file_columns() -> tuple[Any, ...]:
    """The columns of a FileRow, for statements of other domains."""
    return (
        StoredFile.key, StoredFile.name, StoredFile.media_type, StoredFile.size,
        StoredFile.width, StoredFile.height, StoredFile.has_thumbnail, StoredFile.alt,
        StoredFile.is_decorative,
    )  # fmt: skip


def file_row(values: Any) -> FileRow:
    return FileRow(*values)


def file_row_of_texts(values: Sequence[str]) -> FileRow:
    """The same where a statement hands every value over as text, nothing as an empty one."""
    key, name, media_type, size, width, height, thumbnail, alt, decorative = values
    return FileRow(
        key,
        name,
        media_type,
        size=int(size),
        width=int(width) if width else None,
        height=int(height) if height else None,
        has_thumbnail=thumbnail in TRUE,
        alt=alt,
        is_decorative=decorative in TRUE,
    )


def size_words(size: int) -> str:
    """1.4 MB, 20 kB, as the reader's language writes numbers."""
    if size >= MEGABYTE:
        return _("%(number)s MB", number=format_decimal(size / MEGABYTE, "#,##0.0"))
    return _("%(number)s kB", number=format_decimal(max(1, round(size / KILOBYTE)), "#,##0"))
