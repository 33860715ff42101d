"""A summary as OpenDocument text with real headings, lists and table headers."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from odfdo import (
    Bookmark,
    Cell,
    Element,
    Header,
    HeaderRows,
    Link,
    ListItem,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
)
from odfdo import Document as OdfDocument
from odfdo import List as OdfList

from app.core.i18n import _
from app.notes.documents import blocks as model

LOOKS: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "emphasis": {"italic": True},
    "code": {"font_name": "DejaVu Sans Mono"},
    "strike": {"text_line_through_style": "solid"},
}
BODY = "Text_20_body"
HEADER_ROOM = '<style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.4cm"/>'
FOOTER_ROOM = '<style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.4cm"/>'
CELL = (
    '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties'
    ' fo:padding="0.12cm" fo:border-bottom="0.5pt solid #999999"/></style:style>'
)
NO_DATE = datetime(2020, 1, 1)  # noqa: DTZ001 - a fixed stamp: equal summaries are equal files


def write_odt(document: model.Document) -> bytes:
    file = OdfDocument("text")
    _speak(file, document.language)
    file.meta.title = document.title
    file.meta.creation_date = file.meta.date = NO_DATE
    _add_styles(file)
    _unnumber_headings(file)
    _frame_pages(file, document.mark)
    body = file.body
    body.clear()
    for element in _front(document):
        body.append(element)
    for number, block in enumerate(document.blocks, start=1):
        body.append(_element(block, f"Table{number}"))
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _add_styles(file: OdfDocument) -> None:
    for mark, look in LOOKS.items():
        file.insert_style(Style("text", name=mark, area="text", **look), automatic=True)
    file.insert_style(
        Style("paragraph", name="Title", area="text", bold=True, size="20pt"), automatic=False
    )
    file.insert_style(CELL, automatic=True)
    bullets = '<text:list-level-style-bullet text:level="{}" text:bullet-char="•"/>'
    numbers = (
        '<text:list-level-style-number text:level="{}" style:num-format="1" style:num-suffix="."/>'
    )
    for name, level in (("Bullets", bullets), ("Numbers", numbers)):
        levels = "".join(level.format(depth) for depth in range(1, 11))
        style = f'<text:list-style style:name="{name}">{levels}</text:list-style>'
        file.insert_style(style, automatic=True)


def _speak(file: OdfDocument, language: str) -> None:
    """A language without a country is "none" there, not nothing."""
    file.set_language(language)
    for properties in file.styles.get_elements("//style:text-properties[@fo:country='']"):
        properties.set_attribute("fo:country", "none")


def _unnumber_headings(file: OdfDocument) -> None:
    """The empty document that we start from counts its chapters."""
    for level in file.styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")
        for name in ("style:num-suffix", "loext:num-list-format", "text:display-levels"):
            if level.get_attribute(name) is not None:
                level.del_attribute(name)


def _frame_pages(file: OdfDocument, mark: str) -> None:
    """The number of the page below; above, on each page, that it is a draft."""
    if mark:
        header = Element.from_tag("style:header")
        header.append(_paragraph(model.words(mark, "strong")))
        _put(file, "//style:master-page", header)
        _put(file, "//style:header-style", Element.from_tag(HEADER_ROOM))
    footer = Element.from_tag("<style:footer><text:p><text:page-number/></text:p></style:footer>")
    _put(file, "//style:master-page", footer)
    _put(file, "//style:footer-style", Element.from_tag(FOOTER_ROOM))


def _put(file: OdfDocument, place: str, element: Element) -> None:
    for found in file.styles.get_elements(place):
        found.append(element)


def _front(document: model.Document) -> list[Element]:
    title = Paragraph(document.title, style="Title")
    mark = [_paragraph(model.words(document.mark, "strong"))] if document.mark else []
    facts = [
        _paragraph((*model.words(f"{fact.label}: ", "strong"), *model.words(fact.value)))
        for fact in document.joined_facts
    ]
    return [title, *mark, *facts]


def _element(block: model.Block, name: str) -> Element:
    match block:
        case model.Heading():
            header = Header(block.level)
            header.set_attribute("text:style-name", f"Heading_20_{block.level}")
            _mark(header, (block.anchor,) if block.anchor else ())
            return _filled(header, block.runs)
        case model.Paragraph():
            return _paragraph(block.runs, block.anchors, BODY)
        case model.Items():
            return _list(block, name)
        case model.Quote():
            return _section(block, name)
        case model.Code():
            return Paragraph(block.text, style="Preformatted_20_Text")
        case model.Table():
            return _table(block, name)
    return Paragraph("* * *")


def _paragraph(
    runs: model.Runs, anchors: tuple[str, ...] = (), style: str | None = None
) -> Element:
    paragraph = Paragraph(style=style)
    _mark(paragraph, anchors)
    return _filled(paragraph, runs)


def _mark(element: Element, anchors: tuple[str, ...]) -> None:
    for anchor in anchors:
        element.append(Bookmark(anchor))


def _filled(element: Element, runs: model.Runs) -> Element:
    for run in runs:
        span: Element = Span(run.text)
        for mark in run.marks:
            outer = Span(style=mark)
            outer.append(span)
            span = outer
        if run.href:
            link = Link(run.href)
            link.append(span)
            span = link
        element.append(span)
    return element


def _list(block: model.Items, name: str) -> OdfList:
    found = OdfList(style="Numbers" if block.start else "Bullets")
    for number, parts in enumerate(block.items):
        item = ListItem()
        if number == 0 and block.start > 1:
            item.set_attribute("text:start-value", str(block.start))
        for part in parts:
            item.append(_element(part, f"{name}-{number}"))
        found.append(item)
    return found


def _section(block: model.Quote, name: str) -> Element:
    """A quotation: a section of its own, between quotation marks of the reader's choice."""
    section = Element.from_tag("text:section")
    section.set_attribute("text:name", _("Quotation") + f" {name}")
    for part in block.blocks:
        section.append(_element(part, f"{name}-q"))
    return section


def _table(block: model.Table, name: str) -> Table:
    table = Table(name)
    table.clear()
    table.set_attribute("table:name", name)
    table.append(
        Element.from_tag(f'<table:table-column table:number-columns-repeated="{len(block.head)}"/>')
    )
    head = HeaderRows()
    head.append(_row(tuple(map(_strong, block.head))))
    table.append(head)
    for anchor, cells in block.anchored:
        table.append(_row(cells, anchor))
    return table


def _strong(runs: model.Runs) -> model.Runs:
    return tuple(model.Run(run.text, (*run.marks, "strong"), run.href) for run in runs)


def _row(cells: tuple[model.Runs, ...], anchor: str = "") -> Row:
    row = Row()
    for number, runs in enumerate(cells):
        cell = Cell(cell_type="string", style="Cell")
        cell.append(_paragraph(runs, (anchor,) if anchor and not number else ()))
        row.append(cell)
    return row
