"""The network as a line diagram: the founding cities set by hand, every other one by its place.

Pure: the same cities give the same diagram. Column and row count cells of a grid; a city stands in
one cell of its own and every line runs level, upright or at 45 degrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.network.octilinear import Cell, Spot, apart, cells_around, cells_on, path_between


@dataclass(frozen=True)
class Stop:
    """A city to draw. `lang` is the language of its label, if that differs from the page's."""

    key: str
    label: str
    latitude: float
    longitude: float
    lang: str = ""


@dataclass(frozen=True)
class Line:
    """A coloured line along cells. An open one is dotted: nobody is there yet."""

    colour: int
    path: tuple[Cell, ...]
    is_open: bool = False


@dataclass
class Diagram:
    """Where everything stands. `scale` says how many cells lie between two founding cells."""

    scale: int
    cells: dict[str, Cell] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


FOUNDING: dict[str, Cell] = {
    "york": (2, 2),
    "lund": (11, 1),
    "utrecht": (6, 4),
    "middelburg": (4, 6),
    "nuremberg": (11, 7),
    "vienna": (15, 8),
    "graz": (13, 10),
    "barcelona": (3, 12),
}
OTHER_NAMES = {"nuernberg": "nuremberg", "nurnberg": "nuremberg", "wien": "vienna"}
ROUTES: list[tuple[int, tuple[str | Cell, ...]]] = [
    (6, ("york", (2, 4), "middelburg")),
    (5, ("barcelona", (11, 12), "graz", "vienna")),
    (3, ("lund", "nuremberg", (11, 8), "graz")),
    (2, ("lund", (9, 1), "utrecht", "middelburg", (3, 7), "barcelona")),
    (1, ("york", (4, 2), "utrecht", (9, 7), "nuremberg", (14, 7), "vienna")),
]
"""Lines by hand: cities and the bends between them."""

OPEN_ENDS: list[tuple[str, tuple[Cell, ...]]] = [
    ("york", ((0, 0),)),
    ("lund", ((12, 0), (14, 0))),
    ("vienna", ((17, 8),)),
    ("barcelona", ((1, 12),)),
]
"""Where the lines would go on: dotted, as long as nothing else stands there."""

FOUNDING_PLACES = {
    "york": (53.96, -1.08),
    "lund": (55.70, 13.19),
    "utrecht": (52.09, 5.12),
    "middelburg": (51.50, 3.61),
    "nuremberg": (49.45, 11.08),
    "vienna": (48.21, 16.37),
    "graz": (47.07, 15.44),
    "barcelona": (41.39, 2.17),
}
WEST, EAST, NORTH, SOUTH = -6.0, 23.0, -4.0, 17.0
FEW, MANY = 26, 90


def lay_out(stops: Sequence[Stop]) -> Diagram:
    """Give every city a cell and join it to the lines."""
    diagram = Diagram(_scale(len(stops)))
    founding = {stop.key: _founding_name(stop) for stop in stops}
    for key, name in founding.items():
        if name:
            diagram.cells[key] = _scaled(FOUNDING[name], diagram.scale)
    _draw_routes(diagram, {name for name in founding.values() if name})
    for stop in _from_the_middle([stop for stop in stops if not founding[stop.key]]):
        _add(diagram, stop)
    _draw_open_ends(diagram, {name for name in founding.values() if name})
    return diagram


def founding_stops() -> list[Stop]:
    """The founding cities under their English names, for pages that may not ask the database."""
    return [Stop(key, key.title(), *place) for key, place in FOUNDING_PLACES.items()]


def place_of(latitude: float, longitude: float) -> Spot:
    """Where a place lies on the unscaled grid, bent so that the founding cities lie on theirs."""
    flat = _flat(latitude, longitude)
    weights = {
        name: 1 / (apart(flat, _flat(*place)) + 0.3) for name, place in FOUNDING_PLACES.items()
    }
    whole = sum(weights.values()) + 0.2
    moves = [(weight / whole, *_bent(name)) for name, weight in weights.items()]
    x = flat[0] + sum(share * across for share, across, _ in moves)
    y = flat[1] + sum(share * down for share, _, down in moves)
    return min(max(x, WEST), EAST), min(max(y, NORTH), SOUTH)


