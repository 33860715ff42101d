"""A summary as Word document with real heading styles and table headers."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from app.notes.documents import blocks as model

DEEPEST_LIST = 3
DEEPEST_INDENT = 6
FIXED = datetime(2020, 1, 1, tzinfo=UTC)
"""A fixed stamp: equal summaries are equal files."""


def write_docx(document: model.Document) -> bytes:
    file = docx.Document()
    _describe(file, document)
    _frame_pages(file, document.mark)
    file.add_paragraph(document.title, style="Title")
    if document.mark:
        file.add_paragraph(document.mark, style="Intense Quote")
    for fact in document.joined_facts:
        label = model.words(f"{fact.label}: ", "strong")
        _fill(_paragraph(file, "No Spacing"), (*label, *model.words(fact.value)))
    _add_blocks(file, document.blocks)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _describe(file: Any, document: model.Document) -> None:
    about = file.core_properties
    about.title, about.language, about.author = document.title[:255], document.language, ""
    about.subject, about.version, about.comments = "", document.version, ""
    about.created = about.modified = FIXED.replace(tzinfo=None)
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), document.language)


def _frame_pages(file: Any, mark: str) -> None:
    """The number of the page below; above, on each page, that it is a draft."""
    section = file.sections[0]
    if mark:
        _fill(section.header.paragraphs[0], model.words(mark, "strong"))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    section.footer.paragraphs[0]._p.append(field)


def _add_blocks(
    file: Any, blocks: tuple[model.Block, ...], depth: int = 0, style: str | None = None
) -> None:
    for block in blocks:
        match block:
            case model.Heading():
                names = (block.anchor,) if block.anchor else ()
                _fill(_marked(_paragraph(file, f"Heading {block.level}"), names), block.runs)
            case model.Paragraph():
                paragraph = _marked(_paragraph(file, style), block.anchors)
                _indent(_fill(paragraph, block.runs), depth, style)
            case model.Items():
                _add_list(file, block, depth)
            case model.Quote():
                _add_blocks(file, block.blocks, depth, "Quote")
            case model.Code():
                runs = model.words(block.text, "code")
                _indent(_fill(_paragraph(file, "No Spacing"), runs), depth, None)
            case model.Table():
                _add_table(file, block)
            case model.Rule():
                _fill(_paragraph(file), model.words("* * *"))


def _paragraph(file: Any, style: str | None = None) -> Any:
    """An empty one. Looking a style up by its name takes longer than all the rest."""
    paragraph = file.add_paragraph()
    if style:
        paragraph._p.style = style.replace(" ", "")
    return paragraph


def _indent(paragraph: Any, depth: int, style: str | None) -> None:
    """What belongs to a list item stands below its text."""
    if depth and not (style or "").startswith("List"):
        paragraph.paragraph_format.left_indent = Cm(0.63 * min(depth, DEEPEST_INDENT))


def _add_list(file: Any, block: model.Items, depth: int) -> None:
    kind = "List Number" if block.start else "List Bullet"
    level = min(depth + 1, DEEPEST_LIST)
    style = kind if level == 1 else f"{kind} {level}"
    number = _new_numbering(file, style, block.start) if block.start else None
    for item in block.items:
        first = item[0] if item else None
        said = first if isinstance(first, model.Paragraph) else model.Paragraph(())
        rest = item[1:] if isinstance(first, model.Paragraph) else item
        paragraph = _fill(_marked(_paragraph(file, style), said.anchors), said.runs)
        if number is not None:
            _set_numbering(paragraph, number)
        _add_blocks(file, rest, depth + 1)


def _new_numbering(file: Any, style: str, start: int) -> int:
    """Each numbered list counts from its own first number."""
    numbering = file.part.numbering_part.numbering_definitions._numbering
    used = file.styles[style].element.pPr.numPr.numId.val
    number = numbering.add_num(numbering.num_having_numId(used).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(number.numId)


def _set_numbering(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _add_table(file: Any, block: model.Table) -> None:
    table = file.add_table(rows=0, cols=len(block.head), style="Table Grid")
    head = table.add_row()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    for cell, runs in zip(head.cells, block.head, strict=True):
        bold = tuple(model.Run(run.text, (*run.marks, "strong"), run.href) for run in runs)
        _fill(cell.paragraphs[0], bold)
    for anchor, texts in block.anchored:
        cells = table.add_row().cells
        _marked(cells[0].paragraphs[0], _names(anchor))
        for cell, runs in zip(cells, texts, strict=True):
            _fill(cell.paragraphs[0], runs)


def _fill(paragraph: Any, runs: model.Runs) -> Any:
    for run in runs:
        added = paragraph.add_run(run.text)
        added.bold = True if "strong" in run.marks else None
        added.italic = True if "emphasis" in run.marks else None
        added.font.strike = True if "strike" in run.marks else None
        if "code" in run.marks:
            added.font.name = "Consolas"
        if run.href:
            _link(paragraph, added, run.href)
    return paragraph


def _marked(paragraph: Any, anchors: tuple[str, ...]) -> Any:
    """Bookmarks at the beginning. Word wants letters, digits and low lines in their names."""
    for anchor in anchors:
        body = paragraph.part.element.body
        number = str(len(body.findall(f".//{qn('w:bookmarkStart')}")))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), _bookmark(anchor))
        end.set(qn("w:id"), number)
        paragraph._p.extend([start, end])
    return paragraph


def _names(anchor: str) -> tuple[str, ...]:
    return (anchor,) if anchor else ()


def _bookmark(anchor: str) -> str:
    return anchor.replace("-", "_")


def _link(paragraph: Any, run: Any, href: str) -> None:
    link = OxmlElement("w:hyperlink")
    if model.is_inner(href):
        link.set(qn("w:anchor"), _bookmark(href[1:]))
    else:
        target = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), target)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
