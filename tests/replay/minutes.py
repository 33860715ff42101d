"""Minutes as a text: their agenda, their sections, and what they promise.

Read with expressions of its own: nothing here knows how the application reads a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

HEADING = re.compile(r"(#{1,6}) +(.+?)\s*$")
FENCE = re.compile(r"\s*(```|~~~)")
MINUTES = re.compile(r"\b(\d{1,3})[ -]?min", re.IGNORECASE)
ACTION = re.compile(
    r"\s*(?:[-*+] +|\d+[.)] +)?(?:\[[ x]\] +)?[*_]*(?:AI|action(?: item)?)[*_]*"
    r"\s?(?:\((?P<beside>[^()]+)\)|@(?P<at>[\w.-]+))?[*_]*\s?:[*_]*\s*(?P<rest>.+)",
    re.IGNORECASE,
)
DOER = re.compile(
    r"@(?P<at>\w+)|(?P<before>[A-Z]\w*(?: \w+)?): "
    r"|(?P<name>[A-Z][\w.-]*(?: [A-Z][\w.-]*)?)(?: ?(?:/|and) ?\w+)? to "
)
LONGEST_HEADING = 190


@dataclass(frozen=True)
class Part:
    """A heading with its marks, and the lines below it. The first part has no heading."""

    marks: str
    heading: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")

    @property
    def minutes(self) -> int | None:
        """The time box: beside the heading, or in the first lines below."""
        found = MINUTES.search("\n".join([self.heading, *self.lines[:6]]))
        return int(found[1]) if found else None

    def read(self, text: str) -> str:
        """The part as minutes have it, with this text."""
        above = f"{self.marks} {self.heading}\n" if self.heading else ""
        return f"{above}{text}"


@dataclass(frozen=True)
class Promise:
    """An action as it stands in the minutes, and who is named; empty: nobody."""

    line: str
    owner: str


def parts_of(source: str) -> list[Part]:
    """The minutes cut at their headings; those inside of code are text."""
    found: list[tuple[str, str, list[str]]] = [("", "", [])]
    is_code = False
    for line in source.split("\n"):
        is_code ^= bool(FENCE.match(line))
        heading = None if is_code else HEADING.fullmatch(line)
        if heading and len(heading[2]) <= LONGEST_HEADING:
            found.append((heading[1], heading[2], []))
        else:
            found[-1][2].append(line)
    return [Part(marks, heading, tuple(lines)) for marks, heading, lines in found]


def lines_compared(text: str) -> list[str]:
    """Every line, without the blanks at its end and without blank lines around headings."""
    lines = [line.rstrip() for line in text.split("\n")]
    return [line for part in parts_of("\n".join(lines)) for line in _part_lines(part)]


def promises_of(source: str) -> list[Promise]:
    """Every wording once for each section."""
    found: list[Promise] = []
    for part in parts_of(source):
        here = [promise for line in _said(part) if (promise := _promise(line))]
        found += [next(same) for _, same in groupby(sorted(here, key=_line), key=_line)]
    return found


def paragraphs_of(text: str) -> list[str]:
    return re.split(r"\n\n", text)


def can_be_shared(text: str) -> bool:
    """Three paragraphs or more, one blank line between two, and no code."""
    return len(paragraphs_of(text)) >= 3 and "\n\n\n" not in text and "```" not in text


def _part_lines(part: Part) -> list[str]:
    body = part.text.split("\n") if part.text.strip() else []
    return ([f"{part.marks} {part.heading}"] if part.heading else []) + body


def _said(part: Part) -> Iterator[str]:
    """The lines that are no code."""
    is_code = False
    for line in part.lines:
        is_code ^= bool(FENCE.match(line))
        if not is_code:
            yield line


def _promise(line: str) -> Promise | None:
    found = ACTION.fullmatch(line)
    if not found or not re.search(r"\w", found["rest"]):
        return None
    doer = DOER.match(found["rest"])
    named = found["beside"] or found["at"] or (doer[doer.lastgroup or 0] if doer else "")
    return Promise(line.strip(), named.strip("@ "))


def _line(promise: Promise) -> str:
    return promise.line
