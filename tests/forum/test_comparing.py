"""What people see of a change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forum.comparing import Change, Piece, compare

pytestmark = pytest.mark.any_engine


def test_words_inside_a_line() -> None:
    assert compare("We kept one counter.\nFine.", "We kept two counters.\nFine.") == [
        Piece(Change.KEPT, "We kept "),
        Piece(Change.REMOVED, "one"),
        Piece(Change.ADDED, "two"),
        Piece(Change.KEPT, " "),
        Piece(Change.REMOVED, "counter."),
        Piece(Change.ADDED, "counters."),
        Piece(Change.KEPT, "\nFine."),
    ]


def test_very_long_texts_are_shown_whole() -> None:
    before, after = "a\n" * 3000, "b\n" * 3000

    assert compare(before, after) == [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]


def test_very_long_lines_are_shown_whole() -> None:
    before, after = "a " * 3000, "b " * 3000

    assert compare(before, after) == [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == before
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == after
