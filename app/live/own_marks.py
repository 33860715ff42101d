"""What is one reader's own on a part that is kept for all readers of a kind.

A part of the live hour is rendered once for everybody and asked by five hundred people every ten
seconds. Where it says something of one reader (this is my vote), the template writes both
readings, and the reader's own is chosen by cheap string work: no template, no statement.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from app.core.fragments import token_place

OR, END = "\x1f", "\x1e"  # no text of a person holds them: forms take them out
MARK = Markup(f"{{place}}-own:{{name}}{OR}{{yes}}{OR}{{no}}{END}")  # noqa: S704 - escapes the rest


class Own(Protocol):
    """Given to templates as `own`, whether their part is kept or made for one reader."""

    @property
    def token(self) -> str:
        """Of the personal link the reader came by; empty for whoever came by account."""
        ...

    def either(self, name: str, yes: str, no: str = "") -> str:
        """`yes` if `name` is among what is the reader's own ("question-7"), else `no`."""
        ...


@dataclass(frozen=True)
class Known:
    """For a page that is made for one reader."""

    names: Container[str] = frozenset()
    token: str = ""

    def either(self, name: str, yes: str, no: str = "") -> str:
        return yes if name in self.names else no


@dataclass(frozen=True)
class Later:
    """For a part that is kept: both readings stay in it until `chosen`."""

    by_token: bool = False

    @property
    def token(self) -> str:
        return Markup(_token_mark()) if self.by_token else ""  # noqa: S704 - our own mark

    def either(self, name: str, yes: str, no: str = "") -> str:
        return MARK.format(place=token_place(), name=name, yes=yes, no=no)


def has_marks(text: str) -> bool:
    """Whether anything in this kept part is to be chosen."""
    return OR in text


def names_in(text: str) -> set[str]:
    """What is asked of the reader: "question-7"."""
    return {mark[1] for mark in _marks(token_place()).finditer(text)}


def chosen(text: str, own: Known) -> str:
    """A kept part as its reader sees it. Tokens of forms are laid in afterwards."""
    pattern = _marks(token_place())
    text = pattern.sub(lambda mark: mark[2] if mark[1] in own.names else mark[3], text)
    return text.replace(_token_mark(), str(escape(own.token)))


def _token_mark() -> str:
    return f"{token_place()}-link"


@lru_cache(maxsize=4)
def _marks(place: str) -> re.Pattern[str]:
    name, reading = rf"([^{OR}]*)", rf"([^{OR}{END}]*)"
    return re.compile(rf"{place}-own:{name}{OR}{reading}{OR}{reading}{END}")
