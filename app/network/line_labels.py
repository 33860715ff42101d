"""Names beside the stops of a line diagram: none over another, as few as possible over a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.network.octilinear import Spot

WIDTH_OF_LETTER, HEIGHT = 0.52, 1.0


@dataclass(frozen=True)
class Box:
    """A rectangle, in the units of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, spot: Spot) -> bool:
        return self.left < spot[0] < self.right and self.top < spot[1] < self.bottom


@dataclass(frozen=True)
class Name:
    """A name to place beside a ring: `size` of the letters, `ring` radius of the stop."""

    key: str
    text: str
    spot: Spot
    size: float
    ring: float


@dataclass(frozen=True)
class Label:
    """A placed name. `anchor` is SVG's text-anchor; the spot is on the base line."""

    key: str
    spot: Spot
    anchor: str
    box: Box


SIDES = [
    ("start", 1.0, 0.0),
    ("end", -1.0, 0.0),
    ("middle", 0.0, -1.0),
    ("middle", 0.0, 1.0),
    ("start", 0.8, -0.8),
    ("start", 0.8, 0.8),
    ("end", -0.8, -0.8),
    ("end", -0.8, 0.8),
]
"""Where a name may stand: beside, above, below, then at the corners."""


class Ground:
    """What names must keep clear of; looked up by square so that 200 cities stay quick."""

    def __init__(self, line_spots: Iterable[Spot], rings: Iterable[Box], square: float) -> None:
        self.square = square
        self._spots: dict[tuple[int, int], list[Spot]] = defaultdict(list)
        self._boxes: dict[tuple[int, int], list[Box]] = defaultdict(list)
        for spot in line_spots:
            self._spots[int(spot[0] // square), int(spot[1] // square)].append(spot)
        for ring in rings:
            self.keep(ring)

    def keep(self, box: Box) -> None:
        for at in self._squares(box):
            self._boxes[at].append(box)

    def forget(self, box: Box) -> None:
        for at in self._squares(box):
            self._boxes[at].remove(box)

    def copied(self) -> Ground:
        """Another one with the same boxes; the lines are never changed."""
        other = Ground((), (), self.square)
        other._spots = self._spots
        other._boxes.update((at, list(boxes)) for at, boxes in self._boxes.items())
        return other

    def is_free(self, box: Box) -> bool:
        return not any(box.meets(other) for at in self._squares(box) for other in self._boxes[at])

    def crossed(self, box: Box) -> int:
        """How much of the lines runs behind a box."""
        return sum(box.holds(spot) for at in self._squares(box) for spot in self._spots[at])

    def _squares(self, box: Box) -> list[tuple[int, int]]:
        columns = range(int(box.left // self.square), int(box.right // self.square) + 1)
        rows = range(int(box.top // self.square), int(box.bottom // self.square) + 1)
        return [(column, row) for column in columns for row in rows]


def place(names: Sequence[Name], ground: Ground) -> list[Label]:
    """Place names in the given order. One that finds no room is left out."""
    placed = []
    for name in names:
        free = [label for label in _choices(name) if ground.is_free(label.box)]
        if free:
            label = min(free, key=lambda choice: ground.crossed(choice.box))
            ground.keep(label.box)
            placed.append(label)
    return placed


def _choices(name: Name) -> list[Label]:
    return [_label(name, anchor, x, y) for anchor, x, y in SIDES]


def _label(name: Name, anchor: str, across: float, down: float) -> Label:
    gap = name.ring + 0.38 * name.size
    x = name.spot[0] + across * gap
    middle = name.spot[1] + down * (gap + 0.22 * name.size)
    width = max(1, len(name.text)) * WIDTH_OF_LETTER * name.size
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    half = HEIGHT * name.size / 2
    box = Box(left, middle - half, left + width, middle + half)
    return Label(name.key, (x, middle + 0.34 * name.size), anchor, box)
