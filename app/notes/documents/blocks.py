"""The one model from which every output of a summary is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold; such characters become U+FFFD."""


@dataclass(frozen=True)
class Run:
    """Text in one look. Marks are "strong", "emphasis", "code", "strike".

    `href` is an address, or "#" and an anchor of the same document.
    """

    text: str
    marks: tuple[str, ...] = ()
    href: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """Level 1 is below the document's title. No level is ever left out."""

    level: int
    runs: Runs
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`anchors` are the decisions and actions that it holds, as "d-2026-014"."""

    runs: Runs
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list. `start` numbers the first item; 0: bullets."""

    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Table:
    """`head` names the columns; every row has as many cells, and may have an anchor.

    `anchors` has one for each row ("": none), or is empty.
    """

    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    anchors: tuple[str, ...] = ()

    @property
    def anchored(self) -> tuple[tuple[str, tuple[Runs, ...]], ...]:
        """Each row behind its anchor."""
        names = self.anchors or ("",) * len(self.rows)
        return tuple(zip(names, self.rows, strict=True))


@dataclass(frozen=True)
class Rule:
    """A break between two thoughts."""


Block: TypeAlias = Heading | Paragraph | Items | Quote | Code | Table | Rule


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Document:
    """A summary as it is handed out. `version` is empty for a draft; `mark` says that it is one.

    `stem` is the file name without version, language and ending.
    """

    title: str
    language: str
    version: str
    mark: str
    stem: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]

    @property
    def joined_facts(self) -> tuple[Fact, ...]:
        """As they are shown: what has one name in a row is one fact, each value on its line."""
        groups = groupby(self.facts, key=attrgetter("label"))
        return tuple(Fact(label, "\n".join(one.value for one in same)) for label, same in groups)


KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Run, Heading, Paragraph, Items, Quote, Code, Table, Rule, Fact, Document)
}


def to_json(value: Any) -> Any:
    """The model as plain values, each object with its "kind"."""
    if is_dataclass(value):
        named = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__.lower(), **named}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    return UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else value


def from_json(value: Any) -> Any:
    """The model out of what `to_json` made, also before anchors were there."""
    if isinstance(value, list):
        return tuple(from_json(part) for part in value)
    if isinstance(value, dict):
        named = {name: from_json(part) for name, part in value.items() if name != "kind"}
        return KINDS[value["kind"]](**named)
    return value


def words(text: str, *marks: str, href: str = "") -> Runs:
    """Runs of plain text; nothing for an empty one."""
    return (Run(text, marks, href),) if text else ()


def text_of(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def is_inner(href: str) -> bool:
    """Whether it leads to an anchor of the same document."""
    return href.startswith("#")


def anchors_in(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Every place that a link may lead to."""
    for block in blocks:
        match block:
            case Heading():
                yield from filter(None, [block.anchor])
            case Paragraph():
                yield from block.anchors
            case Table():
                yield from filter(None, block.anchors)
            case Quote():
                yield from anchors_in(block.blocks)
            case Items():
                for item in block.items:
                    yield from anchors_in(item)
