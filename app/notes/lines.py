"""The lines of a note that say what was decided and what somebody will do.

A line is one when it begins with a word of `DECIDED` or `PROMISED` and a colon. In front of the
word may stand list marks, a task box and the marks of bold or italic type. Lines of code, of a
quotation and of a table are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.notes.due_words import any_of, due_in, plain
from app.notes.line_owners import EDGES, MENTIONS, Owned, Surety, owner_in, tidy_owner
from app.notes.merging import paragraphs

DECIDED = (
    "decision", "entscheidung", "beschluss", "beschluß", "besluit", "beslissing", "beslut",
    "decisión", "acuerdo", "decisió", "acord", "décision",
)  # fmt: skip
PROMISED = (
    "action item", "action point", "action", "ai", "aktion", "aufgabe", "maßnahme",
    "actiepunt", "actie", "taak", "åtgärdspunkt", "åtgärd", "uppgift",
    "acción", "tarea", "acció", "tasca", "tâche",
)  # fmt: skip
NOTHING = {
    "none", "no", "nothing", "n/a", "na", "keine", "keiner", "nichts", "geen", "niets", "inga",
    "inget", "ingen", "ninguna", "ninguno", "nada", "cap", "res", "aucune", "aucun", "rien", "tbd",
}  # fmt: skip
LONGEST = 1_000
"""So much of a line is read: a record has no room for more."""
MOST = 500
"""So many lines of one note become records."""


class LineKind(StrEnum):
    DECISION = "decision"
    ACTION = "action"


@dataclass(frozen=True)
class Line:
    """`raw` is the line as it stands in paragraph `paragraph`, where `merging.paragraphs` counts.

    `text` is what it says without owner and due day, `whole` the same with the owner's words in
    their place, for whoever does not trust `surety`. No owner: `owner` is empty.
    """

    kind: LineKind
    raw: str
    paragraph: int
    text: str
    whole: str
    owner: str = ""
    surety: Surety = Surety.MARKED
    due_on: date | None = None
    is_done: bool = False


def lines_of(markdown: str, met_on: date) -> list[Line]:
    """In their order, each wording once. A due day without a year follows the day of the meeting.

    Never raises, and takes time in proportion to the length.
    """
    found: dict[tuple[object, ...], Line] = {}
    for number, raw in _spoken(markdown):
        if len(found) == MOST:
            break
        if line := line_in(raw, number, met_on):
            found.setdefault((line.kind, line.whole, line.owner, line.due_on), line)
    return list(found.values())


def line_in(raw: str, paragraph: int, met_on: date) -> Line | None:
    """What this line says; None: it is a line like any other, or says nothing after its word."""
    text = unicodedata.normalize("NFC", raw.strip())
    marks = _marks.match(text)
    start = marks.end() if marks else 0
    head = _head.match(text, start)
    if not head or not (head["colon"] or head["at"]):
        return None
    said = _plain_words(text[head.end() :])
    if not _says_something(said):
        return None
    whole, due_on = _apart(said, met_on)
    beside, due_beside = _apart(head["name"] or head["at"] or "", met_on)
    words = tidy_owner(beside)
    named = Owned(words, Surety.MARKED, whole) if words else owner_in(whole)
    box = marks["box"] if marks else None
    line = Line(
        kind=LineKind.DECISION if plain(head["word"]) in _decided else LineKind.ACTION,
        raw=raw.strip(),
        paragraph=paragraph,
        text=whole,
        whole=whole,
        due_on=due_on or due_beside,
        is_done=bool(box) and box not in OPEN_BOXES,
    )
    return _owned(line, named) if named and line.kind == LineKind.ACTION else line


def _owned(line: Line, named: Owned) -> Line:
    text = named.text if _says_something(named.text) else line.whole
    return replace(line, owner=named.words, surety=named.surety, text=text)


def _apart(said: str, met_on: date) -> tuple[str, date | None]:
    """The words and the due day that stands among them. Words that are nothing else stay."""
    due = due_in(said, met_on)
    if due is None:
        return said, None
    left = _without(said, due.start, due.end)
    return (left if _says_something(left) else said), due.day


OPEN_BOXES = {"[ ]", "☐"}
_decided = {plain(word) for word in DECIDED}
_marks = re.compile(
    r"(?:(?:[-+*•◦‣▪–—]|\d{1,9}[.)]|[a-z][.)])\s+){0,9}(?:(?P<box>\[[ xX]\]|[☐☑☒✓✔✅])\s*)?"
)
_type = r"[*_]{0,3}"
_head = re.compile(
    rf"{_type}(?P<word>{any_of((*DECIDED, *PROMISED))})(?: ?#?\d{{1,3}})?{_type}\s{{0,3}}"
    rf"(?:(?P<at>{MENTIONS})|[(（\[](?P<name>[^()（）\[\]]{{1,120}})[)）\]])?"
    rf"{_type}\s{{0,3}}(?P<colon>[:：])?{_type}",
    re.IGNORECASE,
)
_link = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_emphasis = re.compile(r"\*+|`+|~~|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|\\(?=[^\w\s])")
_first_box = re.compile(r"\[[ xX]?\] ")
_quotation = re.compile(r"\s*(?:(?:[-+*]|\d{1,9}[.)])\s+){0,9}>")
_listed = re.compile(r"(\s*)(?:[-+*]|\d{1,9}[.)])\s")
_fence = re.compile(r"(\s*)(?:(?:[-+*]|\d{1,9}[.)])\s+)?(`{3,}|~{3,})")


def _says_something(text: str) -> bool:
    has_words = any(sign.isalnum() for sign in text)
    return has_words and plain(text).strip(" .()") not in NOTHING


def _plain_words(text: str) -> str:
    """As people read it, on one line and not longer than a record may be."""
    words = _emphasis.sub("", _link.sub(r"\1", text[: 2 * LONGEST]))
    said = _first_box.sub("", " ".join(words.split()), count=1)
    if len(said) > LONGEST:
        said = said[: LONGEST - 1].rpartition(" ")[0] or said[: LONGEST - 1]
        return f"{said}…"
    return said.strip(EDGES)


def _without(text: str, start: int, end: int) -> str:
    """The text without that stretch, and without the brackets and commas it leaves behind."""
    left = f"{text[:start].rstrip()} {text[end:].lstrip()}"
    left = re.sub(r"([(\[])[ ,;]+", r"\1", left)
    left = re.sub(r"(?<![ ,;])[ ,;]+(?=[)\]])", "", left)
    left = re.sub(r"\(\)|\[\]", "", left)
    return re.sub(r"(?<! ) +(?=[.,;])", "", left).strip(EDGES)


def _spoken(markdown: str) -> Iterator[tuple[int, str]]:
    """Every line that is no code and no quotation, with the number of its paragraph."""
    fence: tuple[int, str] | None = None
    is_listed, follows_text = False, False
    for number, paragraph in enumerate(paragraphs(markdown)):
        follows_text = False
        for line in paragraph.split("\n"):
            fence, is_code = _fenced(line, fence)
            depth = _depth(line)
            begins_item = bool(_listed.match(line)) and depth < 4
            is_listed = begins_item or (is_listed and (depth > 0 or bool(_listed.match(line))))
            is_code = is_code or (depth >= 4 and not is_listed and not follows_text)
            follows_text = not is_code
            if not is_code and not _quotation.match(line):
                yield number, line


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _fenced(line: str, fence: tuple[int, str] | None) -> tuple[tuple[int, str] | None, bool]:
    """The fence that is open after this line, and whether the line belongs to code."""
    found = _fence.match(line)
    if fence is None:
        opened = (_depth(line), found[2]) if found else None
        return opened, opened is not None
    if line.strip() and _depth(line) < fence[0]:
        return _fenced(line, None)
    closes = found and found[2].startswith(fence[1]) and not line.strip().strip(fence[1][0])
    return (None, True) if closes else (fence, True)
