"""Rendered text that everybody with the same key may see, kept in memory.

A key names everything that the text was made from: ids, revisions, generations, language. What
changes has another key; so nothing is ever taken out because of its age, only to make room. The
files for the browser are in every key: texts name their addresses, for each icon.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from typing import ParamSpec, Protocol, TypeVar, cast

from flask import Flask, current_app, g

from app.core.static_files import static_version

EXTENSION, PLACE = "fragments", "token_place"
MOST_BYTES = 8 << 20  # of one process
END = "\x1e"  # between parts made in one go: no text has it (see `core.forms.tidy`)
BLANKS = re.compile(r"(<(pre|textarea)\b.*?</\2>)|(?<=>)[ \t]*\n[ \t\n]*(?=<)", re.DOTALL)
COSTS = 500  # bytes that a key and its place take

P = ParamSpec("P")
R = TypeVar("R")
Key = tuple[Hashable, ...]


class Layer(Protocol):
    """A memory that several processes share. It may forget everything at any moment."""

    def get_many(self, keys: Sequence[Key]) -> dict[Key, str]: ...

    def put_many(self, texts: dict[Key, str]) -> None: ...


class Fragments:
    """Those that were not asked for longest make room for new ones."""

    def __init__(self, most: int = MOST_BYTES, behind: Layer | None = None) -> None:
        self.behind = behind
        self.hits = self.misses = self.size = 0
        self._most = most
        self._lock = threading.Lock()
        self._texts: OrderedDict[Key, str] = OrderedDict()
        self._sizes: dict[Key, int] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, key: Key) -> str | None:
        return self.get_many([key]).get(key)

    def put(self, key: Key, text: str) -> None:
        self.put_many({key: text})

    def get_many(self, keys: Iterable[Key]) -> dict[Key, str]:
        """Those that are here, or in the memory behind."""
        wanted = list(keys)
        found = self._take(wanted)
        missing = [key for key in wanted if key not in found]
        if missing and self.behind is not None:
            there = self.behind.get_many(missing)
            self._lay(there)
            found |= there
        self.hits += len(found)
        self.misses += len(wanted) - len(found)
        return found

    def put_many(self, texts: dict[Key, str]) -> None:
        self._lay(texts)
        if self.behind is not None and texts:
            self.behind.put_many(texts)

    def clear(self) -> None:
        with self._lock:
            self._texts.clear()
            self._sizes.clear()
            self.size = 0

    def _take(self, keys: Sequence[Key]) -> dict[Key, str]:
        found = {}
        with self._lock:
            for key in keys:
                text = self._texts.get(key)
                if text is not None:
                    self._texts.move_to_end(key)
                    found[key] = text
        return found

    def _lay(self, texts: dict[Key, str]) -> None:
        with self._lock:
            for key, text in texts.items():
                self._count(key, weight(text))
                self._texts[key] = text
            while self.size > self._most:
                key, _ = self._texts.popitem(last=False)
                self.size -= self._sizes.pop(key)

    def _count(self, key: Key, size: int) -> None:
        self.size += size - self._sizes.get(key, 0)
        self._sizes[key] = size


def weight(text: str) -> int:
    """In memory: a text with one emoji takes four bytes for each of its characters."""
    return sys.getsizeof(text) + COSTS


def init_fragments(app: Flask) -> None:
    app.extensions[EXTENSION] = Fragments()
    key = str(app.config["SECRET_KEY"]).encode()
    app.extensions[PLACE] = blake2b(b"place of a token", key=key[:64], digest_size=18).hexdigest()


def token_place() -> str:
    """What stands in kept parts where a form's token comes. Nobody outside can know or write it."""
    return str(current_app.extensions[PLACE])


def fragments() -> Fragments:
    return cast(Fragments, current_app.extensions[EXTENSION])


class NotKept(LookupError):
    """A text that would have to be made, where none is made."""


def fragment(key: Key, make: Callable[[], str]) -> str:
    """The text of this key, made now if nobody made it before. Forms have `token_place()` in it."""
    return read_once(key, partial(_made, make))


def read_once(key: Key, read: Callable[[], str]) -> str:
    """The same for what prepared statements found: it is also read where no text is made."""
    key = (*key, static_version())
    text = fragments().get(key)
    if text is None:
        with for_everybody():
            text = read()
        fragments().put(key, text)
    return text


def many_fragments(keys: Sequence[Key], make: Callable[[list[Key]], dict[Key, str]]) -> list[str]:
    """The texts of these keys in their order; `make` is asked once, for those that are missing."""
    version = static_version()
    places = {key: (*key, version) for key in keys}
    found = fragments().get_many(places.values())
    if missing := [key for key, place in places.items() if place not in found]:
        with for_everybody():
            made = {places[key]: text for key, text in _made(make, missing).items()}
        fragments().put_many(made)
        found |= made
    return [found[places[key]] for key in keys]


def _made(make: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    if g.get("makes_no_text"):
        raise NotKept
    return make(*given, **named)


@contextmanager
def making_no_text() -> Iterator[None]:
    """Inside of it a text that is not kept raises NotKept: without a request none can be made."""
    g.makes_no_text = True
    try:
        yield
    finally:
        del g.makes_no_text


def kept_fragments(keys: Sequence[Key]) -> list[str] | None:
    """The texts of these keys in their order. None: one of them has yet to be made."""
    version = static_version()
    places = [(*key, version) for key in keys]
    found = fragments().get_many(places)
    return [found[place] for place in places] if len(found) == len(places) else None


def thin(html: str) -> str:
    """Without the blanks of templates between tags; where blanks are shown they stay."""
    return BLANKS.sub(lambda found: found[1] or "\n", html)


def path_place() -> str:
    """The same for the address of the page, where a form leads back to it."""
    return f"{token_place()}-path"


@contextmanager
def for_everybody() -> Iterator[None]:
    """Inside of it forms carry `token_place()` instead of somebody's token."""
    before, g.leaves_tokens_out = g.get("leaves_tokens_out", False), True
    try:
        yield
    finally:
        g.leaves_tokens_out = before


def leaves_tokens_out() -> bool:
    return bool(g.get("leaves_tokens_out", False))
