"""What changed between two published versions, read from what was frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.forum.comparing import Change, Piece, compare
from app.notes.documents.blocks import (
    Block,
    Code,
    Document,
    Heading,
    Items,
    Paragraph,
    Quote,
    Runs,
    Table,
    text_of,
)

RECORD = re.compile(r"[DA]-\d{4}-\d+")
SECTION = 2
"""Headings of this level and above begin a section."""

Place = tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A section, or a decision or action by its number."""

    title: str
    pieces: list[Piece]


@dataclass(frozen=True)
class VersionChanges:
    sections: list[Changed]
    records: list[Changed]

    @property
    def is_empty(self) -> bool:
        return not (self.sections or self.records)


@dataclass
class _Read:
    """A document as lines of text in sections, and its records by number."""

    sections: dict[Place, list[str]] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)


def version_changes(earlier: Document, later: Document) -> VersionChanges:
    before, after = _read(earlier), _read(later)
    texts = {place: "\n".join(lines) for place, lines in before.sections.items()}
    newer = {place: "\n".join(lines) for place, lines in after.sections.items()}
    return VersionChanges(
        sections=[Changed(place[-1], pieces) for place, pieces in _compared(texts, newer)],
        records=[Changed(key, pieces) for key, pieces in _compared(before.records, after.records)],
    )


def _compared(before: dict[Any, str], after: dict[Any, str]) -> Iterator[tuple[Any, list[Piece]]]:
    """What differs, in the order of the later one; what is gone comes last."""
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, _pieces(old, new)


def _pieces(old: str | None, new: str | None) -> list[Piece]:
    """A section that was empty and is gone shows no words: there is nothing to compare."""
    if old is None:
        return [Piece(Change.ADDED, new)] if new else []
    if new is None:
        return [Piece(Change.REMOVED, old)] if old else []
    return compare(old, new)


def _read(document: Document) -> _Read:
    read = _Read()
    place: Place = (document.title,)
    for block in document.blocks:
        if isinstance(block, Heading) and block.level <= SECTION:
            above = (*place, *[""] * SECTION)[: block.level]
            place = _unused((*above, text_of(block.runs)), read)
        lines = read.sections.setdefault(place, [])
        if isinstance(block, Table) and _holds_records(block):
            read.records |= {text_of(row[0]): _line(row[1:]) for row in block.rows}
        elif not isinstance(block, Heading) or block.level > SECTION:
            lines += _lines(block)
    return read


def _unused(place: Place, read: _Read) -> Place:
    """Two sections with one heading are two."""
    while place in read.sections:
        place = (f"{place[0]}*", *place[1:])
    return place


def _holds_records(table: Table) -> bool:
    return all(RECORD.fullmatch(text_of(row[0])) for row in table.rows if row)


def _line(cells: tuple[Runs, ...]) -> str:
    return ", ".join(text for text in map(text_of, cells) if text)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield text_of(block.runs)
        case Items():
            for item in block.items:
                yield from (f"- {line}" for part in item for line in _lines(part))
        case Quote():
            yield from (line for part in block.blocks for line in _lines(part))
        case Code():
            yield block.text
        case Table():
            yield from (_line(row) for row in (block.head, *block.rows))
