"""Kept texts that a page is put together from, found all in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from app.core.fragments import Key, many_fragments


@dataclass(frozen=True)
class Wanted:
    """Some texts by their keys. `make` is asked for those that nobody made before."""

    keys: Sequence[Key]
    make: Callable[[Sequence[Key]], dict[Key, str]]


def piece(key: Key, make: Callable[[], str]) -> Wanted:
    """A text of its own."""
    return Wanted((key,), lambda _: {key: make()})


def joined(wanted: Mapping[str, Wanted]) -> dict[str, str]:
    """The texts of each name, one behind the other."""
    keys = list(dict.fromkeys(chain.from_iterable(one.keys for one in wanted.values())))
    found = dict(zip(keys, many_fragments(keys, partial(_made, wanted)), strict=True))
    return {name: "".join([found[key] for key in one.keys]) for name, one in wanted.items()}


def _made(wanted: Mapping[str, Wanted], keys: Sequence[Key]) -> dict[Key, str]:
    made: dict[Key, str] = {}
    missing = set(keys)
    for one in wanted.values():
        own = [key for key in one.keys if key in missing and key not in made]
        made |= one.make(own) if own else {}
    return made
