"""Joining two edits of one text, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from merge3 import Merge3

from app.notes.aligning import Alignment

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text as it was and as each side has it.

    `agreed` is the text where the sides do not clash; None: somebody has to choose.
    """

    base: str
    mine: str
    theirs: str
    agreed: str | None


@dataclass(frozen=True)
class Clean:
    text: str


@dataclass(frozen=True)
class Conflict:
    pieces: tuple[Piece, ...]


def merge(base: str, mine: str, theirs: str) -> Clean | Conflict:
    """Join what both sides changed since `base`. Blank lines may change, text never does."""
    if mine in (base, theirs):
        return Clean(theirs)
    if theirs == base:
        return Clean(mine)
    pieces = tuple(_pieces(paragraphs(base), paragraphs(mine), paragraphs(theirs)))
    agreed = [piece.agreed for piece in pieces if piece.agreed is not None]
    return Clean(join(agreed)) if len(agreed) == len(pieces) else Conflict(pieces)


def paragraphs(text: str) -> list[str]:
    """The paragraphs between blank lines; a fenced code block is one, blank lines included."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        fence = _fence_after(line, fence)
        if line.strip() or (fence and found[-1]):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def join(texts: list[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line; empty when none is."""
    mark = FENCE.match(line)
    if not mark:
        return fence
    if not fence:
        return mark[1]
    closes = mark[1].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _pieces(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    matcher: Any = Alignment
    for region in Merge3(base, mine, theirs, sequence_matcher=matcher).merge_regions():
        if region[0] == "conflict":
            _, z, zend, a, aend, b, bend = region
            yield from _one_by_one(base[z:zend], mine[a:aend], theirs[b:bend])
            continue
        kind, start, end = region
        if kind == "unchanged":
            yield _settled(base[start:end])
        elif kind in ("same", "a"):
            yield _settled(mine[start:end])
        else:
            yield _settled(theirs[start:end])


def _settled(texts: list[str]) -> Piece:
    text = join(texts)
    return Piece(text, text, text, text)


def _one_by_one(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    """Edits of neighbours clash for merge3; where none moved, each paragraph stands alone."""
    if _stays(base, mine) and _stays(base, theirs):
        for texts in zip(base, mine, theirs, strict=True):
            yield Piece(*texts, _choose(*texts))
    else:
        yield Piece(join(base), join(mine), join(theirs), None)


def _stays(base: list[str], side: list[str]) -> bool:
    """Whether paragraphs were only replaced: none was put in, taken out or moved."""
    changed = [(was, now) for was, now in zip(base, side, strict=False) if was != now]
    gone, new = {was for was, _ in changed}, {now for _, now in changed}
    return len(base) == len(side) and not gone & new


def _choose(base: str, mine: str, theirs: str) -> str | None:
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None
