"""What may be uploaded, and why everything else may not (spec/forum 5.13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.core.i18n import N_, _
from app.files.errors import FileRefused

OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE = "application/vnd.openxmlformats-officedocument"


class Family(Enum):
    """How a file's content is looked at."""

    IMAGE = auto()
    PDF = auto()
    OPEN_DOCUMENT = auto()
    OFFICE = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Kind:
    """A file format: what browsers call it. `main` is the part that holds an Office document."""

    family: Family
    media_type: str
    main: str = ""


KINDS = {
    "jpg": Kind(Family.IMAGE, "image/jpeg"),
    "jpeg": Kind(Family.IMAGE, "image/jpeg"),
    "png": Kind(Family.IMAGE, "image/png"),
    "webp": Kind(Family.IMAGE, "image/webp"),
    "gif": Kind(Family.IMAGE, "image/gif"),
    "pdf": Kind(Family.PDF, "application/pdf"),
    "odt": Kind(Family.OPEN_DOCUMENT, f"{OPEN_DOCUMENT}.text"),
    "ods": Kind(Family.OPEN_DOCUMENT, f"{OPEN_DOCUMENT}.spreadsheet"),
    "odp": Kind(Family.OPEN_DOCUMENT, f"{OPEN_DOCUMENT}.presentation"),
    "docx": Kind(Family.OFFICE, f"{OFFICE}.wordprocessingml.document", "word/document.xml"),
    "xlsx": Kind(Family.OFFICE, f"{OFFICE}.spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": Kind(Family.OFFICE, f"{OFFICE}.presentationml.presentation", "ppt/presentation.xml"),
    "csv": Kind(Family.TEXT, "text/csv"),
    "txt": Kind(Family.TEXT, "text/plain"),
    "md": Kind(Family.TEXT, "text/markdown"),
    "ics": Kind(Family.TEXT, "text/calendar"),
    "vtt": Kind(Family.TEXT, "text/vtt"),
}

MACROS = N_("It may hold macros. Save it without them, as DOCX, XLSX, PPTX or PDF.")
OLD_OFFICE = N_("This is an old Office format. Save it as DOCX, XLSX, PPTX or PDF.")
ARCHIVE = N_("Archives are not accepted. Attach the files in it one by one.")
PROGRAM = N_("Programs are not accepted.")
OTHER_IMAGE = N_("Save this picture as JPG, PNG, WebP or GIF.")
FILM = N_("Films and sound are not accepted. Put a link to them into your text.")
WEB_PAGE = N_("Web pages can run scripts. Save it as PDF.")
VECTOR = N_("SVG pictures can run scripts. Save it as PNG or PDF.")
OTHER = N_(
    "Files of this kind are not accepted. Pictures, PDF, Office and OpenDocument files, "
    "text, CSV and calendar files are."
)

REASONS = {
    MACROS: "docm dotm xlsm xltm xlsb pptm potm ppsm xlam",
    OLD_OFFICE: "doc dot xls ppt pps rtf",
    ARCHIVE: "zip rar 7z tar gz tgz bz2 xz zst jar cab iso dmg",
    PROGRAM: "exe msi com bat cmd ps1 sh vbs js apk app deb rpm scr lnk",
    OTHER_IMAGE: "heic heif avif bmp tif tiff ico psd jxl",
    FILM: "mp4 m4v mov avi mkv webm mp3 m4a wav ogg flac",
    WEB_PAGE: "htm html xhtml mht mhtml xml",
    VECTOR: "svg svgz",
}
REFUSED = {extension: reason for reason, names in REASONS.items() for extension in names.split()}


def kind_of(extension: str) -> Kind:
    """What the name promises. Raise FileRefused with the reason."""
    if extension not in KINDS:
        raise FileRefused(_(REFUSED.get(extension, OTHER)))
    return KINDS[extension]


def is_image(media_type: str) -> bool:
    return media_type.startswith("image/")


def file_types() -> str:
    """For a file input: what a browser's window offers."""
    return ",".join(f".{extension}" for extension in KINDS)
