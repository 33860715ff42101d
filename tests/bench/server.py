"""The servers of `make serve` and `make worker`, and what their processes cost."""

from __future__ import annotations

import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import ROOT
from tests.mail_server import free_port

APPLICATION = "wsgi:behind_proxy()"
TICKS = os.sysconf("SC_CLK_TCK")
LAST_COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*exec .*\Z", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Server:
    """`started_in`: seconds from the command to the first answer."""

    port: int
    pid: int
    started_in: float

    def pids(self) -> list[int]:
        return [self.pid, *descendants(self.pid)]


def command(target: str, environment: dict[str, str], *replaced: tuple[str, str]) -> str:
    """What `make TARGET` runs at its end; nothing of it is written down twice."""
    asked = ["make", "--no-print-directory", "--dry-run", target]
    printed = subprocess.run(
        asked, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    found = LAST_COMMAND.search(printed)
    if not found:
        raise SystemExit(f"bench: `make {target}` does not end with a command after exec")
    line = found[0].replace("\\\n", " ")
    for old, new in replaced:
        if old not in line:
            raise SystemExit(f"bench: the command of `make {target}` does not name {old}: {line}")
        line = line.replace(old, new)
    return line


@contextmanager
def serving(
    environment: dict[str, str], log: Path, application: str = APPLICATION
) -> Iterator[Server]:
    """The web processes on a free port, until the end of the block."""
    port = free_port()
    environment = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    replaced = [(APPLICATION, application)] if application != APPLICATION else []
    line = command("serve", environment, *replaced)
    with _running(line, environment, log) as process:
        began = time.perf_counter()
        _wait_for(port, process, log)
        yield Server(port, process.pid, time.perf_counter() - began)


@contextmanager
def working(environment: dict[str, str], log: Path) -> Iterator[int]:
    """The worker, until the end of the block: its process number."""
    with _running(command("worker", environment), environment, log) as process:
        yield process.pid


@contextmanager
def _running(
    line: str, environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as written:
        process = subprocess.Popen(
            ["/bin/sh", "-c", line], cwd=ROOT, env=environment, stdout=written, stderr=written
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise SystemExit(f"bench: the server did not start:\n{log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit("bench: the server did not answer within a minute")


def descendants(pid: int) -> list[int]:
    try:
        threads = [path.name for path in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    found = []
    for thread in threads:
        children = Path(f"/proc/{pid}/task/{thread}/children")
        found += [int(child) for child in children.read_text().split()] if children.exists() else []
    return found + [deeper for child in found for deeper in descendants(child)]


def cpu_seconds(pids: list[int]) -> float:
    """CPU time of these processes so far; one that ended counts nothing."""
    return sum(map(_cpu_seconds, pids))


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS  # its own, and of its children that ended


@dataclass(frozen=True)
class Memory:
    """Megabytes of several processes. PSS divides what some of them share between them: so much
    the machine has less. RSS, which many tools show, counts it for each of them again.
    """

    pss: float = 0.0
    rss: float = 0.0


def memory(pids: list[int]) -> Memory:
    told = [_rolled(pid) for pid in pids]
    return Memory(
        *(round(sum(one.get(name, 0) for one in told) / 1024, 1) for name in ("Pss", "Rss"))
    )


def _rolled(pid: int) -> dict[str, int]:
    """Kilobytes by name; nothing of a process that ended."""
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return {}
    return {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rolled, re.M)}
