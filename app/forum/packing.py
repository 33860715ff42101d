"""A short list read inside of another statement: many rows travel as one text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select

ROW, CELL = "\x1e", "\x1f"  # neither is in a slug, nor as such in JSON


def packed(rows: Any) -> Any:
    """All rows of a Select as one value; `unpacked` reads it. NULL there is an empty text here."""
    table = rows.subquery()
    cells = [func.coalesce(cast(column, String), "") for column in table.c]
    line: ColumnElement[str] = cells[0]
    for cell in cells[1:]:
        line = line.concat(literal(CELL)).concat(cell)
    return select(func.aggregate_strings(line, ROW)).select_from(table).scalar_subquery()


def unpacked(value: str | None) -> list[list[str]]:
    """The rows as texts, in no order."""
    return [line.split(CELL) for line in value.split(ROW)] if value else []
