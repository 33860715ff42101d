"""A line diagram as SVG text; colours and fonts come from the stylesheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup, escape

from app.network.line_labels import Label
from app.network.line_map import Line, Stop, lay_out
from app.network.line_sheet import Plan, Sheet, marked_plan, plan, with_lost_stop
from app.network.octilinear import Spot, rounded

MARGIN = 16.0


@dataclass(frozen=True)
class Pieces:
    """A map without its frame. What is drawn for each stop stands apart, so that some can change.

    `spots`: the corners of all but the names.
    """

    plan: Plan
    spots: tuple[Spot, ...]
    lines: Markup
    rings: dict[str, Markup]
    words: dict[Label, Markup]


@lru_cache(maxsize=64)
def draw(
    stops: tuple[Stop, ...],
    sentence: str,
    hub: str = "",
    you: str = "",
    lost: str = "",
    full: frozenset[str] = frozenset(),
) -> Markup:
    """The map. `sentence` says in words what it shows: a list of the cities must stand near it.

    `lost` names a stop that does not exist, at the end of a dotted line. `full` are filled.
    """
    if lost:
        return _framed(_pieces(plan(with_lost_stop(Sheet(lay_out(stops), stops), lost))), sentence)
    plain = _plain(stops)
    marked = _filled(marked_plan(plain.plan, hub, you), full)
    is_other = marked.sheet.marked or full
    return _framed(_changed(plain, marked) if is_other else plain, sentence)


def _filled(made: Plan, full: frozenset[str]) -> Plan:
    return replace(made, sheet=replace(made.sheet, full=full & made.sheet.diagram.cells.keys()))


@lru_cache(maxsize=16)
def _plain(stops: tuple[Stop, ...]) -> Pieces:
    """What the maps of all readers of one language have in common."""
    return _pieces(plan(Sheet(lay_out(stops), stops)))


def _pieces(made: Plan) -> Pieces:
    sheet = made.sheet
    return Pieces(
        plan=made,
        spots=tuple(_corners(_spots(sheet))),
        lines=Markup("").join(_lines(sheet)),
        rings={stop.key: _ring(sheet, stop.key) for stop in sheet.stops},
        words=_words(sheet, made.labels.values()),
    )


def _changed(plain: Pieces, made: Plan) -> Pieces:
    """The pieces of another plan of the same stops."""
    new = [label for label in made.labels.values() if label not in plain.words]
    words = {label: plain.words[label] for label in made.labels.values() if label in plain.words}
    rings = {key: _ring(made.sheet, key) for key in [*made.sheet.marked, *made.sheet.full]}
    return Pieces(
        plan=made,
        spots=plain.spots,
        lines=plain.lines,
        rings=plain.rings | rings,
        words=words | _words(made.sheet, new),
    )


def _framed(pieces: Pieces, sentence: str) -> Markup:
    left, top, width, height = _view([*pieces.spots, *_ends(pieces.words)])
    kind = "netmap few" if pieces.plan.sheet.diagram.scale == 1 else "netmap"
    opening = Markup(
        '<svg class="{}" viewBox="{:g} {:g} {:g} {:g}" role="img" aria-label="{}">'
    ).format(kind, left, top, width, height, sentence)
    inside = (pieces.lines, *pieces.rings.values(), *pieces.words.values())
    return Markup("").join((opening, *inside, Markup("</svg>")))


def _view(spots: list[Spot]) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = _corners(spots) or [(0.0, 0.0), (300.0, 200.0)]
    left, top, right, bottom = left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


def _corners(spots: Iterable[Spot]) -> list[Spot]:
    """Two, or none of nothing."""
    found = list(spots)
    if not found:
        return []
    across, down = [x for x, _ in found], [y for _, y in found]
    return [(min(across), min(down)), (max(across), max(down))]


def _spots(sheet: Sheet) -> Iterator[Spot]:
    yield from (sheet.spot(cell) for line in sheet.diagram.lines for cell in line.path)
    yield from map(sheet.spot, sheet.diagram.cells.values())


def _ends(labels: Iterable[Label]) -> Iterator[Spot]:
    for label in labels:
        yield label.box.left, label.box.top
        yield label.box.right, label.box.bottom


def _lines(sheet: Sheet) -> Iterator[Markup]:
    """Dotted ends first: whatever else is there lies over them."""
    for line in sorted(sheet.diagram.lines, key=lambda line: not line.is_open):
        yield Markup('<path class="trk {}" d="{}"/>').format(_line_class(line), _path(sheet, line))


def _line_class(line: Line) -> str:
    return "open" if line.is_open else f"k{line.colour}"


def _path(sheet: Sheet, line: Line) -> str:
    return rounded([sheet.spot(cell) for cell in line.path], sheet.unit * 0.45)


def _ring(sheet: Sheet, key: str) -> Markup:
    x, y = sheet.spot(sheet.diagram.cells[key])
    return Markup('<circle class="{}" cx="{:g}" cy="{:g}" r="{:g}"/>').format(
        sheet.ring_kind(key), x, y, sheet.ring(key)
    )


def _words(sheet: Sheet, labels: Iterable[Label]) -> dict[Label, Markup]:
    stops = {stop.key: stop for stop in sheet.stops}
    return {label: _word(sheet, stops[label.key], label) for label in labels}


def _word(sheet: Sheet, stop: Stop, label: Label) -> Markup:
    kind = sheet.kind(stop.key)
    style = Markup("") if kind == "stop" else Markup(' class="t-{}"').format(kind)
    lang = Markup(' lang="{}"').format(stop.lang) if stop.lang else Markup("")
    return Markup('<text x="{:g}" y="{:g}" text-anchor="{}"{}{}>{}</text>').format(
        round(label.spot[0], 1), round(label.spot[1], 1), label.anchor, style, lang,
        escape(stop.label),
    )  # fmt: skip
