"""Rows of threads found by their numbers, until something in the forum changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from app.core.fragments import Key
from app.forum.reach import Reach
from app.forum.row_texts import key_of_rows, texts_of
from app.forum.rows import lines_of


def row_keys(reach: Reach, ids: Sequence[int]) -> list[Key]:
    """Whoever has the same key reaches the same: a row is never found by others."""
    made_from = key_of_rows(reach)
    return [(made_from, one) for one in ids]


def rows_made(reach: Reach, keys: Sequence[Key]) -> dict[Key, str]:
    """Threads that went away since they were listed have no row."""
    lines = lines_of(reach, [cast(int, key[-1]) for key in keys])
    texts = dict(zip([line.id for line in lines], texts_of(reach, lines), strict=True))
    return {key: texts.get(cast(int, key[-1]), "") for key in keys}
