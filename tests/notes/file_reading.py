"""What is in a written file, read without the libraries that wrote it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf

from app.notes.documents.blocks import (
    Block,
    Code,
    Document,
    Heading,
    Items,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    text_of,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
RULE = "* * *"
SOFT_HYPHEN = "\xad"


@dataclass
class Read:
    """A file as its reader finds it. `text` is all words in their order."""

    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    table_heads: list[list[str]] = field(default_factory=list)


def squeezed(text: str) -> str:
    """Without spaces and line ends: how a format breaks its lines is its own affair."""
    return "".join(text.split())


def said_in(document: Document, rule: str = RULE, joint: str = ": ") -> str:
    """Every word of the model in the order of reading."""
    facts = (f"{fact.label}{joint}{fact.value}" for fact in document.facts)
    return " ".join((document.title, document.mark, *facts, *_said(document.blocks, rule)))


def letters_of(value: Any) -> Any:
    """The tree with each letter in its look: no matter whether the space beside a bold word is."""
    if isinstance(value, tuple) and value and isinstance(value[0], Run):
        return [
            (letter, run.marks, run.href)
            for run in value
            for letter in run.text
            if not letter.isspace()
        ]
    if isinstance(value, tuple):
        return [letters_of(one) for one in value]
    if is_dataclass(value):
        return [type(value), *(letters_of(getattr(value, one.name)) for one in fields(value))]
    return value


def headings_of(document: Document) -> list[tuple[int, str]]:
    found = (block for block in document.blocks if isinstance(block, Heading))
    return [(block.level, squeezed(text_of(block.runs))) for block in found]


def tables_in(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        match block:
            case Table():
                yield block
            case Quote():
                yield from tables_in(block.blocks)
            case Items():
                for item in block.items:
                    yield from tables_in(item)


def heads_of(document: Document) -> list[list[str]]:
    return [[squeezed(text_of(cell)) for cell in one.head] for one in tables_in(document.blocks)]


def _said(blocks: tuple[Block, ...], rule: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield text_of(block.runs)
            case Items():
                for item in block.items:
                    yield from _said(item, rule)
            case Quote():
                yield from _said(block.blocks, rule)
            case Code():
                yield block.text
            case Table():
                yield from (text_of(cell) for row in (block.head, *block.rows) for cell in row)
            case Rule():
                yield rule


def read_docx(data: bytes) -> Read:
    """The body of a Word document. Headings are paragraphs whose style is one."""
    body = _part(data, "word/document.xml").find(f"{W}body")
    assert body is not None
    found = Read("\n".join(_word_text(one) for one in body.iter(f"{W}p")))
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        if name.startswith("Heading"):
            found.headings.append((int(name[-1]), squeezed(_word_text(paragraph))))
    for row in body.iter(f"{W}tr"):
        if row.find(f"{W}trPr/{W}tblHeader") is not None:
            cells = ("".join(map(_word_text, cell.iter(f"{W}p"))) for cell in row.iter(f"{W}tc"))
            found.table_heads.append([squeezed(cell) for cell in cells])
    return found


def _word_text(paragraph: ET.Element) -> str:
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(
        one.text or "" if one.tag == f"{W}t" else signs.get(one.tag, "") for one in paragraph.iter()
    )


def read_odt(data: bytes) -> Read:
    """The body of an OpenDocument text."""
    body = _part(data, "content.xml").find(f"{OFFICE}body/{OFFICE}text")
    assert body is not None
    lines = [one for one in body.iter() if one.tag in {f"{T}p", f"{T}h"}]
    found = Read("\n".join(map(_open_text, lines)))
    for one in body.iter(f"{T}h"):
        found.headings.append((int(one.get(f"{T}outline-level", "0")), squeezed(_open_text(one))))
    for head in body.iter(f"{TABLE}table-header-rows"):
        cells = head.iter(f"{TABLE}table-cell")
        found.table_heads.append([squeezed("".join(cell.itertext())) for cell in cells])
    return found


def _open_text(element: ET.Element) -> str:
    """With the signs that OpenDocument writes for spaces and line ends."""
    signs = {f"{T}s": " ", f"{T}tab": "\t", f"{T}line-break": "\n"}
    parts = [signs.get(element.tag, ""), element.text or ""]
    for one in element:
        parts += [_open_text(one), one.tail or ""]
    return "".join(parts)


def _part(data: bytes, name: str) -> ET.Element:
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


class _Page(HTMLParser):
    """The words of a page's main part, its headings and the heads of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.read = Read()
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"br", "input", "meta", "link", "img"}:
            return
        if tag == "hr":
            self._inside and self.handle_data(RULE)
            return
        self._inside.append(tag)
        if tag[0] == "h" and tag[1:].isdigit():
            self.read.headings.append((int(tag[1]), ""))
        if tag == "thead":
            self.read.table_heads.append([])
        if tag == "th":
            self.read.table_heads[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        if "main" not in self._inside:
            return
        self.read.text += f"{data}"
        innermost = [tag for tag in self._inside if tag[0] == "h" and tag[1:].isdigit()]
        if innermost:
            level, words = self.read.headings[-1]
            self.read.headings[-1] = (level, words + squeezed(data))
        if "th" in self._inside:
            self.read.table_heads[-1][-1] += squeezed(data)


def read_html(page: str) -> Read:
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.read


def read_pdf(data: bytes) -> Read:
    """A PDF as programs that read aloud do: by its structure, without what is decoration."""
    file = pikepdf.open(io.BytesIO(data))
    words = {
        (page.objgen, number): text
        for page in file.pages
        for number, text in _marked_content(page).items()
    }
    found = Read()
    _listen(file.Root.StructTreeRoot, words, found, None, "")
    found.text = found.text.replace(SOFT_HYPHEN, "")
    return found


def _listen(element: Any, words: dict[Any, str], found: Read, page: Any, kind: str) -> str:
    """The words of this element; what it is goes into `found`."""
    if isinstance(element, int):
        text = words.get((page, element), "")
        found.text += text
        return text
    if isinstance(element, pikepdf.Array):
        return "".join(_listen(one, words, found, page, kind) for one in element)
    page = element.Pg.objgen if "/Pg" in element else page
    if "/MCID" in element:
        return _listen(int(element.MCID), words, found, page, kind)
    kind = str(element.get("/S", ""))[1:]
    if "/K" not in element or (kind == "Lbl" and _counts_only(element, words, page)):
        return ""
    if kind == "Table":
        found.table_heads.append([])
    text = _listen(element.K, words, found, page, kind)
    if kind[0:1] == "H" and kind[1:].isdigit():
        found.headings.append((int(kind[1:]), squeezed(text)))
    if kind == "TH":
        found.table_heads[-1].append(squeezed(text))
    return text


def _counts_only(element: Any, words: dict[Any, str], page: Any) -> bool:
    """Whether it is the dot or number of a list, not a word that is explained."""
    text = _listen(element.K, words, Read(), page, "")
    return not any(one.isalpha() for one in text)


def _marked_content(page: Any) -> dict[int, str]:
    """The words of each marked piece, through the fonts' own maps back to Unicode."""
    maps = {name: _unicode_map(font) for name, font in page.Resources.Font.items()}
    current: dict[int, str] = {}
    open_marks: list[int | None] = []
    actual: list[bool] = []
    found: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        sign = str(operator)
        if sign in {"BDC", "BMC"}:
            about = operands[1] if sign == "BDC" else {}
            has = not isinstance(about, pikepdf.Name)
            open_marks.append(int(about["/MCID"]) if has and "/MCID" in about else None)
            spoken = has and "/ActualText" in about
            actual.append(bool(spoken))
            if spoken:
                _add(found, open_marks, str(about["/ActualText"]))
        elif sign == "EMC":
            open_marks.pop()
            actual.pop()
        elif sign == "Tf":
            current = maps[str(operands[0])]
        elif sign in {"Tj", "TJ"} and not any(actual):
            parts = operands[0] if sign == "TJ" else [operands[0]]
            raw = b"".join(bytes(one) for one in parts if isinstance(one, pikepdf.String))
            pairs = zip(raw[::2], raw[1::2], strict=True)
            _add(found, open_marks, "".join(current.get(a * 256 + b, "") for a, b in pairs))
    return found


def _add(found: dict[int, str], marks: list[int | None], text: str) -> None:
    number = next((mark for mark in reversed(marks) if mark is not None), None)
    if number is not None:
        found[number] = found.get(number, "") + text


def _unicode_map(font: Any) -> dict[int, str]:
    found = {}
    for line in bytes(font.ToUnicode.read_bytes()).decode().splitlines():
        parts = line.replace(">", "").split("<")[1:]
        if len(parts) == 2:
            code, text = (part.strip() for part in parts)
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found
