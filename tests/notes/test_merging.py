"""Two edits of one text are joined; nothing written is lost."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notes.merging import Clean, Conflict, Piece, join, merge, paragraphs
from app.notes.writing import compare

pytestmark = pytest.mark.any_engine

texts = st.lists(st.sampled_from(["a", "b", "c", "d", "- e\n- f", "```\ng\n\nh\n```"]), max_size=6)
bodies = st.tuples(texts, st.sampled_from(["\n\n", "\n \n\n"])).map(lambda t: t[1].join(t[0]))
any_text = st.text(alphabet="ab \n`~-#", max_size=60)


def all_text(result: Clean | Conflict) -> str:
    if isinstance(result, Clean):
        return result.text
    return join([text for p in result.pieces for text in (p.mine, p.theirs)])


@given(bodies, bodies)
def test_who_changed_nothing_gets_the_other_text(base: str, other: str) -> None:
    assert merge(base, base, other) == Clean(other)
    assert merge(base, other, base) == Clean(other)


@given(bodies, bodies)
def test_the_same_edit_twice_is_one(base: str, edit: str) -> None:
    assert merge(base, edit, edit) == Clean(edit)


@given(bodies, bodies, bodies)
def test_every_new_paragraph_of_both_sides_is_kept(base: str, mine: str, theirs: str) -> None:
    kept = all_text(merge(base, mine, theirs))

    new = {*paragraphs(mine), *paragraphs(theirs)} - set(paragraphs(base))
    assert [text for text in new if text not in kept] == []


@given(bodies, bodies, bodies)
def test_sides_can_be_read_back_from_a_conflict(base: str, mine: str, theirs: str) -> None:
    result = merge(base, mine, theirs)

    if isinstance(result, Conflict):
        clashes = [piece for piece in result.pieces if piece.agreed is None]
        assert all(piece.mine != piece.theirs for piece in clashes)
        assert len(clashes) > 0


@given(any_text)
def test_splitting_loses_blank_lines_only(text: str) -> None:
    def without_blank_lines(value: str) -> list[str]:
        return [line for line in value.split("\n") if line.strip()]

    assert without_blank_lines(join(paragraphs(text))) == without_blank_lines(text)
    assert paragraphs(join(paragraphs(text))) == paragraphs(text)


def test_edits_of_different_paragraphs_are_joined() -> None:
    assert merge("a\n\nb\n\nc", "A\n\nb\n\nc", "a\n\nb\n\nC") == Clean("A\n\nb\n\nC")


def test_edits_of_neighbouring_paragraphs_are_joined() -> None:
    assert merge("a\n\nb", "A\n\nb", "a\n\nB") == Clean("A\n\nB")


def test_a_paragraph_that_moved_up_does_not_stand_for_the_one_before() -> None:
    """Theirs took "c" out, mine took "b" out: together neither may come back by its place."""
    result = merge("a\n\nb\n\nc", "a\n\nc\n\nd", "a\n\nb\n\nd")

    agreed, clash = Piece("a", "a", "a", "a"), Piece("b\n\nc", "c\n\nd", "b\n\nd", None)
    assert result == Conflict((agreed, clash))


def test_two_edits_of_one_paragraph_clash() -> None:
    result = merge("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb theirs\n\nc")

    assert result == Conflict(
        (
            Piece("a", "a", "a", "a"),
            Piece("b", "b mine", "b theirs", None),
            Piece("c", "c", "c", "c"),
        )
    )


def test_two_first_texts_clash() -> None:
    assert merge("", "mine", "theirs") == Conflict((Piece("", "mine", "theirs", None),))


def test_blank_lines_inside_code_stay() -> None:
    code = "```\none\n\n\n\ntwo\n```"

    assert merge("a\n\n" + code, "A\n\n" + code, f"a\n\n{code}\n\nb") == Clean(f"A\n\n{code}\n\nb")


def lettered(count: int, letters: str) -> str:
    """A long text of very short paragraphs, few of which are like no other."""
    return "\n\n".join(letters[n % len(letters)] + str(n % 97) for n in range(count))


HARD = {
    "a real note": "\n\n".join(f"Paragraph {n}. " + "word " * 25 for n in range(750)),
    "short paragraphs": lettered(20_000, "abc"),
    "one paragraph again and again": "\n\n".join(["a"] * 33_000),
    "each like one other": "\n\n".join(f"{n}\n\n{n - 1}" for n in range(9_000)),
}


@pytest.mark.parametrize("name", HARD)
def test_a_long_text_is_joined_in_no_time(name: str) -> None:
    base = paragraphs(HARD[name])
    mine, theirs, both = base[:], base[:], base[:]
    for n in range(10, len(base) - 10, len(base) // 50):
        mine[n] = both[n] = f"mine {n}"
        theirs[n + 4] = both[n + 4] = f"theirs {n}"
    before = time.process_time()

    result = merge(HARD[name], join(mine), join(theirs))

    assert result == Clean(join(both))
    assert time.process_time() - before < (0.5 if name == "a real note" else 2)
    assert 90_000 < len(result.text) < 130_000


@pytest.mark.parametrize("name", HARD)
def test_two_long_texts_that_share_little_clash_in_no_time(name: str) -> None:
    base = paragraphs(HARD[name])
    mine, theirs = join(base[::-1]), join([text + "!" for text in base[::3]])
    before = time.process_time()

    merge(HARD[name], mine, theirs)

    assert time.process_time() - before < (0.5 if name == "a real note" else 2)


rows = st.lists(st.integers(0, 30), max_size=12, unique=True).map(sorted)
"""Paragraphs that are like no other and keep their order: what becomes of each is certain."""


def said(numbers: list[int]) -> str:
    return join([f"n{number}" for number in numbers])


@given(rows, rows, rows)
def test_a_joined_text_has_what_each_side_wrote_and_not_what_one_took_out(
    base: list[int], mine: list[int], theirs: list[int]
) -> None:
    result = merge(said(base), said(mine), said(theirs))

    if isinstance(result, Clean):
        stayed = set(base) & set(mine) & set(theirs)
        new = set(mine) | set(theirs)
        assert paragraphs(result.text) == paragraphs(said(sorted(stayed | new - set(base))))
    else:
        assert mine != base != theirs != mine


@given(bodies, bodies, bodies)
def test_sides_may_be_swapped(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)

    if isinstance(one, Clean):
        assert isinstance(other, Clean)
        assert paragraphs(one.text) == paragraphs(other.text)
    else:
        assert isinstance(other, Conflict)
        swapped = tuple(Piece(p.base, p.theirs, p.mine, p.agreed) for p in other.pieces)
        assert one.pieces == swapped


@given(bodies, bodies, bodies)
def test_what_nobody_touched_stays_once_for_each_time(base: str, mine: str, theirs: str) -> None:
    result = merge(base, mine, theirs)

    if isinstance(result, Clean):
        was, one, other = (Counter(paragraphs(text)) for text in (base, mine, theirs))
        untouched = was - (was - one) - (was - other)
        assert untouched - Counter(paragraphs(result.text)) == Counter()


@given(bodies, bodies)
def test_a_comparison_tells_both_texts(earlier: str, later: str) -> None:
    changes = compare(earlier, later)

    assert [c.text for c in changes if c.mark != "added"] == paragraphs(earlier)
    assert [c.text for c in changes if c.mark != "removed"] == paragraphs(later)
