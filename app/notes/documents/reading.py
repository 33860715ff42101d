"""Markdown as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token

from app.core.markup import tokens_of
from app.notes.documents.blocks import (
    Block,
    Code,
    Heading,
    Items,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
)

MARKS = {"strong": "strong", "em": "emphasis", "s": "strike"}
FIRST_LEVEL = 3
"""Headings of a note stand below the agenda item, which is on level 2."""


ANCHORS = "anchors"
HOLDERS = {"paragraph_open", "heading_open", "tr_open"}

Places = Mapping[int, Sequence[str]]
"""The anchors of a text, by the number of the line that they belong to, counted from 0."""


def blocks_of(markdown: str, places: Places | None = None) -> tuple[Block, ...]:
    """The text as blocks; the one that holds a line of `places` gets its anchors."""
    tokens = tokens_of(markdown)
    if places:
        _mark(tokens, places)
    return tuple(_without_gaps(_blocks(iter(tokens))))


def _mark(tokens: Sequence[Token], places: Places) -> None:
    for token in tokens:
        if token.type in HOLDERS and token.map:
            lines = range(*token.map)
            token.meta[ANCHORS] = tuple(name for line in lines for name in places.get(line, ()))


def _anchors(token: Token) -> tuple[str, ...]:
    return tuple(token.meta.get(ANCHORS, ()))


def _anchor(token: Token) -> str:
    return next(iter(_anchors(token)), "")


def _without_gaps(blocks: Sequence[Block]) -> Iterator[Block]:
    """Readers by ear count levels: none may be left out, and equals stay equals."""
    above: list[int] = []
    for block in blocks:
        if isinstance(block, Heading):
            above = [*(level for level in above if level < block.level), block.level]
            yield Heading(FIRST_LEVEL - 1 + len(above), block.runs, block.anchor)
        else:
            yield block


def _blocks(tokens: Iterator[Token], until: str = "") -> list[Block]:
    found: list[Block] = []
    for token in tokens:
        if token.type == until:
            break
        block = _block(token, tokens)
        if block is not None and not _is_empty(block):
            found.append(block)
    return found


def _is_empty(block: Block) -> bool:
    """A heading without words would be a riddle to who reads by ear."""
    return isinstance(block, Heading | Paragraph) and not block.runs


def _block(token: Token, tokens: Iterator[Token]) -> Block | None:
    match token.type:
        case "heading_open":
            return Heading(int(token.tag[1]), _runs(next(tokens)), _anchor(token))
        case "paragraph_open":
            return Paragraph(_runs(next(tokens)), _anchors(token))
        case "bullet_list_open":
            return Items(0, _items(tokens, "bullet_list_close"))
        case "ordered_list_open":
            start = int(token.attrGet("start") or 1)
            return Items(max(start, 1), _items(tokens, "ordered_list_close"))
        case "blockquote_open":
            return Quote(_inner(_blocks(tokens, "blockquote_close")))
        case "fence" | "code_block":
            return Code(token.content.rstrip("\n"))
        case "table_open":
            return _table(tokens)
        case "hr":
            return Rule()
    return None


def _items(tokens: Iterator[Token], until: str) -> tuple[tuple[Block, ...], ...]:
    items = []
    for token in tokens:
        if token.type == until:
            break
        if token.type == "list_item_open":
            items.append(_inner(_blocks(tokens, "list_item_close")))
    return tuple(items)


def _inner(blocks: list[Block]) -> tuple[Block, ...]:
    """Inside a list or a quotation a heading is a strong line, not a part of the document."""
    return tuple(
        Paragraph(
            tuple(Run(run.text, ("strong",), run.href) for run in block.runs),
            tuple(filter(None, [block.anchor])),
        )
        if isinstance(block, Heading)
        else block
        for block in blocks
    )


def _table(tokens: Iterator[Token]) -> Table:
    rows: list[list[Runs]] = []
    anchors: list[str] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
            anchors.append(_anchor(token))
        elif token.type == "inline":
            rows[-1].append(_runs(token))
    head, *body = (tuple(row) for row in rows)
    return Table(head, tuple(body), tuple(anchors[1:]) if any(anchors[1:]) else ())


def _runs(inline: Token) -> Runs:
    marks: list[str] = []
    hrefs: list[str] = []
    found: list[Run] = []
    for child in inline.children or []:
        name, _, end = child.type.rpartition("_")
        if name in MARKS and end == "open":
            marks.append(MARKS[name])
        elif name in MARKS:
            marks.remove(MARKS[name])
        elif child.type == "link_open":
            hrefs.append(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            hrefs.pop()
        elif text := _text_of_token(child):
            code = ["code"] if child.type == "code_inline" else []
            found.append(Run(text, tuple(sorted({*marks, *code})), hrefs[-1] if hrefs else ""))
    return _joined(found)


def _text_of_token(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "mention":
            return f"@{token.content}"
        case "html_inline":  # only the boxes of a task list
            return "" if "input" not in token.content else _box(token.content)
    return token.content


def _box(html: str) -> str:
    return "☑ " if "checked" in html else "☐ "


def _joined(runs: list[Run]) -> Runs:
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].marks, joined[-1].href) == (run.marks, run.href):
            joined[-1] = Run(joined[-1].text + run.text, run.marks, run.href)
        else:
            joined.append(run)
    return tuple(joined)
