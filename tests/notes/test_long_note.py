"""A note of 10,000 words with everything in it: each file opens and says what was written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.notes.documents.blocks import (
    Block,
    Document,
    Fact,
    Heading,
    Table,
    from_json,
    to_json,
    words,
)
from app.notes.documents.docx import write_docx
from app.notes.documents.markdown import write_markdown
from app.notes.documents.odt import write_odt
from app.notes.documents.pdf import write_pdf
from app.notes.documents.reading import blocks_of
from app.notes.documents.text import write_text
from tests.notes.file_reading import (
    Read,
    headings_of,
    heads_of,
    letters_of,
    read_docx,
    read_odt,
    read_pdf,
    said_in,
    squeezed,
)
from tests.notes.long_note import WORDS, long_note

pytestmark = pytest.mark.any_engine

OFFICE_FORMS: list[tuple[Callable[[Document], bytes], Callable[[bytes], Read]]] = [
    (write_docx, read_docx),
    (write_odt, read_odt),
]
BELOW_ITEM = re.compile(r"^###(?=#)", re.MULTILINE)
"""In a document a note's own headings stand below title, section and agenda item."""

NAMED = {
    "🎉": "[party popper]", "🏘": "[house buildings]", "\ufe0f": "", "☐": "[ ]", "☑": "[x]",
}  # fmt: skip


def document_of(markdown: str) -> Document:
    heads = (Heading(1, words("Notes")), Heading(2, words("Żółć & Αθήνα"), "note-1"))
    made = Document(
        "Housing & rights <2027>", "en", "1.0", "Draft", "x", (Fact("When", "2020"),),
        (*heads, *blocks_of(markdown)),
    )  # fmt: skip
    return from_json(to_json(made))  # type: ignore[no-any-return]


@cache
def long_document() -> Document:
    return document_of(long_note())


def test_it_is_as_long_as_it_says() -> None:
    assert WORDS <= len(long_note().split()) <= WORDS + 200


@pytest.mark.parametrize(("write", "read"), OFFICE_FORMS)
def test_office_files_say_the_same(
    write: Callable[[Document], bytes], read: Callable[[bytes], Read]
) -> None:
    document = long_document()

    found = read(write(document))

    assert squeezed(found.text) == squeezed(said_in(document))
    assert found.headings == headings_of(document)
    assert found.table_heads == heads_of(document)


def test_pdf_says_the_same_by_its_structure() -> None:
    document = long_document()

    data = write_pdf(document)

    found, file = read_pdf(data), pikepdf.open(io.BytesIO(data))
    assert squeezed(found.text) == squeezed(drawn(document))
    assert found.headings == headings_of(document)
    assert found.table_heads == heads_of(document)
    assert (str(file.Root.Lang), bool(file.Root.MarkInfo.Marked)) == ("en", True)
    with file.open_metadata() as about:
        assert about.get("pdfuaid:part") == "1"
        assert "Housing & rights <2027>" in str(about.get("dc:title"))


def drawn(document: Document) -> str:
    """What a PDF says: what no font has by its name, and that it does so; the mark is behind it."""
    told = "Characters that the fonts of this file do not have are written by name in brackets."
    facts = (*document.facts, Fact("Characters", told))
    text = said_in(replace(document, mark="", facts=facts), rule="", joint="")
    return "".join(NAMED.get(one, one) for one in text)


def test_pdf_is_set_in_our_face() -> None:
    """Latin, Greek and Cyrillic; polytonic Greek comes from a font that has it."""
    letters = "Łódź gęślą Αθήνα Київ ґанок"
    data = write_pdf(document_of(f"{letters}\n\n**{letters}**\n\n*{letters}*"))
    old = write_pdf(document_of("ἀρχὴ ἥμισυ παντός"))

    assert faces(data) == {"SofiaSans-Regular", "SofiaSans-Italic"}
    assert faces(old) - faces(data) == {"LibertinusSerif-Regular"}
    assert "ἀρχὴ ἥμισυ παντός" in read_pdf(old).text


def faces(data: bytes) -> set[str]:
    file = pikepdf.open(io.BytesIO(data))
    fonts = [font for page in file.pages for font in page.Resources.Font.values()]
    return {str(font.BaseFont).partition("+")[2].removesuffix("-Identity-H") for font in fonts}


def test_text_has_each_word_in_its_order() -> None:
    document = long_document()

    assert follows(squeezed(read_aloud(document)), squeezed(write_text(document).decode()))


def test_markdown_is_the_same_tree_again() -> None:
    blocks = blocks_of(long_note())
    bare = Document("x", "en", "1.0", "", "x", (), blocks)

    written = write_markdown(bare).decode().partition("\n\n")[2]

    assert letters_of(blocks_of(BELOW_ITEM.sub("", written))) == letters_of(blocks)


def test_markdown_of_a_whole_document_says_the_same() -> None:
    document = long_document()

    read = blocks_of(write_markdown(document).decode())

    again = said_in(replace(document, title="", mark="", facts=(), blocks=read))
    assert squeezed(again) == squeezed(said_in(document))


@settings(max_examples=30, deadline=None)
@given(st.text("ab *_`~[]()<>#-+1.:\\\\|&@\n!hŁα🎉", min_size=1, max_size=60))
def test_any_markdown_says_the_same_in_every_file(markdown: str) -> None:
    document = document_of(markdown)
    said = squeezed(said_in(document))

    assert squeezed(read_docx(write_docx(document)).text) == said
    assert squeezed(read_odt(write_odt(document)).text) == said
    assert follows(squeezed(read_aloud(document)), squeezed(write_text(document).decode()), 3)
    again = blocks_of(write_markdown(document).decode())
    assert squeezed(said_in(replace(document, title="", mark="", facts=(), blocks=again))) == said


@settings(max_examples=12, deadline=None)
@given(st.text("ab *_`~[]()<>#-+1.:\\\\|&@\n!hŁα", min_size=1, max_size=60))
def test_any_markdown_says_the_same_as_pdf(markdown: str) -> None:
    document = document_of(markdown)
    quiet = said_in(replace(document, mark=""), rule="", joint="")

    assert squeezed(read_pdf(write_pdf(document)).text) == squeezed(quiet)


def read_aloud(document: Document) -> str:
    """As plain text has it: each cell of a table behind the name of its column."""
    return said_in(replace(document, blocks=tuple(map(_told, document.blocks))))


def _told(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    rows = tuple(
        tuple((*head, *cell) for head, cell in zip(block.head, row, strict=True))
        for row in block.rows
    )
    return Table((), rows)


def follows(expected: str, whole: str, times: float = 1.1) -> bool:
    """Whether `whole` is `expected` with signs between, at most so many times as long."""
    rest = iter(whole)
    return all(one in rest for one in expected) and len(whole) < times * len(expected)
