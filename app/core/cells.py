"""Numbers of one process in a mapped file, so that any process of this machine can add them up.

A process holds a lock on its file for as long as it lives. A file whose lock is free belonged to a
process that ended, however it did: its totals are added to those of the past and the file goes.
"""

from __future__ import annotations

import fcntl
import json
import logging
import mmap
import os
import secrets
import socket
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Totals = dict[str, list[float]]
"""Sums by name, as wide as the layout says. Names are bounded: routes, jobs, counters of ours."""

Layout = Sequence[tuple[str, int]]
"""Names with their widths, in the order of the cells."""

FORMAT = 1
"""Raise it when the columns of a name change their meaning: old numbers are not added to new."""

SUFFIX = ".cells"
LEVEL = "level:"
"""Names that begin so say how things stand; they end with their process."""

log = logging.getLogger("interurban.measures")


@dataclass(frozen=True)
class Process:
    """A process of this machine that lives."""

    pid: int
    started_at: float
    version: str
    totals: Totals


def machine() -> str:
    return socket.gethostname()[:60] or "localhost"


def folder_of(data_dir: Path) -> Path:
    """Each machine has its own: machines may share DATA_DIR, but not each other's memory."""
    return data_dir / "measures" / f"{machine()}-{FORMAT}"


class Cells:
    """This process's numbers. Without a file (disk full, not ours) it counts for itself alone."""

    def __init__(self, folder: Path, layout: Layout, version: str) -> None:
        self.layout = layout
        self.pid = os.getpid()
        self.values: Any = array("d", bytes(8 * sum(width for _, width in layout)))
        try:
            self._map(folder, version)
        except OSError as error:
            log.warning("this process counts for itself alone: %s", error)

    def _map(self, folder: Path, version: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        head = _head(self.layout, self.pid, version)
        size = len(head) + 8 * len(self.values)
        name = f"{self.pid}-{secrets.token_hex(4)}"
        self.path = folder / f"{name}{SUFFIX}"
        new = folder / f"{name}.new"
        self._file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            _make_room(self._file, size)
            os.pwrite(self._file, head, 0)
            mapped = mmap.mmap(self._file, size)
            new.rename(self.path)
        except OSError:
            os.close(self._file)
            new.unlink(missing_ok=True)
            raise
        self.values = memoryview(mapped)[len(head) :].cast("d")

    def totals(self) -> Totals:
        return _by_name(self.layout, self.values)


def _make_room(file: int, size: int) -> None:
    """A full disk says so now, where it can be asked; later it would end us by a signal."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.ftruncate(file, size)


def _head(layout: Layout, pid: int, version: str) -> bytes:
    """Its own length, then what the cells mean; the cells behind it stand on a multiple of 8."""
    about = {"pid": pid, "started": time.time(), "version": version, "layout": list(layout)}
    text = json.dumps(about).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _by_name(layout: Layout, values: Sequence[float]) -> Totals:
    """Only what is not zero everywhere."""
    found, start = {}, 0
    for name, width in layout:
        if any(row := list(values[start : start + width])):
            found[name] = row
        start += width
    return found


def add(one: Totals, other: Totals) -> Totals:
    """Both together. Rows of another release may be wider: what both know is added."""
    found = dict(one)
    for name, row in other.items():
        mine = found.get(name)
        found[name] = [a + b for a, b in zip(mine, row, strict=False)] if mine else row
    return found


def subtract(now: Totals, before: Totals) -> Totals:
    """What came since. A total that shrank began anew: all of it is new."""
    found = {}
    for name, row in now.items():
        old = before.get(name, [])
        is_older = len(old) == len(row) and all(b <= a for a, b in zip(row, old, strict=True))
        fresh = [a - b for a, b in zip(row, old, strict=True)] if is_older else row
        if any(fresh):
            found[name] = fresh
    return found


def read_machine(folder: Path) -> tuple[Totals, list[Process]]:
    """All that was counted on this machine, and the processes that live."""
    if not folder.is_dir():
        return {}, []
    with held(folder / "lock"):
        living, ended = _sort(folder)
        past = _fold(folder, ended)
    total = past
    for process in living:
        total = add(total, process.totals)
    return total, living


@contextmanager
def held(path: Path, wait: bool = True) -> Iterator[bool]:
    """Hold a lock between processes. Without `wait` it says whether we got it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _sort(folder: Path) -> tuple[list[Process], dict[Path, Totals]]:
    living, ended = [], {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        process = _read(path)
        if _has_ended(path):
            process = _read(path)  # whatever it still counted between the two looks
            ended[path] = process.totals if process else {}
        elif process is not None:
            living.append(process)
    return living, ended


def _has_ended(path: Path) -> bool:
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _read(path: Path) -> Process | None:
    """None: not a file that we wrote whole."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    try:
        about = json.loads(content[8:start])
        values = memoryview(content)[start:].cast("d").tolist()
        totals = _by_name(about["layout"], values)
        return Process(about["pid"], about["started"], about["version"], totals)
    except (ValueError, KeyError, TypeError):
        return None


def _fold(folder: Path, ended: dict[Path, Totals]) -> Totals:
    """Add the ended to the past. Killed between the two steps, the next one adds none twice."""
    past = load_json(folder / "past.json")
    totals: Totals = past.get("totals", {})
    added = set(past.get("added", []))
    for path, more in ended.items():
        if path.name not in added:
            lasting = {name: row for name, row in more.items() if not name.startswith(LEVEL)}
            totals = add(totals, lasting)
    if ended:
        names = [path.name for path in ended]
        save_json(folder / "past.json", {"totals": totals, "added": names})
        for path in ended:
            path.unlink(missing_ok=True)
    return totals


def load_json(path: Path) -> dict[str, Any]:
    """What was saved, {} when there is nothing that can be read."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text())
        return found if isinstance(found, dict) else {}
    return {}


def save_json(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all."""
    new = path.with_suffix(".part")
    new.write_text(json.dumps(content))
    new.replace(path)
