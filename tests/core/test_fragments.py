"""What is kept in memory: how much of it."""

from __future__ import annotations

import pytest

from app.core.fragments import COSTS, END, Fragments, thin, weight

pytestmark = pytest.mark.any_engine


def test_those_not_asked_for_longest_make_room() -> None:
    text = "x" * 10_000
    kept = Fragments(most=3 * weight(text))
    for name in ("a", "b", "c"):
        kept.put((name,), text)
    kept.get(("a",))
    kept.put(("d",), text)

    assert {*kept.get_many([("a",), ("b",), ("c",), ("d",)])} == {("a",), ("c",), ("d",)}
    assert kept.size == 3 * weight(text)


def test_text_with_an_emoji_counts_for_what_it_takes() -> None:
    plain, coloured = "x" * 10_000, "x" * 9_999 + "🌍"

    assert 10_000 < weight(plain) - COSTS < 10_100
    assert 40_000 < weight(coloured) - COSTS < 40_200


def test_text_that_takes_the_place_of_another_counts_once() -> None:
    kept = Fragments()
    kept.put(("a",), "x" * 10_000)
    kept.put(("a",), "short")
    assert (len(kept), kept.size) == (1, weight("short"))

    kept.clear()
    assert (len(kept), kept.size, kept.get(("a",))) == (0, 0, None)


def test_text_larger_than_everything_is_not_kept() -> None:
    kept = Fragments(most=1000)
    kept.put(("a",), "x" * 10_000)

    assert (len(kept), kept.size) == (0, 0)


def test_blanks_between_tags_go_but_not_where_they_are_shown() -> None:
    shown = "<pre>a\n  <b>b</b>\n   <i>c</i></pre>"
    typed = "<textarea>\n  </textarea>"

    assert thin(f"<p>\n{END}\n</p>\n {END}") == f"<p>\n{END}\n</p>\n {END}"
    made = thin(
        f"<ul>\n    <li>one\n  two</li>\n\n  <li><b>x</b> <i>y</i></li>{shown}\n  {typed}</ul>"
    )

    assert made == f"<ul>\n<li>one\n  two</li>\n<li><b>x</b> <i>y</i></li>{shown}\n{typed}</ul>"
