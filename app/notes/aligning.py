"""Which paragraphs of two texts are the same ones."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

MOST_PAIRS = 5_000
"""Two stretches without a paragraph of their own are compared thoroughly up to this size."""

DEEPEST = 12
"""How often paragraphs that are unique between two others lead on."""

Pair = tuple[int, int]


class Alignment(SequenceMatcher[str]):
    """The matcher of `difflib`, in a time that grows with the texts and not with their square.

    A long text of very short paragraphs would take it minutes. Here paragraphs that occur once
    in each text lead the way, and only what lies between them is compared thoroughly.
    """

    a: Sequence[str]  # its types leave these two out
    b: Sequence[str]

    def get_matching_blocks(self) -> list[Match]:
        """The stretches that are the same, in order, and an empty one at the end."""
        blocks: list[Match] = []
        for at, there in _pairs(self.a, self.b, (0, 0)):
            if blocks and _goes_on(blocks[-1], at, there):
                blocks[-1] = blocks[-1]._replace(size=blocks[-1].size + 1)
            else:
                blocks.append(Match(at, there, 1))
        return [*blocks, Match(len(self.a), len(self.b), 0)]


def _goes_on(block: Match, at: int, there: int) -> bool:
    return (block.a + block.size, block.b + block.size) == (at, there)


def _pairs(
    before: Sequence[str], after: Sequence[str], start: Pair, deep: int = 0
) -> Iterator[Pair]:
    """The places of the same paragraphs, in order; the two stretches begin at `start`."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    yield from _side_by_side(start, head)
    ends = len(before) - tail, len(after) - tail
    inner = before[head : ends[0]], after[head : ends[1]]
    yield from _between(*inner, (start[0] + head, start[1] + head), deep)
    yield from _side_by_side((start[0] + ends[0], start[1] + ends[1]), tail)


def _between(before: Sequence[str], after: Sequence[str], start: Pair, deep: int) -> Iterator[Pair]:
    anchors = _in_order(_once_in_both(before, after)) if deep < DEEPEST else []
    if not anchors:
        yield from _thoroughly(before, after, start)
        return
    stops = [(-1, -1), *anchors, (len(before), len(after))]
    for (at, there), (next_at, next_there) in pairwise(stops):
        first = start[0] + at + 1, start[1] + there + 1
        inner = before[at + 1 : next_at], after[there + 1 : next_there]
        yield from _pairs(*inner, first, deep + 1)
        if next_at < len(before):
            yield start[0] + next_at, start[1] + next_there


def _once_in_both(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    counts, others = Counter(before), Counter(after)
    places = {text: there for there, text in enumerate(after)}
    return [
        (at, places[text])
        for at, text in enumerate(before)
        if counts[text] == 1 and others[text] == 1
    ]


def _thoroughly(before: Sequence[str], after: Sequence[str], start: Pair) -> Iterator[Pair]:
    if not 0 < len(before) * len(after) <= MOST_PAIRS:
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for at, there, length in matcher.get_matching_blocks():
        yield from _side_by_side((start[0] + at, start[1] + there), length)


def _side_by_side(start: Pair, length: int) -> Iterator[Pair]:
    return ((start[0] + n, start[1] + n) for n in range(length))


def _in_order(pairs: list[Pair]) -> list[Pair]:
    """The most of these pairs that stand in the same order in both texts."""
    ends: list[int] = []  # the smallest end of a row of each length, and who ends there
    whose: list[int] = []
    earlier: list[int] = []
    for number, (_at, there) in enumerate(pairs):
        length = bisect(ends, there)
        earlier.append(whose[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        whose[length : length + 1] = [number]
    found, number = [], whose[-1] if whose else -1
    while number >= 0:
        found.append(pairs[number])
        number = earlier[number]
    return found[::-1]
