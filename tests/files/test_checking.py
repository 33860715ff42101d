"""What is taken and what is refused, by content and by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.files.checking import check
from app.files.errors import FileRefused
from app.files.naming import clean_name
from tests.factories_files import PDF, docx, image, office, open_document, package

pytestmark = pytest.mark.any_engine

SHEET = ("spreadsheetml.sheet", "xl/workbook.xml")
SLIDES = ("presentationml.presentation", "ppt/presentation.xml")
DISAGREES = "Its content is not what its name says. Save it again in the right format."
MACROS = "It may hold macros. Save it without them, as DOCX, XLSX, PPTX or PDF."


@pytest.fixture(autouse=True)
def words(whole_app: Flask) -> Iterator[None]:
    """Sentences need an application, nothing here needs a database."""
    with whole_app.app_context():
        yield


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.JPG", image("JPEG"), "image/jpeg"),
        ("a.jpeg", image("JPEG"), "image/jpeg"),
        ("a.png", image("PNG"), "image/png"),
        ("a.webp", image("WEBP"), "image/webp"),
        ("a.gif", image("GIF"), "image/gif"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.odt", open_document(), "application/vnd.oasis.opendocument.text"),
        ("a.ods", open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.odp", open_document("presentation"), "application/vnd.oasis.opendocument.presentation"),
        ("a.csv", b"\xef\xbb\xbfcity;counters\nGraz;3\n", "text/csv"),
        ("a.txt", "Grüße".encode(), "text/plain"),
        ("a.txt", "Grüße aus Łódź".encode("cp1250"), "text/plain"),
        ("a.md", b"<div align=center>Counters</div>", "text/markdown"),
        ("a.txt", b"BM, MZ and ID3 are letters too", "text/plain"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),
    ],
)
def test_what_officials_use_is_taken(name: str, content: bytes, media_type: str) -> None:
    assert check(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "tail"),
    [
        ("a.docx", docx(), "wordprocessingml.document"),
        ("a.xlsx", office(*SHEET), "spreadsheetml.sheet"),
        ("a.pptx", office(*SLIDES), "presentationml.presentation"),
    ],
)
def test_office_files_are_taken(name: str, content: bytes, tail: str) -> None:
    assert check(content, name).media_type.endswith(tail)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.svg", "SVG pictures can run scripts. Save it as PNG or PDF."),
        ("a.html", "Web pages can run scripts. Save it as PDF."),
        ("a.exe", "Programs are not accepted."),
        ("a.png.exe", "Programs are not accepted."),
        ("a.zip", "Archives are not accepted. Attach the files in it one by one."),
        ("a.docm", MACROS),
        ("a.xlsm", MACROS),
        ("a.doc", "This is an old Office format. Save it as DOCX, XLSX, PPTX or PDF."),
        ("a.heic", "Save this picture as JPG, PNG, WebP or GIF."),
        (
            "a.mp4",
            "Films and sound are not accepted. Put a link to them into your text.",
        ),
    ],
)
def test_each_kind_is_refused_in_its_own_words(name: str, reason: str) -> None:
    assert refusal(image(), name) == reason


@pytest.mark.parametrize("name", ["README", "a.", ".png", "a.unheard", "png"])
def test_names_without_a_known_kind_are_refused(name: str) -> None:
    assert refusal(image(), clean_name(name)).startswith("Files of this kind are not accepted.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", image("JPEG")),
        ("a.jpg", b"<html><script>alert(1)</script>"),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.pdf", b"MZ\x90\0 a program"),
        ("a.pdf", image("PNG")),
        ("a.txt", PDF),
        ("a.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("a.md", b"\xef\xbb\xbf<svg onload=alert(1)>"),
        ("a.csv", b"{\\rtf1 }"),
        ("a.ics", b"Tuesday at ten"),
        ("a.docx", open_document()),
        ("a.docx", office(*SHEET)),
        ("a.xlsx", docx()),
        ("a.docx", package({"readme.txt": "an archive"})),
        ("a.docx", b"junk before " + docx()),
        ("a.docx", docx()[:-30]),
        ("a.docx", docx(**{"../../etc/passwd": "x"})),
        ("a.odt", open_document("spreadsheet")),
        ("a.odt", package({"mimetype": "application/vnd.oasis.opendocument.text"})),
        ("a.odt", image("PNG")),
    ],
)
def test_content_that_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    assert refusal(content, name) == DISAGREES


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", docx(**{"word/vbaProject.bin": b"Sub AutoOpen"})),
        ("a.docx", docx(**{"word/VBAPROJECT.BIN": b"Sub AutoOpen"})),
        (
            "a.xlsx",
            package(
                {
                    "[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                    "xl/workbook.xml": "<x/>",
                }
            ),
        ),
        ("a.odt", open_document(**{"Basic/Standard/Module1.xml": "Sub Main"})),
        ("a.ods", open_document("spreadsheet", **{"Scripts/python/evil.py": "import os"})),
    ],
)
def test_macros_are_refused(name: str, content: bytes) -> None:
    assert refusal(content, name) == MACROS


def test_a_document_that_unpacks_to_too_much_is_refused() -> None:
    large = package({"[Content_Types].xml": "", "word/media/a.bmp": "x"}, claimed=201 << 20)

    assert refusal(large, "a.docx") == (
        "The document unpacks to more than 200 MB. Make it smaller."
    )


@pytest.mark.parametrize("content", [b"a\0b", b"\x01\x02\x03", "a".encode("utf-16")])
def test_bytes_are_no_text(content: bytes) -> None:
    assert refusal(content, "a.txt") == "This is not plain text. Save it as text in UTF-8."


def test_empty_and_too_large_files_are_refused() -> None:
    assert refusal(b"", "a.txt") == "The file is empty."
    assert refusal(b"x" * (10 * 1024 * 1024 + 1), "a.txt") == (
        "The file is larger than 10 MB. Make it smaller or split it."
    )
    assert check(b"x" * (10 * 1024 * 1024), "a.txt").media_type == "text/plain"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\someone\\plan.pdf", "plan.pdf"),
        ("plan\0.pdf\r\nX: y.pdf", "plan.pdf X: y.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("  Übersicht  über alles .pdf", "Übersicht über alles.pdf"),
        ("..pdf", "pdf"),
        ("", "file"),
        ("/", "file"),
        ("مخطط 🗺.pdf", "مخطط 🗺.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x." + "y" * 300, "." + "y" * 199),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as refused:
        check(content, name)
    return refused.value.message
