"""A summary as plain text."""

from __future__ import annotations

from collections.abc import Iterator

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
    Run,
    Runs,
    Table,
    is_inner,
    text_of,
)

UNDERLINES = {0: "=", 1: "=", 2: "-"}


def write_text(document: Document) -> bytes:
    facts = [_fact(fact) for fact in document.joined_facts]
    mark = [document.mark] if document.mark else []
    title = _headline(document.title, 0)
    parts = [title, *mark, "\n".join(facts), *map(_text, document.blocks)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _fact(fact: Fact) -> str:
    """More values than one stand below each other."""
    sign = f"{fact.label}: "
    return sign + _indented(fact.value, " " * len(sign)).lstrip(" ")


def plain(blocks: tuple[Block, ...]) -> str:
    """The words alone, for search."""
    return "\n\n".join(map(_text, blocks))


def _text(block: Block) -> str:
    match block:
        case Heading():
            return _headline(text_of(block.runs), block.level)
        case Paragraph():
            return _words(block.runs)
        case Items():
            return "\n".join(_items(block))
        case Quote():
            return _indented(plain(block.blocks), "> ")
        case Code():
            return _indented(block.text, "    ")
        case Table():
            return "\n\n".join(_row(block, row) for row in block.rows)
        case Rule():
            return "* * *"


def _headline(text: str, level: int) -> str:
    line = UNDERLINES.get(level, "")
    return f"{text}\n{line * min(len(text), 72)}" if line else text


def _words(runs: Runs) -> str:
    """Links show their address unless it is the text itself."""
    return "".join(f"{run.text} <{run.href}>" if _says_more(run) else run.text for run in runs)


def _says_more(run: Run) -> bool:
    return bool(run.href) and not is_inner(run.href) and run.text not in run.href


def _items(block: Items) -> Iterator[str]:
    for number, parts in enumerate(block.items, start=block.start):
        sign = f"{number}. " if block.start else "- "
        body = _indented("\n".join(map(_text, parts)), " " * len(sign))
        yield sign + body[len(sign) :]


def _row(table: Table, row: tuple[Runs, ...]) -> str:
    """Each cell with its column's name: read in a line, a table says nothing."""
    named = zip(table.head, row, strict=True)
    return "\n".join(f"{text_of(head)}: {_words(cell)}" for head, cell in named)


def _indented(text: str, sign: str) -> str:
    return "\n".join(sign + line for line in text.split("\n"))
