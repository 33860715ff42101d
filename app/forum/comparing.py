"""What changed between two texts, for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_LINES = 2000
MOST_WORDS = 600


class Change(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order: by lines, and by words inside changed lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_LINES:
        return [*_removed(before), *_added(after)]
    return list(_joined(_by_lines(old, new)))


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece(Change.KEPT, "".join(old[a:b]))
        else:
            yield from _by_words("".join(old[a:b]), "".join(new[c:d]))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from _removed(before)
        yield from _added(after)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(Change.KEPT, "".join(old[a:b]))
        else:
            yield from _removed("".join(old[a:b]))
            yield from _added("".join(new[c:d]))


def _removed(text: str) -> list[Piece]:
    return [Piece(Change.REMOVED, text)] if text else []


def _added(text: str) -> list[Piece]:
    return [Piece(Change.ADDED, text)] if text else []


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece."""
    last: Piece | None = None
    for piece in pieces:
        if last and last.change is piece.change:
            last = Piece(last.change, last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
