"""What the mail after a webinar says besides: later domains know it, and tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.webinars.models import Registration


@dataclass(frozen=True)
class MailLine:
    """A sentence with the address it leads to, and what stands below it."""

    words: str
    address: str
    details: tuple[str, ...] = ()


Teller = Callable[[Registration], Iterable[MailLine]]
_tellers: list[Teller] = []


def register_tellers(tellers: Sequence[Teller]) -> None:
    """Each says what this person finds afterwards, in the running language."""
    _tellers[:] = tellers


def lines_for(registration: Registration) -> list[MailLine]:
    return [line for tell in _tellers for line in tell(registration)]
