"""Two edits of one text are joined; nothing written is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notes.merging import Clean, Conflict, Piece, join, merge, paragraphs

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
