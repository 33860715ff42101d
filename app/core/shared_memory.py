"""What the processes of an installation share besides the database: a memory that may die.

Nothing in it is needed. It makes pages faster, limits exact over all processes and workers quick
to wake; without it each process goes on alone.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, cast

from flask import Flask, current_app
from werkzeug.utils import import_string

from app.core.fragments import EXTENSION as FRAGMENTS
from app.core.fragments import Key
from app.core.release import release
from config import Settings

EXTENSION = "shared_memory"
PLAIN, PACKED, WORTH_PACKING = b"-", b"z", 1000
CLIENT = "app.core.valkey:Valkey"  # by name: who needs no client has none installed


class Unreachable(Exception):
    """Raised only to somebody who asked by hand."""


@dataclass(frozen=True)
class Window:
    """One allowance and where its running stretch of time stands. All in whole seconds."""

    name: str
    most: int
    seconds: int
    number: int  # of the running stretch
    elapsed: int


@dataclass(frozen=True)
class Counted:
    """What was counted before: (in this stretch, in the one before) for each window."""

    allowed: bool
    seen: list[tuple[int, int]]


@dataclass(frozen=True)
class State:
    """For whoever watches. `answers` None: there is none, and none is missed."""

    answers: bool | None
    hits: int = 0
    misses: int = 0
    errors: int = 0
    skipped: int = 0  # not asked, because it had just failed


class SharedMemory(Protocol):
    """No method raises because the memory is away: what it would have said is missing."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]: ...

    def set_many(self, values: Mapping[str, bytes]) -> None: ...

    def count(self, windows: Sequence[Window]) -> Counted | None:
        """One more in each window, or in none when one is full. None: not known."""

    def publish(self, channel: str) -> None: ...

    def listening(self, channel: str, hear: Callable[[], object]) -> AbstractContextManager[None]:
        """Inside the block `hear` is called for what any process publishes."""

    def state(self, ask: bool = False) -> State: ...

    def clear(self) -> int:
        """Forget all that belongs to this installation; return how many things that were.

        Raise Unreachable.
        """


class Nothing:
    """Each process for itself."""

    def get_many(self, _keys: Sequence[str]) -> dict[str, bytes]:
        return {}

    def set_many(self, _values: Mapping[str, bytes]) -> None:
        return None

    def count(self, _windows: Sequence[Window]) -> Counted | None:
        return None

    def publish(self, _channel: str) -> None:
        return None

    def listening(self, _channel: str, _hear: Callable[[], object]) -> AbstractContextManager[None]:
        return nullcontext()

    def state(self, ask: bool = False) -> State:
        return State(answers=None)

    def clear(self) -> int:
        return 0


def init_shared_memory(app: Flask, settings: Settings) -> None:
    """After `init_fragments`: what one process made is there for the others."""
    app.extensions[EXTENSION] = memory = _open(settings)
    if settings.redis_url is not None:
        app.extensions[FRAGMENTS].behind = SharedFragments(memory, release())


def _open(settings: Settings) -> SharedMemory:
    if settings.redis_url is None:
        return Nothing()
    client = import_string(CLIENT)
    return cast(SharedMemory, client(settings.redis_url, prefix_of(settings)))


def shared_memory() -> SharedMemory:
    return cast(SharedMemory, current_app.extensions[EXTENSION])


def prefix_of(settings: Settings) -> str:
    """Several installations may share one server: a copy for tries has another address."""
    own = f"{settings.secret_key} {settings.base_url}".encode()
    return f"interurban:{hashlib.blake2b(own, digest_size=8).hexdigest()}:"


class SharedFragments:
    """Rendered text behind the memory of each process, see `app.core.fragments`."""

    def __init__(self, memory: SharedMemory, made_by: str) -> None:
        self.memory, self.made_by = memory, made_by

    def get_many(self, keys: Sequence[Key]) -> dict[Key, str]:
        names = {key: self._name(key) for key in keys}
        found = self.memory.get_many(list(names.values()))
        return {key: unpacked(found[name]) for key, name in names.items() if name in found}

    def put_many(self, texts: dict[Key, str]) -> None:
        self.memory.set_many({self._name(key): packed(text) for key, text in texts.items()})

    def _name(self, key: Key) -> str:
        """An old release beside a new one makes other pages under the same key."""
        digest = hashlib.blake2b(repr(key).encode(), digest_size=16)
        return f"text:{self.made_by}:{digest.hexdigest()}"


def packed(text: str) -> bytes:
    raw = text.encode()
    return PLAIN + raw if len(raw) < WORTH_PACKING else PACKED + zlib.compress(raw, 1)


def unpacked(value: bytes) -> str:
    kind, raw = value[:1], value[1:]
    return (zlib.decompress(raw) if kind == PACKED else raw).decode()
