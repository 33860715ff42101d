"""What one address costs: requests a second, waiting times, CPU time of all that works for it."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass

from tests.bench.client import CONNECTIONS, LONGEST_WAIT, Answers, Asking, WrongAnswer, ask_for
from tests.bench.server import cpu_seconds, descendants

SECONDS = float(os.environ.get("PAGE_SECONDS") or 3)

LONGEST_WARM_UP = 60.0


@dataclass(frozen=True)
class Figures:
    """Times are milliseconds, `cpu` a request's of web processes and database server together.

    `client`: the share of one core that the client took, in percent; above about 70 the client
    holds the figures down. `renewed`: connections that the server did not keep.
    """

    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float
    bytes: int
    requests: int
    client: float = 0.0
    renewed: int = 0


@dataclass(frozen=True)
class Target:
    """A port to ask, and the processes that answer: web, and of the database server."""

    port: int
    pids: tuple[int, ...]
    database_pid: int | None = None

    def cpu(self) -> float:
        web = {pid for one in self.pids for pid in (one, *descendants(one))}
        first = self.database_pid
        rows = [first, *descendants(first)] if first else []
        return cpu_seconds([*web, *rows])


def measure(
    target: Target,
    asking: Asking,
    *,
    status: str = "200",
    seconds: float = SECONDS,
    connections: int = CONNECTIONS,
    most: int = 10**9,
    warm_up: int = 64,
    patience: float = LONGEST_WAIT,
) -> Figures:
    """Ask for some seconds after a warm-up. Raise WrongAnswer at another status."""
    if warm_up:
        expected(ask_for(target.port, asking, LONGEST_WARM_UP, status=status, most=warm_up))
    before = target.cpu()
    answers = expected(
        ask_for(
            target.port,
            asking,
            seconds,
            status=status,
            connections=connections,
            most=most,
            patience=patience,
        )
    )
    return _figures(answers, target.cpu() - before)


def expected(answers: Answers) -> Answers:
    """The same. Raise WrongAnswer if one had another status."""
    if not answers.wrong:
        return answers
    counts = ", ".join(f"{count} x {status}" for status, count in sorted(answers.wrong.items()))
    raise WrongAnswer(f"{answers.last_wrong} ({counts}, {len(answers.times)} as expected)")


def _figures(answers: Answers, cpu: float) -> Figures:
    done = len(answers.times)
    cuts = _cuts(answers.times)
    return Figures(
        per_second=round(len(answers.times) / answers.seconds, 1),
        p50=round(cuts[49] * 1000, 2),
        p95=round(cuts[94] * 1000, 2),
        p99=round(cuts[98] * 1000, 2),
        cpu=round(cpu / max(done, 1) * 1000, 3),
        bytes=answers.size,
        requests=done,
        client=round(answers.own_cpu / answers.seconds * 100, 1),
        renewed=answers.renewed,
    )


def _cuts(times: list[float]) -> list[float]:
    if len(times) > 1:
        return statistics.quantiles(times, n=100)
    return (times or [0.0]) * 99
