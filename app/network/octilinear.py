"""Geometry of a line diagram: paths that run level, upright or at 45 degrees, and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

Cell = tuple[int, int]
Spot = tuple[float, float]


def path_between(start: Cell, end: Cell, *, slant_first: bool) -> tuple[Cell, ...]:
    """One slanting and one straight piece from cell to cell; only one when that is enough."""
    across, down = end[0] - start[0], end[1] - start[1]
    slant = min(abs(across), abs(down))
    step = (_sign(across) * slant, _sign(down) * slant)
    bend = _plus(start, step) if slant_first else (end[0] - step[0], end[1] - step[1])
    return (start, end) if bend in (start, end) else (start, bend, end)


def cells_on(path: Sequence[Cell]) -> Iterator[Cell]:
    """Every cell that a path touches, in order."""
    yield path[0]
    for start, end in itertools.pairwise(path):
        step = (_sign(end[0] - start[0]), _sign(end[1] - start[1]))
        here = start
        while here != end:
            here = _plus(here, step)
            yield here


def is_octilinear(path: Sequence[Cell]) -> bool:
    """True when every piece runs at 0, 45 or 90 degrees."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(path)]
    return all(x == 0 or y == 0 or abs(x) == abs(y) for x, y in steps)


def cells_around(spot: Spot, reach: int) -> list[Cell]:
    """The cells near a spot, nearest first; the same spot always gives the same order."""
    column, row = round(spot[0]), round(spot[1])
    square = [
        (column + x, row + y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)
    ]
    return sorted(square, key=lambda cell: (apart(cell, spot), cell))


def apart(one: Spot, other: Spot) -> float:
    """The square of the distance."""
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def rounded(spots: Sequence[Spot], radius: float) -> str:
    """An SVG path along the spots with round corners."""
    parts = [f"M{_number(spots[0])}"]
    for before, corner, after in zip(spots, spots[1:], spots[2:], strict=False):
        parts.append(f"L{_number(_towards(corner, before, radius))}")
        parts.append(f"Q{_number(corner)} {_number(_towards(corner, after, radius))}")
    return "".join(parts) + f"L{_number(spots[-1])}"


def _towards(start: Spot, end: Spot, length: float) -> Spot:
    whole = apart(start, end) ** 0.5
    share = min(length, whole / 2) / whole
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _number(spot: Spot) -> str:
    return f"{round(spot[0], 1):g} {round(spot[1], 1):g}"


def _plus(cell: Cell, step: Cell) -> Cell:
    return cell[0] + step[0], cell[1] + step[1]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
