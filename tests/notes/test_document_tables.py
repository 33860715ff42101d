"""How tables and facts of a document read: as a table, as cards, and one fact with more values."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf
import pytest
from flask import Flask

from app.notes.documents.blocks import Document, Fact, Heading, Table, words
from app.notes.documents.docx import write_docx
from app.notes.documents.html import write_html
from app.notes.documents.markdown import write_markdown
from app.notes.documents.odt import write_odt
from app.notes.documents.pdf import write_pdf
from app.notes.documents.text import write_text
from app.notes.participants import table

HEAD = ("Number", "Action", "Owner", "Due")
ROW = ("A-2026-015", "Read ten lines of the budget aloud, twice", "", "28 de noviembre de 2026")
WHEN = (
    Fact("When", "Wed 11:00, Europe/Vienna"), Fact("When", "Wed 09:00, UTC"),
    Fact("Language", "English"),
)  # fmt: skip


def document(made: Table) -> Document:
    blocks = (Heading(1, words("Actions")), made)
    return Document("Budget", "en", "1.0", "", "2026_x", WHEN, blocks)


def cells_of(made: Table) -> list[tuple[str, str]]:
    """Attributes and words of each cell on the page."""
    page = write_html(document(made)).decode()
    return re.findall(r'<td role="cell" ([^>]*)>([^<]*)', page)


def test_each_cell_says_its_column_and_short_ones_stay_in_one_line(app: Flask) -> None:
    assert cells_of(table(HEAD, [ROW], ("a-2026-015",))) == [
        ('data-label="Number" class="nowrap"', ROW[0]),
        ('data-label="Action"', ROW[1]),
        ('data-label="Owner" class="nowrap"', ""),
        ('data-label="Due" class="nowrap"', ROW[3]),
    ]


def test_tables_that_people_wrote_break_their_lines_sooner(app: Flask) -> None:
    made = table(("A & B", ""), [("28 November 2026", "28 de noviembre")])
    longer = table(("When",), [("28 de noviembre de 2026",)])

    assert cells_of(made) == [
        ('data-label="A &amp; B" class="nowrap"', "28 November 2026"),
        ('data-label="" class="nowrap"', "28 de noviembre"),
    ]
    assert cells_of(longer) == [('data-label="When"', "28 de noviembre de 2026")]


def test_a_table_stays_one_for_screen_readers_when_its_rows_are_cards(app: Flask) -> None:
    page = write_html(document(table(HEAD, [ROW], ("a-2026-015",)))).decode()
    roles = re.findall(r'<(\w+)[^>]* role="(\w+)"', page)

    assert roles == [
        ("div", "region"), ("table", "table"), ("thead", "rowgroup"), ("tr", "row"),
        *[("th", "columnheader")] * 4, ("tbody", "rowgroup"), ("tr", "row"), *[("td", "cell")] * 4,
    ]  # fmt: skip


def test_values_with_one_name_are_one_fact() -> None:
    whole = document(table(HEAD, [ROW]))

    assert whole.joined_facts == (
        Fact("When", "Wed 11:00, Europe/Vienna\nWed 09:00, UTC"), Fact("Language", "English"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("write", "lines"),
    [
        (write_text, "When: Wed 11:00, Europe/Vienna\n      Wed 09:00, UTC\nLanguage: English\n"),
        (write_markdown, "- **When:** Wed 11:00, Europe/Vienna\\\n  Wed 09:00, UTC\n- **Lang"),
        (write_html, "<dt>When</dt><dd>Wed 11:00, Europe/Vienna</dd><dd>Wed 09:00, UTC</dd>"),
    ],
)
def test_every_form_says_when_once(app: Flask, write: object, lines: str) -> None:
    data = write(document(table(HEAD, [ROW])))  # type: ignore[operator]

    assert lines in data.decode()


def test_files_say_when_once_too(app: Flask) -> None:
    whole = document(table(HEAD, [ROW]))
    word = zipfile.ZipFile(io.BytesIO(write_docx(whole))).read("word/document.xml").decode()
    open_text = zipfile.ZipFile(io.BytesIO(write_odt(whole))).read("content.xml").decode()
    pages = pikepdf.open(io.BytesIO(write_pdf(whole))).pages

    assert [text.count(">When:") for text in (word, open_text)] == [1, 1]
    assert re.search(r"Vienna</w:t><w:br/><w:t[^>]*>Wed 09:00", word)
    assert "Vienna<text:line-break/>Wed 09:00" in open_text
    assert len(pages) == 1
