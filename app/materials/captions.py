"""WebVTT read strictly: what our check takes, players read (W3C, "WebVTT: The Web Video Text
Tracks Format", section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.core.forms import tidy
from app.core.i18n import N_, _
from app.materials.errors import CaptionsRefused

MOST_BYTES = 2 * 1024 * 1024
MOST_CUES = 20_000
MARK = "\ufeff"
STAMP = r"(?:([0-9]{2,}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
TIMES = re.compile(rf"{STAMP}[ \t]+-->[ \t]+{STAMP}((?:[ \t]+[a-z]+:[^ \t]+)*)[ \t]*")
TAG = re.compile(r"<[^<>]*>")
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": ""}
BLOCKS = ("NOTE", "STYLE", "REGION")

NO_TEXT = N_("This is not plain text in UTF-8. Save it as WebVTT in UTF-8.")
NO_HEAD = N_("The file has to begin with the line WEBVTT.")
NO_TIMES = N_("A cue needs its times, like 00:01:02.000 --> 00:01:05.500.")
BACKWARDS = N_("A cue ends before it begins.")
UNORDERED = N_("A cue begins before the one above it.")
NOTHING = N_("There is no cue in it.")
TOO_LARGE = N_("Captions have at most 2 MB and 20,000 cues.")

Line = tuple[int, str]


@dataclass(frozen=True)
class Cue:
    """What is said from one second to another."""

    start: float
    end: float
    text: str


def read_captions(content: bytes) -> list[Cue]:
    """All cues in their order. Raise CaptionsRefused with the line that is wrong."""
    if len(content) > MOST_BYTES:
        raise CaptionsRefused(_(TOO_LARGE))
    cues = list(_cues(_blocks(_text(content))))
    if not cues:
        raise CaptionsRefused(_(NOTHING))
    if len(cues) > MOST_CUES:
        raise CaptionsRefused(_(TOO_LARGE))
    return cues


def spoken_text(cues: Sequence[Cue]) -> str:
    """Only the words, a paragraph where somebody pauses."""
    words: list[str] = []
    last = 0.0
    for cue in cues:
        words.append("\n\n" if words and cue.start - last > 2 else " ")
        words.append(" ".join(cue.text.split()))
        last = cue.end
    return "".join(words).strip()


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaptionsRefused(_(NO_TEXT)) from error
    if "\0" in text:
        raise CaptionsRefused(_(NO_TEXT))
    return text.removeprefix(MARK).replace("\r\n", "\n").replace("\r", "\n")


def _blocks(text: str) -> Iterator[list[Line]]:
    """Lines with their numbers, between empty ones; the head is checked and left out."""
    lines = list(enumerate(text.split("\n"), start=1))
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0][1]):
        raise CaptionsRefused(_(NO_HEAD), 1)
    parts = [list(part) for filled, part in groupby(lines, lambda line: line[1] != "") if filled]
    yield from parts[1:]


def _cues(blocks: Iterator[list[Line]]) -> Iterator[Cue]:
    last = 0.0
    for block in blocks:
        if block[0][1].split(maxsplit=1)[0:1] and block[0][1].split()[0] in BLOCKS:
            continue
        cue = _cue(block)
        if cue.start < last:
            raise CaptionsRefused(_(UNORDERED), block[0][0])
        last = cue.start
        yield cue


def _cue(block: list[Line]) -> Cue:
    """Times in the first line, or in the second below a name."""
    here = next((index for index, line in enumerate(block[:2]) if "-->" in line[1]), 0)
    number, line = block[here]
    found = TIMES.fullmatch(line)
    if not found:
        raise CaptionsRefused(_(NO_TIMES), number)
    start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
    if end <= start:
        raise CaptionsRefused(_(BACKWARDS), number)
    return Cue(start, end, _plain("\n".join(text for _number, text in block[here + 1 :])))


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _plain(text: str) -> str:
    words = TAG.sub("", text)
    for entity, letter in ENTITIES.items():
        words = words.replace(entity, letter)
    return tidy(words)
