"""Asking one address many times over a few kept connections."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from dataclasses import dataclass
from itertools import count

from tests.bench.server import Server

CONNECTIONS = 8


@dataclass(frozen=True)
class Figures:
    """What one address cost. Times are milliseconds."""

    per_second: float
    p50: float
    p95: float
    cpu: float
    bytes: int


def measure(server: Server, path: str, requests: int, cookie: str = "") -> Figures:
    """Ask `requests` times after a warm-up. Any answer but 200 ends the run."""
    _ask(server, path, CONNECTIONS * 4, cookie)
    cpu, begun = server.cpu_seconds(), time.perf_counter()
    times, size = _ask(server, path, requests, cookie)
    seconds = time.perf_counter() - begun
    return Figures(
        per_second=round(requests / seconds, 1),
        p50=round(statistics.median(times) * 1000, 1),
        p95=round(statistics.quantiles(times, n=20)[-1] * 1000, 1),
        cpu=round((server.cpu_seconds() - cpu) / requests * 1000, 2),
        bytes=size,
    )


def _ask(server: Server, path: str, requests: int, cookie: str) -> tuple[list[float], int]:
    numbers, times, sizes, wrong = count(), [], [0], []

    def ask_in_turn() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            while next(numbers) < requests:
                begun = time.perf_counter()
                connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
                answer = connection.getresponse()
                sizes[0] = len(answer.read())
                times.append(time.perf_counter() - begun)
                if answer.status != 200:
                    raise ValueError(f"{path} answered {answer.status}")
        except (ValueError, OSError, http.client.HTTPException) as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask_in_turn) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"bench: {wrong[0]}")
    return times, sizes[0]
