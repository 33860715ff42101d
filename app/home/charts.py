"""Small bar charts as SVG; the colours come from the stylesheet, the words stand beside them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, GAP = 240.0, 60.0, 0.25

OPEN = Markup(
    '<svg class="chart" viewBox="0 0 240 60" preserveAspectRatio="none" role="img" '
    'aria-label="{sentence}">'
)
BAR = Markup('<rect class="chart__bar" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"/>')
CLOSE = Markup("</svg>")


def bars(values: Sequence[float], sentence: str) -> Markup:
    """One bar a value, the highest as high as the picture. What is not zero can be seen."""
    top = max(values, default=0.0)
    step = WIDTH / max(len(values), 1)
    drawn = [
        _bar(place * step, step, max(value / top * HEIGHT, 1.0))
        for place, value in enumerate(values)
        if value > 0
    ]
    return Markup("").join([OPEN.format(sentence=sentence), *drawn, CLOSE])


def _bar(x: float, step: float, height: float) -> Markup:
    return BAR.format(x=x + step * GAP / 2, y=HEIGHT - height, w=step * (1 - GAP), h=height)
