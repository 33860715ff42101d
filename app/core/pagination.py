"""Pages of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import Select, func, select

from app.core.db import db


@dataclass(frozen=True)
class Page:
    """One page of rows. `number` counts from 1; `count` pages in all, at least 1."""

    rows: Sequence[Any]
    number: int
    count: int

    @property
    def has_next(self) -> bool:
        return self.number < self.count

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_number(read: str | None) -> int:
    """A page number from an address; anything odd is page 1."""
    return (
        int(read) if read and read.isascii() and read.isdecimal() and 0 < int(read) < 10**6 else 1
    )


def page_steps(page: Page) -> list[int | None]:
    """The numbers to offer: first, last and those around this one; None where some are left out."""
    near = {1, page.count, *range(page.number - 2, page.number + 3)}
    numbers = sorted(number for number in near if 1 <= number <= page.count)
    steps: list[int | None] = []
    for number in numbers:
        if steps and number - (steps[-1] or 0) > 1:
            steps.append(None)
        steps.append(number)
    return steps


def page_of(listed: Select[Any], number: int, size: int) -> Page:
    """One page of a list, in two statements. A page behind the last one is the last one."""
    whole = db.session.scalar(select(func.count()).select_from(listed.order_by(None).subquery()))
    count = max(1, ceil((whole or 0) / size))
    number = min(number, count)
    rows = db.session.scalars(listed.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, count)
