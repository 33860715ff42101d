"""What has to stand in the history of a section, as spec/webinars 6.4 tells it.

Nothing here uses the product: it is told what somebody did and what stands in the table, and says
whether that may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    number: int
    kind: str
    text: str
    base: int


class Edit(NamedTuple):
    """Paragraphs `start` to `end` of a text became `new`."""

    start: int
    end: int
    new: tuple[str, ...]

    def touches(self, other: Edit) -> bool:
        return self.start <= other.end and other.start <= self.end


CLASH = "a clash"


@dataclass
class History:
    rows: list[Row] = field(default_factory=list)
    head: int = 0
    is_removed: bool = False
    typed: set[str] = field(default_factory=set)

    def text(self, number: int) -> str:
        """What somebody started from; a text that was never on top is no start."""
        return next((r.text for r in self.rows if r.number == number and r.kind != "branch"), "")

    @property
    def newest(self) -> str:
        return self.text(self.head)

    def saved(self, text: str, base: int, rows: list[Row], *, clashed: bool) -> None:
        """A text was saved that was written on top of revision `base`."""
        new = self.news(rows)
        self.typed.add(text)
        base = self._dug_out(new, base)
        if self.head and text == self.newest:
            assert (new, clashed) == ([], False)
        elif base == self.head or not self.head:
            assert ([row[1:3] for row in new], clashed) == ([("saved", text)], False)
            self._take(new)
        else:
            self._joined(text, self.text(base), new, clashed)

    def corrected(self, text: str, base: int, rows: list[Row], *, clashed: bool) -> None:
        """A correction was accepted; if it clashed, nothing happened."""
        new = self.news(rows)
        if clashed:
            before = self.text(self.rows[self.head - 1].base) if self.is_removed else self.newest
            assert certain(self.text(base), text, before) in {CLASH, None}
            assert new == []
            return
        assert {row.kind for row in new} <= {"corrected", "restored"}
        base = self._dug_out(new, base)
        if base == self.head:
            assert [row.text for row in new] == [text] * (text != self.newest)
            self._take(new)
        else:
            self._joined(text, self.text(base), new, clashed)

    def settled(self, branch: int, choice: str, rows: list[Row]) -> None:
        """Somebody chose "mine", "theirs" or "both" wherever a kept text clashed."""
        new = self.news(rows)
        mine = next(row for row in rows if row.number == branch)
        start, before = parts(self.text(mine.base)), parts(self.newest)
        assert [row.kind for row in new] in ([], ["saved"])
        self._take(new)
        after = parts(self.newest)
        sides = {"mine": [parts(mine.text)], "theirs": [before]}
        for side in sides.get(choice, [parts(mine.text), before]):
            assert [one for one in side if one not in start and one not in after] == []
        assert set(after) <= {*start, *before, *parts(mine.text)}

    def restored(self, number: int, rows: list[Row]) -> None:
        """An earlier text was put on top again, with its section if that was removed."""
        text = next(row.text for row in rows if row.number == number)
        new = self.news(rows)
        assert [row[1:] for row in new] == [("restored", text, number)] * (text != self.newest)
        self.is_removed = False
        self._take(new)

    def removed(self, rows: list[Row]) -> None:
        new = self.news(rows)
        assert [row[1:] for row in new] == [("removed", "", self.head)] * (not self.is_removed)
        self.is_removed = True
        self._take(new)

    def brought_back(self, rows: list[Row]) -> None:
        new = self.news(rows)
        self._dug_out(new, 0)
        assert new == []

    def news(self, rows: list[Row]) -> list[Row]:
        """What came: numbers go on without a gap, nothing that stood there is changed."""
        assert rows[: len(self.rows)] == self.rows
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        return rows[len(self.rows) :]

    def holds(self, head: int) -> None:
        assert head == self.head
        assert self.typed - {row.text for row in self.rows} - {""} == set()

    def _take(self, new: list[Row]) -> None:
        self.rows += new
        self.head = next((row.number for row in reversed(new) if row.kind != "branch"), self.head)

    def _dug_out(self, new: list[Row], base: int) -> int:
        """A removed section is back, as it was. Who wrote on what it was writes on what it is."""
        if not self.is_removed:
            return base
        buried, self.is_removed = self.rows[self.head - 1].base, False
        assert new[0][1:] == ("restored", self.text(buried), buried)
        self._take([new.pop(0)])
        return self.head if base == buried else base

    def _joined(self, text: str, start: str, new: list[Row], clashed: bool) -> None:
        theirs, expected = self.newest, certain(start, text, self.newest)
        if clashed:
            assert expected in {CLASH, None}
            is_kept = any(row.kind == "branch" and row.text == text for row in self.rows)
            wanted = ([("branch", text)], []) if is_kept else ([("branch", text)],)
            assert [row[1:3] for row in new] in wanted
        heads = [row for row in new if row.kind != "branch"]
        assert len(heads) <= (not clashed)
        self._take(new)
        if not clashed:
            assert expected in {self.newest, None}
            one_by_one(parts(start), parts(text), parts(theirs), parts(self.newest))
        if heads and heads[0].kind == "merged":
            assert text in {heads[0].text, self.rows[heads[0].base - 1].text}


def one_by_one(start: list[str], mine: list[str], theirs: list[str], after: list[str]) -> None:
    """What either side wrote is there, and what both left; nothing comes from nowhere."""
    wanted = {one for one in mine + theirs if one not in start}
    wanted |= set(start) & set(mine) & set(theirs)
    assert wanted - set(after) == set()
    assert set(after) - {*start, *mine, *theirs} == set()


def certain(start: str, mine: str, theirs: str) -> str | None:
    """What joining makes of two edits of one text; None where more than one answer is right."""
    if mine in (start, theirs):
        return theirs
    before = parts(start)
    one, other = edits(before, parts(mine)), edits(before, parts(theirs))
    if one is None or other is None:
        return None
    touching = [(a, b) for a in one for b in other if a != b and a.touches(b)]
    if not touching:
        return joined(before, sorted({*one, *other}))
    if any(a[:2] == b[:2] and a.end - a.start == 1 for a, b in touching):
        return CLASH  # both changed this one paragraph, and nothing else there
    return None


def edits(before: list[str], after: list[str]) -> list[Edit] | None:
    """How one text became another; None where a paragraph moved or stands there twice."""
    both = [one for one in before if one in set(after)]
    unique = len(set(before)) == len(before) and len(set(after)) == len(after)
    if not unique or both != [one for one in after if one in set(before)]:
        return None
    found, at, there = [], 0, 0
    for one in [*both, None]:
        stop = before.index(one) if one else len(before)
        until = after.index(one) if one else len(after)
        if stop > at or until > there:
            found.append(Edit(at, stop, tuple(after[there:until])))
        at, there = stop + 1, until + 1
    return found


def joined(before: list[str], changes: list[Edit]) -> str:
    after, at = [], 0
    for change in changes:
        after += [*before[at : change.start], *change.new]
        at = change.end
    return "\n\n".join(after + before[at:])


def parts(text: str) -> list[str]:
    return text.split("\n\n") if text else []
