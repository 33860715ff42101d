"""Prometheus' text format (0.0.4): families of samples with their labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Labels = Mapping[str, str]


@dataclass
class Family:
    """One name. `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    words: str
    samples: list[str] = field(default_factory=list)

    def add(self, value: float, ending: str = "", **labels: str) -> None:
        self.samples.append(f"{self.name}{ending}{_labels(labels)} {number(value)}")

    def add_histogram(
        self, bounds: Sequence[float], counts: Iterable[float], total: float, **labels: str
    ) -> None:
        """`counts` of the stretches up to each bound, then of what is more. They add up."""
        seen = 0.0
        for bound, count in zip([*bounds, math.inf], counts, strict=True):
            seen += count
            self.add(seen, "_bucket", **labels, le=number(bound))
        self.add(total, "_sum", **labels)
        self.add(seen, "_count", **labels)

    def lines(self) -> list[str]:
        head = [f"# HELP {self.name} {self.words}", f"# TYPE {self.name} {self.kind}"]
        return [*head, *self.samples]


def text_of(families: Iterable[Family]) -> str:
    return "".join(f"{line}\n" for family in families for line in family.lines())


def number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value == int(value) else repr(float(value))


def _labels(labels: Labels) -> str:
    written = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{written}}}" if written else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
