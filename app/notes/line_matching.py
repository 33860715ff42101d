"""Which line of an older text became which line of the newer one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from app.notes.lines import Line

ALIKE = 0.6
SHORTEST_BEGINNING = 4
MOST_PAIRS = 400  # where more lines changed at once, their order tells
LOOKED_AT = 200

Pair = tuple[Line, Line]


def changed_pairs(before: Sequence[Line], after: Sequence[Line]) -> list[Pair]:
    """Lines that stand in neither text unchanged, the older one with what became of it.

    First who changed in one place, then lines that moved and changed. The rest is gone or new.
    """
    pairs = list(_in_place(before, after))
    olds, news = {old.raw for old, _ in pairs}, {new.raw for _, new in pairs}
    gone = [line for line in _only(before, after) if line.raw not in olds]
    fresh = [line for line in _only(after, before) if line.raw not in news]
    return pairs + _alike(gone, fresh)


def _in_place(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Pair]:
    raws = [line.raw for line in before], [line.raw for line in after]
    for tag, a, a_end, b, b_end in SequenceMatcher(None, *raws, autojunk=False).get_opcodes():
        if tag != "replace":
            continue
        gone = _only(before[a:a_end], after)
        fresh = _only(after[b:b_end], before)
        alike = _alike(gone, fresh)
        yield from alike
        if len(gone) == len(fresh):
            yield from zip(_rest(gone, [o for o, _ in alike]), _rest(fresh, [n for _, n in alike]),
                           strict=True)  # fmt: skip


def _only(here: Sequence[Line], there: Sequence[Line]) -> list[Line]:
    known = {line.raw for line in there}
    return [line for line in here if line.raw not in known]


def _rest(lines: list[Line], without: list[Line]) -> list[Line]:
    taken = {line.raw for line in without}
    return [line for line in lines if line.raw not in taken]


def _alike(gone: list[Line], fresh: list[Line]) -> list[Pair]:
    """The likest pairs first, each line once."""
    if len(gone) * len(fresh) > MOST_PAIRS:
        return []
    rated = [(_likeness(old, new), old, new) for old in gone for new in fresh]
    pairs: list[Pair] = []
    taken: set[str] = set()
    for likeness, old, new in sorted(rated, key=lambda one: -one[0]):
        if likeness >= ALIKE and not taken & {f"-{old.raw}", f"+{new.raw}"}:
            taken |= {f"-{old.raw}", f"+{new.raw}"}
            pairs.append((old, new))
    return pairs


def _likeness(old: Line, new: Line) -> float:
    """How alike the words are, from 0 to 1. Who goes on writing a line changes it."""
    short, long = sorted((old.text.casefold(), new.text.casefold()), key=len)
    if len(short) >= SHORTEST_BEGINNING and long.startswith(short.rstrip(".…")):
        return 1.0
    return SequenceMatcher(None, short[:LOOKED_AT], long[:LOOKED_AT], autojunk=False).ratio()