def _scale(count: int) -> int:
    return 1 if count <= FEW else 2 if count <= MANY else 3


def _founding_name(stop: Stop) -> str:
    name = OTHER_NAMES.get(stop.key, stop.key)
    return name if name in FOUNDING else ""


def _flat(latitude: float, longitude: float) -> Spot:
    return 2.6 + 0.72 * longitude, 7 + 0.8 * (49.5 - latitude)


def _bent(name: str) -> Spot:
    """How far the hand-set cell of a founding city lies from its true place."""
    flat, cell = _flat(*FOUNDING_PLACES[name]), FOUNDING[name]
    return cell[0] - flat[0], cell[1] - flat[1]


def _scaled(cell: Cell, scale: int) -> Cell:
    return cell[0] * scale, cell[1] * scale


def _draw_routes(diagram: Diagram, here: set[str]) -> None:
    for colour, route in ROUTES:
        path = _between_members(route, here)
        if len(path) > 1:
            cells = (FOUNDING[step] if isinstance(step, str) else step for step in path)
            scaled = tuple(_scaled(cell, diagram.scale) for cell in cells)
            diagram.lines.append(Line(colour, scaled))


def _between_members(route: tuple[str | Cell, ...], here: set[str]) -> tuple[str | Cell, ...]:
    """The part of a route from the first to the last city that belongs to the network."""
    at = [place for place, step in enumerate(route) if step in here]
    return route[at[0] : at[-1] + 1] if at else ()


def _draw_open_ends(diagram: Diagram, here: set[str]) -> None:
    taken = set(diagram.cells.values()) | {cell for line in diagram.lines for cell in line.path}
    for name, ends in OPEN_ENDS:
        path = tuple(_scaled(cell, diagram.scale) for cell in (FOUNDING[name], *ends))
        if name in here and not taken.intersection(list(cells_on(path))[1:]):
            diagram.lines.append(Line(0, path, is_open=True))


def _from_the_middle(stops: Iterable[Stop]) -> list[Stop]:
    """Nearest to the founding cities first, so that lines grow outwards."""

    def distance(stop: Stop) -> tuple[float, str]:
        spot = place_of(stop.latitude, stop.longitude)
        return min(apart(spot, cell) for cell in FOUNDING.values()), stop.key

    return sorted(stops, key=distance)


def _add(diagram: Diagram, stop: Stop) -> None:
    """A free cell near the city's place; on a line if one passes, else joined to a neighbour."""
    x, y = place_of(stop.latitude, stop.longitude)
    spot = (x * diagram.scale, y * diagram.scale)
    cell = _free_cell(diagram, spot)
    passing = any(cell in cells_on(line.path) for line in diagram.lines)
    if diagram.cells and not passing:
        diagram.lines.append(_branch(diagram, cell))
    diagram.cells[stop.key] = cell


def _free_cell(diagram: Diagram, spot: Spot) -> Cell:
    taken = set(diagram.cells.values())
    reach = 3
    while True:
        for cell in cells_around(spot, reach):
            if cell not in taken and not _touches(cell, taken):
                return cell
        reach += 4


def _touches(cell: Cell, taken: set[Cell]) -> bool:
    """Right beside another city: their rings and names would run into each other."""
    return any((cell[0] + x, cell[1]) in taken for x in (-1, 1))


def _branch(diagram: Diagram, cell: Cell) -> Line:
    """A line from the nearest city that can be reached without running through a third one."""
    nearest = sorted(
        diagram.cells.items(), key=lambda item: (apart(item[1], cell), item[0])
    )  # fmt: skip
    taken = set(diagram.cells.values())
    for _, other in nearest[:4]:
        for slant_first in (True, False):
            path = path_between(other, cell, slant_first=slant_first)
            if not taken.intersection(list(cells_on(path))[1:-1]):
                return Line(_colour_at(diagram, other), path)
    other = nearest[0][1]
    return Line(_colour_at(diagram, other), path_between(other, cell, slant_first=True))


def _colour_at(diagram: Diagram, cell: Cell) -> int:
    """The colour of the newest line through a cell, so that a branch goes on as it began."""
    passing = (line.colour for line in reversed(diagram.lines) if cell in cells_on(line.path))
    return next(passing, 4)
