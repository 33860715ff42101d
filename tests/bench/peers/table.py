"""The figures of one run as a table of words, and as Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measuring import Figures

WHO = ("anonymous", "signed in")
Measured = dict[str, dict[str, Figures | str]]  # page, forum


def rows(measured: Measured, forums: list[str]) -> Iterator[list[str]]:
    """A head and a row for each page; a cell of words is the reason why there is no figure."""
    yield ["page", *forums]
    for page, cells in measured.items():
        yield [page, *(cell(cells.get(forum, "not measured")) for forum in forums)]


def cell(figures: Figures | str) -> str:
    """Requests a second (p50 / p95 in ms) [CPU ms] KB."""
    if isinstance(figures, str):
        return figures
    times = f"{brief(figures.p50)}/{brief(figures.p95)}"
    size = brief(figures.bytes / 1024)
    return f"{brief(figures.per_second)} ({times}) [{brief(figures.cpu)}] {size}"


def brief(number: float) -> str:
    """Three figures are enough to compare."""
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 1 else f"{number:.2f}"
    )


def ratios(measured: Measured, forums: list[str]) -> Iterator[list[str]]:
    """CPU time of each other forum, as a multiple of the first one's."""
    yield ["CPU beside " + forums[0], *forums[1:]]
    for page, cells in measured.items():
        ours = cells.get(forums[0])
        if isinstance(ours, Figures) and ours.cpu:
            others = (cells.get(forum) for forum in forums[1:])
            shown = (
                f"{brief(o.cpu / ours.cpu)} ×" if isinstance(o, Figures) else "" for o in others
            )
            yield [page, *shown]


def plain(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown(lines: list[list[str]]) -> str:
    head, *rest = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([head, "|---" * len(lines[0]) + "|", *rest])
