"""A line diagram as SVG text; colours and fonts come from the stylesheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from app.network.line_labels import Box, Ground, Label, Name, place
from app.network.line_map import Diagram, Line, Stop, lay_out
from app.network.octilinear import Cell, Spot, rounded

UNITS = {1: 30.0, 2: 19.0, 3: 15.0}
"""Size of a cell at each scale."""

MARGIN = 16.0
NOWHERE: tuple[Cell, ...] = ((15, 8), (17, 6), (17, 3))


@dataclass(frozen=True)
class Sheet:
    """What to draw and how large. `hub` is the host in yellow, `you` the reader's own city."""

    diagram: Diagram
    stops: Sequence[Stop]
    hub: str
    you: str

    @property
    def unit(self) -> float:
        return UNITS[self.diagram.scale]

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

    def letters(self, key: str) -> float:
        few = self.diagram.scale == 1
        if self.kind(key) != "stop":
            return 18.0 if few else 15.0
        return 15.0 if few else 11.5


@lru_cache(maxsize=64)
def draw(
    stops: tuple[Stop, ...], sentence: str, hub: str = "", you: str = "", lost: str = ""
) -> Markup:
    """The map. `sentence` says in words what it shows: a list of the cities must stand near it.

    `lost` names a stop that does not exist, at the end of a dotted line.
    """
    sheet = Sheet(lay_out(stops), stops, hub, you)
    if lost:
        sheet = _with_lost_stop(sheet, lost)
    labels = place(_names(sheet), _ground(sheet))
    return Markup("").join(
        [
            _open(sheet, labels, sentence),
            *_lines(sheet),
            *_rings(sheet),
            *_words(sheet, labels),
            Markup("</svg>"),
        ]
    )


def _with_lost_stop(sheet: Sheet, words: str) -> Sheet:
    sheet.diagram.lines = [line for line in sheet.diagram.lines if not line.is_open]
    sheet.diagram.lines.append(Line(0, NOWHERE, is_open=True))
    sheet.diagram.cells["nowhere"] = NOWHERE[-1]
    return Sheet(sheet.diagram, [*sheet.stops, Stop("nowhere", words, 0, 0)], "", "nowhere")


def _open(sheet: Sheet, labels: list[Label], sentence: str) -> Markup:
    left, top, width, height = _view(sheet, labels)
    kind = "netmap few" if sheet.diagram.scale == 1 else "netmap"
    return Markup(
        '<svg class="{}" viewBox="{:g} {:g} {:g} {:g}" role="img" aria-label="{}">'
    ).format(kind, left, top, width, height, sentence)


def _view(sheet: Sheet, labels: list[Label]) -> tuple[float, float, float, float]:
    spots = [sheet.spot(cell) for line in sheet.diagram.lines for cell in line.path]
    spots += [sheet.spot(cell) for cell in sheet.diagram.cells.values()]
    spots += [(label.box.left, label.box.top) for label in labels]
    spots += [(label.box.right, label.box.bottom) for label in labels]
    left = min((x for x, _ in spots), default=0.0) - MARGIN
    top = min((y for _, y in spots), default=0.0) - MARGIN
    right = max((x for x, _ in spots), default=300.0) + MARGIN
    bottom = max((y for _, y in spots), default=200.0) + MARGIN
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


def _lines(sheet: Sheet) -> Iterator[Markup]:
    """Dotted ends first: whatever else is there lies over them."""
    for line in sorted(sheet.diagram.lines, key=lambda line: not line.is_open):
        yield Markup('<path class="trk {}" d="{}"/>').format(_line_class(line), _path(sheet, line))


def _line_class(line: Line) -> str:
    return "open" if line.is_open else f"k{line.colour}"


def _path(sheet: Sheet, line: Line) -> str:
    return rounded([sheet.spot(cell) for cell in line.path], sheet.unit * 0.45)


def _rings(sheet: Sheet) -> Iterator[Markup]:
    for stop in sheet.stops:
        x, y = sheet.spot(sheet.diagram.cells[stop.key])
        yield Markup('<circle class="{}" cx="{:g}" cy="{:g}" r="{:g}"/>').format(
            sheet.kind(stop.key), x, y, sheet.ring(stop.key)
        )


def _words(sheet: Sheet, labels: list[Label]) -> Iterator[Markup]:
    stops = {stop.key: stop for stop in sheet.stops}
    for label in labels:
        stop, kind = stops[label.key], sheet.kind(label.key)
        style = Markup("") if kind == "stop" else Markup(' class="t-{}"').format(kind)
        lang = Markup(' lang="{}"').format(stop.lang) if stop.lang else Markup("")
        yield Markup('<text x="{:g}" y="{:g}" text-anchor="{}"{}{}>{}</text>').format(
            round(label.spot[0], 1), round(label.spot[1], 1), label.anchor, style, lang,
            escape(stop.label),
        )  # fmt: skip


def _names(sheet: Sheet) -> list[Name]:
    """The host and the reader's city choose their place first, then the founding cities' order."""
    first = sorted(sheet.stops, key=lambda stop: sheet.kind(stop.key) == "stop")
    return [
        Name(
            stop.key,
            stop.label,
            sheet.spot(sheet.diagram.cells[stop.key]),
            sheet.letters(stop.key),
            sheet.ring(stop.key),
        )
        for stop in first
    ]


def _ground(sheet: Sheet) -> Ground:
    return Ground(_spots_on_lines(sheet), _boxes_of_rings(sheet), sheet.unit * 2)


def _spots_on_lines(sheet: Sheet) -> Iterator[Spot]:
    for line in sheet.diagram.lines:
        for start, end in zip(line.path, line.path[1:], strict=False):
            (x, y), (to_x, to_y) = sheet.spot(start), sheet.spot(end)
            pieces = 4 * max(abs(end[0] - start[0]), abs(end[1] - start[1]))
            for piece in range(pieces + 1):
                share = piece / pieces
                yield x + (to_x - x) * share, y + (to_y - y) * share


def _boxes_of_rings(sheet: Sheet) -> Iterator[Box]:
    for stop in sheet.stops:
        x, y = sheet.spot(sheet.diagram.cells[stop.key])
        radius = sheet.ring(stop.key)
        yield Box(x - radius, y - radius, x + radius, y + radius)
