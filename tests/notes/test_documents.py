"""One block model, five outputs: the same words in each, whatever people type."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import odfdo
import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.notes.documents.blocks import (
    Block,
    Code,
    Document,
    Fact,
    Heading,
    Items,
    Paragraph,
    Quote,
    Rule,
    Table,
    from_json,
    text_of,
    to_json,
    words,
)
from app.notes.documents.docx import write_docx
from app.notes.documents.markdown import write_markdown
from app.notes.documents.odt import write_odt
from app.notes.documents.pdf import write_pdf
from app.notes.documents.reading import blocks_of
from app.notes.documents.text import write_text

pytestmark = pytest.mark.any_engine

HOSTILE = 'Αθήνα Київ 🎥 &<>"\' #panic("x") ]]> {{ x }} $x$ `y` __z__ @everyone'
NOTE = """\
# Points

The **city *carries* out** what `law` says, ~~never~~ see https://example.org/a?b=1&c=2
and [the page](https://example.org/).

#### Too deep

- one
  - two
    1. three
- [x] done

3. third
4. fourth

> said
> # loud

```
code   <x>

end
```

| City | What |
|---|---|
| Graz | **yearly** report |

---
"""


def document(*blocks: Block, title: str = "Housing & rights", **changes: Any) -> Document:
    whole = Document(
        title, "nl", "1.0", "", "2020_x", (Fact("When", "2020, day not recorded"),), blocks
    )
    return from_json(to_json(replace(whole, **changes)))


def whole_document() -> Document:
    heads = (Heading(1, words("Notes")), Heading(2, words("Welcome")))
    return document(*heads, *blocks_of(NOTE))


def docx_text(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def odt_text(data: bytes) -> str:
    body = odfdo.Document(io.BytesIO(data)).body
    return "\n".join(p.inner_text for p in body.get_elements("//text:p | //text:h"))


def md_text(data: bytes) -> str:
    return "\n".join(text_of(b.runs) for b in blocks_of(data.decode()) if hasattr(b, "runs"))


READERS: list[tuple[Callable[[Document], bytes], Callable[[bytes], str]]] = [
    (write_docx, docx_text),
    (write_odt, odt_text),
    (write_markdown, md_text),
    (write_text, bytes.decode),
]
WRITERS = [write_pdf, write_docx, write_odt, write_markdown, write_text]


def test_the_model_survives_json() -> None:
    whole = whole_document()

    assert from_json(to_json(whole)) == whole


def test_markdown_becomes_blocks_without_a_gap_in_levels() -> None:
    kinds = [type(block).__name__ for block in blocks_of(NOTE)]
    levels = [block.level for block in blocks_of(NOTE) if isinstance(block, Heading)]

    assert kinds == [
        "Heading", "Paragraph", "Heading", "Items", "Items", "Quote", "Code", "Table", "Rule",
    ]  # fmt: skip
    assert levels == [3, 4]


def test_pdf_is_tagged_and_says_its_language_and_title() -> None:
    file = pikepdf.open(io.BytesIO(write_pdf(whole_document())))

    assert "/StructTreeRoot" in file.Root
    assert bool(file.Root.MarkInfo.Marked) is True
    assert str(file.Root.Lang) == "nl"
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle) is True
    with file.open_metadata() as about:
        assert about.get("pdfuaid:part") == "1"
        assert "Housing & rights" in str(about.get("dc:title"))


def test_pdf_names_what_its_fonts_lack() -> None:
    data = write_pdf(document(Paragraph(words("🎥 中 👩🏽‍💻"))))

    assert pikepdf.open(io.BytesIO(data)).Root.Lang == "nl"


def test_docx_has_real_headings_table_heads_and_language() -> None:
    data = write_docx(whole_document())
    file = docx.Document(io.BytesIO(data))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    styles = [p.style.name for p in file.paragraphs]

    assert styles[0] == "Title"
    assert [s for s in styles if s.startswith("Heading")] == [
        "Heading 1", "Heading 2", "Heading 3", "Heading 4",
    ]  # fmt: skip
    assert xml.count("<w:tblHeader") == 1
    assert file.core_properties.language == "nl"
    assert file.core_properties.title == "Housing & rights"
    assert [cell.text for row in file.tables[0].rows for cell in row.cells] == [
        "City", "What", "Graz", "yearly report",
    ]  # fmt: skip


def test_odt_has_real_headings_table_heads_and_language() -> None:
    data = write_odt(whole_document())
    file = odfdo.Document(io.BytesIO(data))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()

    assert [(int(h.level), str(h.inner_text)) for h in file.body.headers] == [
        (1, "Notes"), (2, "Welcome"), (3, "Points"), (4, "Too deep"),
    ]  # fmt: skip
    assert xml.count("<table:table-header-rows>") == 1
    assert (file.meta.language, file.meta.title) == ("nl", "Housing & rights")


def test_markdown_reads_back_as_the_same_text() -> None:
    body = blocks_of(NOTE)

    written = write_markdown(document(*body)).decode().split("\n\n", 2)[2]

    assert _plain(blocks_of(written)) == _plain(body)


@pytest.mark.parametrize(("write", "read"), READERS)
def test_hostile_text_comes_out_as_it_went_in(
    write: Callable[[Document], bytes], read: Callable[[bytes], str]
) -> None:
    assert HOSTILE in read(write(document(Paragraph(words(HOSTILE)), title=HOSTILE)))


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    "text", [HOSTILE, "a" * 10_000, "\x00\x01\ufffe\ud800 x", "אבג العربية", "", " ", "\n\n"]
)
def test_no_text_breaks_an_output(write: Callable[[Document], bytes], text: str) -> None:
    runs = words(text)
    blocks = [Paragraph(runs), Items(0, ((Paragraph(runs),),)), Quote((Paragraph(runs),))]

    assert write(document(*blocks, Code(text), Table((runs,), ((runs,),)), Rule(), title="x"))


@pytest.mark.parametrize("write", WRITERS)
def test_a_long_table_fits(write: Callable[[Document], bytes]) -> None:
    rows = tuple((words(f"A-2026-{n:03d}"), words("Write it down")) for n in range(500))

    assert len(write(document(Table((words("Number"), words("Action")), rows)))) > 1000


@pytest.mark.parametrize("write", [write_docx, write_odt, write_markdown, write_text])
def test_a_draft_says_so(write: Callable[[Document], bytes]) -> None:
    reader = dict(READERS)[write]

    assert "Ontwerp" in reader(write(document(mark="Ontwerp", version="")))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=120, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn")),
        min_size=1,
    )
)
def test_markdown_keeps_any_text(text: str) -> None:
    clean = from_json(to_json(text))

    written = write_markdown(document(Paragraph(words(clean)))).decode().split("\n\n", 2)[2]

    assert [text_of(b.runs) for b in blocks_of(written) if isinstance(b, Paragraph)] == [clean]


@settings(max_examples=120, deadline=None)
@given(st.text("ab *_`~[]()<>#-+1.:\\|&@\n!h", min_size=1, max_size=40))
@example("*1`1`*")
def test_what_was_read_is_read_again(markdown: str) -> None:
    """Text as Markdown, out and in again: no word differs."""
    first = blocks_of(markdown)

    written = write_markdown(document(*first)).decode().split("\n\n", 2)[2:]

    assert _plain(blocks_of(written[0] if written else "")) == _plain(first)


def _plain(blocks: tuple[Block, ...]) -> str:
    return "".join(write_text(document(*blocks)).decode().split("\n\n", 2)[2:]).replace(" ", "")
