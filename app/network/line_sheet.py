"""What a line diagram is made of: where rings and names stand, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.network.line_labels import Box, Ground, Label, Name, place
from app.network.line_map import Diagram, Line, Stop
from app.network.octilinear import Cell, Spot

UNITS = {1: 30.0, 2: 19.0, 3: 15.0}
"""Size of a cell at each scale."""

NOWHERE: tuple[Cell, ...] = ((15, 8), (17, 6), (17, 3))


@dataclass(frozen=True)
class Sheet:
    """What to draw and how large. `hub` is the host in yellow, `you` the reader's own city.

    The rings of `full` are filled.
    """

    diagram: Diagram
    stops: Sequence[Stop]
    hub: str = ""
    you: str = ""
    full: frozenset[str] = frozenset()

    @property
    def unit(self) -> float:
        return UNITS[self.diagram.scale]

    @property
    def marked(self) -> list[str]:
        """The stops that are drawn larger than the others."""
        return [key for key in dict.fromkeys((self.hub, self.you)) if key in self.diagram.cells]

    def spot(self, cell: Cell) -> Spot:
        return cell[0] * self.unit, cell[1] * self.unit

    def kind(self, key: str) -> str:
        return "hub" if key == self.hub else "you" if key == self.you else "stop"

    def ring(self, key: str) -> float:
        """Radius: larger for the host, the reader's city and where lines meet."""
        few = self.diagram.scale == 1
        if self.kind(key) != "stop":
            return 9.5 if few else 8.0
        meeting = sum(self.diagram.cells[key] in line.path for line in self.diagram.lines)
        return (6.5 if meeting > 1 else 5.0) if few else 3.8

    def ring_box(self, key: str) -> Box:
        x, y = self.spot(self.diagram.cells[key])
        radius = self.ring(key)
        return Box(x - radius, y - radius, x + radius, y + radius)

    def ring_kind(self, key: str) -> str:
        return f"{self.kind(key)} full" if key in self.full else self.kind(key)

    def letters(self, key: str) -> float:
        few = self.diagram.scale == 1
        if self.kind(key) != "stop":
            return 18.0 if few else 15.0
        return 15.0 if few else 11.5

    def name(self, stop: Stop) -> Name:
        spot = self.spot(self.diagram.cells[stop.key])
        return Name(stop.key, stop.label, spot, self.letters(stop.key), self.ring(stop.key))


@dataclass(frozen=True)
class Plan:
    """A sheet with a place for each name that found one. `ground`: lines and rings alone."""

    sheet: Sheet
    ground: Ground
    labels: dict[str, Label]


def plan(sheet: Sheet) -> Plan:
    """The marked stops choose their place first, then the founding cities' order."""
    first = sorted(sheet.stops, key=lambda stop: stop.key not in sheet.marked)
    ground = _ground(sheet)
    return Plan(sheet, ground, _placed(map(sheet.name, first), ground.copied()))


def marked_plan(plain: Plan, hub: str, you: str) -> Plan:
    """A plan without marked stops, with these two: only what stands in their way finds a new place.

    Working out where sixty names stand takes as long as ten pages; most of them stay.
    """
    sheet = replace(plain.sheet, hub=hub, you=you)
    ground = plain.ground.copied()
    for key in sheet.marked:
        ground.forget(plain.sheet.ring_box(key))
        ground.keep(sheet.ring_box(key))
    base, stops = ground.copied(), {stop.key: stop for stop in sheet.stops}
    labels = _placed([sheet.name(stops[key]) for key in sheet.marked], ground)
    others = [label for key, label in plain.labels.items() if key not in sheet.marked]
    moved = [label.key for label in others if not ground.is_free(label.box)]
    for label in others:
        if label.key not in moved:
            ground.keep(label.box)
            labels[label.key] = label
    return Plan(sheet, base, labels | _placed([sheet.name(stops[key]) for key in moved], ground))


def with_lost_stop(sheet: Sheet, words: str) -> Sheet:
    """A dotted line to a stop that does not exist."""
    lines = [line for line in sheet.diagram.lines if not line.is_open]
    diagram = Diagram(
        sheet.diagram.scale,
        sheet.diagram.cells | {"nowhere": NOWHERE[-1]},
        [*lines, Line(0, NOWHERE, is_open=True)],
    )
    return Sheet(diagram, [*sheet.stops, Stop("nowhere", words, 0, 0)], "", "nowhere")


def _placed(names: Iterable[Name], ground: Ground) -> dict[str, Label]:
    return {label.key: label for label in place(list(names), ground)}


def _ground(sheet: Sheet) -> Ground:
    rings = (sheet.ring_box(stop.key) for stop in sheet.stops)
    return Ground(_spots_on_lines(sheet), rings, sheet.unit * 2)


def _spots_on_lines(sheet: Sheet) -> Iterator[Spot]:
    for line in sheet.diagram.lines:
        for start, end in zip(line.path, line.path[1:], strict=False):
            (x, y), (to_x, to_y) = sheet.spot(start), sheet.spot(end)
            pieces = 4 * max(abs(end[0] - start[0]), abs(end[1] - start[1]))
            for piece in range(pieces + 1):
                share = piece / pieces
                yield x + (to_x - x) * share, y + (to_y - y) * share
