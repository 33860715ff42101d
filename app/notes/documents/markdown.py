"""A summary as Markdown that reads back as the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import quote

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
    words,
)

DEEPEST = 6  # heading that Markdown has
SIGNS = {"strong": "**", "emphasis": "*", "strike": "~~"}
# Only what would be read as a sign where it stands: people read this text as it is, too.
SPECIAL = re.compile(
    r"([\\`*\[\]<|~]|(?<![^\W_])_|_(?![^\W_])|!(?=\[)|&(?=#?\w+;)|(?<=\w)@(?=\w)"
    r"|:(?=//)|(?<=mailto):|(?<=xmpp):)",
    re.IGNORECASE,
)
LINE_START = re.compile(r"^(\s*)([-+=>#]|\d+[.)])", re.MULTILINE)
BARE_PIPE = re.compile(r"(?<!\\)\|")
WWW = re.compile(r"www\.", re.IGNORECASE)
ENDS = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def write_markdown(document: Document) -> bytes:
    facts = "\n".join(map(_fact, document.joined_facts))
    mark = _line((Run(document.mark, ("strong",)),)) if document.mark else ""
    title = f"# {_line(words(document.title))}"
    parts = [title, mark, facts, *_parts(document.blocks)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _fact(fact: Fact) -> str:
    lines = _escaped(fact.value).replace("\n", "\\\n  ")
    return f"- **{_escaped(fact.label)}:** {lines}"


def write_parts(blocks: tuple[Block, ...]) -> str:
    """Some blocks of a document, to go on writing from."""
    return "\n\n".join(part for part in _parts(blocks) if part)


def _parts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Two lists in a row would read as one: they take turns with their signs."""
    last: Block | None = None
    turn = 0
    for block in blocks:
        turn = 1 - turn if isinstance(block, Items) and isinstance(last, Items) else 0
        yield _markdown(block, turn)
        last = block


def _markdown(block: Block, turn: int = 0) -> str:
    match block:
        case Heading():
            return f"{'#' * min(block.level + 1, DEEPEST)} {_line(block.runs)}"
        case Paragraph():
            return _inline(block.runs)
        case Items():
            return "\n".join(_items(block, turn))
        case Quote():
            return _indented("\n\n".join(_parts(block.blocks)), "> ")
        case Code():
            fence = "`" * (max((len(run) for run in re.findall("`+", block.text)), default=2) + 1)
            fence = fence if len(fence) >= len("```") else "```"
            return f"{fence}\n{block.text}\n{fence}"
        case Table():
            return "\n".join(_table(block))
        case Rule():
            return "---"


def _items(block: Items, turn: int) -> Iterator[str]:
    bullet, point = "-*"[turn], ".)"[turn]
    for number, parts in enumerate(block.items, start=block.start):
        sign = f"{number}{point} " if block.start else f"{bullet} "
        body = _indented("\n\n".join(_parts(parts)), " " * len(sign))
        yield sign + body[len(sign) :]


def _table(block: Table) -> Iterator[str]:
    yield _row(block.head)
    yield "|" + " --- |" * len(block.head)
    yield from map(_row, block.rows)


def _row(cells: tuple[Runs, ...]) -> str:
    texts = (BARE_PIPE.sub(r"\\|", _line(runs)) for runs in cells)
    return "| " + " | ".join(texts) + " |"


def _line(runs: Runs) -> str:
    return _inline(tuple(Run(" ".join(r.text.split("\n")), r.marks, r.href) for r in runs))


def _inline(runs: Runs) -> str:
    text = "".join(_signed(list(together)) for _, together in groupby(runs, key=_signs_of))
    return text.replace("\n", "\\\n").strip(" ")


def _signs_of(run: Run) -> tuple[str, str | None]:
    """What stands around a run, and around its neighbours of the same kind only once."""
    href = "" if is_inner(run.href) else run.href
    return "".join(SIGNS[mark] for mark in run.marks if mark in SIGNS), href


def _signed(runs: list[Run]) -> str:
    """Signs stand at the words: `** a **` would not be strong."""
    signs, href = _signs_of(runs[0])
    before, body, after = _ends("".join(map(_words, runs)))
    if not body:
        return before + after
    written = signs + body + signs[::-1]
    if href:
        address = quote(href, safe="/:?#[]@!$&'*+,;=%~-._")
        written = f"[{written}](<{address}>)"
    return before + written + after


def _words(run: Run) -> str:
    before, body, after = _ends(run.text)
    if not body:
        return run.text
    return before + (_code(body) if "code" in run.marks else safe(body)) + after


def _ends(text: str) -> tuple[str, ...]:
    """Spaces before, words, spaces after."""
    return ENDS.match(text).groups()  # type: ignore[union-attr]


def _code(text: str) -> str:
    ticks = "`" * (max((len(found) for found in re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in text or text != text.strip() else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def safe(text: str) -> str:
    """Words as Markdown that reads back as the same words."""
    return LINE_START.sub(_escape_start, _escaped(text))


def _escaped(text: str) -> str:
    """As they stand inside of a line."""
    escaped = SPECIAL.sub(r"\\\1", text)
    return WWW.sub(lambda found: found[0][:-1] + "\\.", escaped)


def _escape_start(found: re.Match[str]) -> str:
    sign = found[2]
    return found[1] + (sign[:-1] + "\\" + sign[-1])


def _indented(text: str, sign: str) -> str:
    return "\n".join((sign + line).rstrip(" ") or sign for line in text.split("\n"))
