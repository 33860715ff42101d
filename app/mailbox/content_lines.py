"""Content lines of iCalendar (RFC 5545 section 3.1), read from files that keep few of its rules.

Linear in the length of the text, whatever stands in it; a line that is none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
PARAMETER = re.compile(r'([A-Za-z0-9-]{1,60})=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
ONE_VALUE = re.compile(r'"([^"]*)"|([^",]+)')
CARET = {"^n": "\n", "^'": '"', "^^": "^"}
ESCAPED = re.compile(r"\\([\\;,nN])")
BEGINS = re.compile(rb"^[ \t\xef\xbb\xbf]*BEGIN:VCALENDAR[ \t]*$", re.IGNORECASE | re.MULTILINE)
WIDE = (b"\xff\xfe", b"\xfe\xff")
DEEPEST = 6


@dataclass(frozen=True)
class ContentLine:
    name: str
    parameters: dict[str, list[str]]
    value: str

    def parameter(self, name: str) -> str:
        return next(iter(self.parameters.get(name, [])), "")


@dataclass(frozen=True)
class Component:
    """VCALENDAR, VEVENT, …: its own lines, and what stands inside."""

    name: str
    lines: list[ContentLine] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[ContentLine]:
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str:
        """The first line of this name; empty when there is none."""
        return next((line.value for line in self.lines if line.name == name), "")


def read_calendar(content: bytes, charset: str) -> Component | None:
    """The first VCALENDAR, whatever stands before or after it; None: there is none."""
    plain = _one_kind_of_line(content)
    begin = BEGINS.search(plain)
    if begin is None:
        return None
    folded = plain[begin.start() :].lstrip(b" \t\xef\xbb\xbf")
    unfolded = folded.replace(b"\n ", b"").replace(b"\n\t", b"")
    return _component(_lines(_decoded(unfolded, charset)))


def text_of(value: str) -> str:
    """A TEXT value without its backslashes."""
    return ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


def _one_kind_of_line(content: bytes) -> bytes:
    if content.startswith(WIDE):
        content = content.decode("utf-16", "replace").encode()
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _decoded(content: bytes, charset: str) -> str:
    """What the header says is believed last: many say nothing right."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(charset or "cp1252", "replace")
    except (LookupError, ValueError):
        return content.decode("cp1252", "replace")


def _lines(text: str) -> Iterator[ContentLine]:
    for line in text.split("\n"):
        read = _line(line.rstrip())
        if read is not None:
            yield read


def _line(line: str) -> ContentLine | None:
    name = NAME.match(line)
    if name is None:
        return None
    place, parameters = name.end(), {}
    while place < len(line) and line[place] == ";":
        place += 1
        if found := PARAMETER.match(line, place):
            parameters[found[1].upper()] = _values(found[2])
            place = found.end()
    if place >= len(line) or line[place] != ":":
        return None
    return ContentLine(name[0].upper(), parameters, line[place + 1 :].replace("\x00", ""))


def _values(read: str) -> list[str]:
    """One parameter's values; ^n, ^' and ^^ stand for what cannot be written (RFC 6868)."""
    values = [quoted or bare for quoted, bare in ONE_VALUE.findall(read)]
    return [re.sub(r"\^[n'^]", lambda m: CARET[m[0]], value).strip() for value in values]


def _component(lines: Iterator[ContentLine]) -> Component | None:
    """None when it is not closed properly: half an answer is none. What is too deep is skipped."""
    open_ones: list[Component] = []
    for line in lines:
        if line.name == "BEGIN":
            inner = Component(line.value.strip().upper())
            if open_ones and len(open_ones) < DEEPEST:
                open_ones[-1].inside.append(inner)
            open_ones.append(inner)
        elif line.name == "END":
            closed = open_ones.pop()
            if closed.name != line.value.strip().upper():
                return None
            if not open_ones:
                return closed
        else:
            open_ones[-1].lines.append(line)
    return None
