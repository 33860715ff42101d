"""The excerpt shows where the words are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.parsing import parse
from app.search.snippets import (
    BEGIN,
    END,
    SIGNS,
    _at_once,
    _folded,
    _word_by_word,
    highlighted,
    marked,
    snippet,
    without_marks,
)

FAR = "word " * 200


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("A bed for everyone.", parse("bed")) == "A \x02bed\x03 for everyone."


def test_a_long_text_is_shown_around_its_words() -> None:
    shown = snippet(f"{FAR}shelter in winter {FAR}", parse("winter shelter"))

    assert "\x02shelter\x03 in \x02winter\x03" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < SIGNS + 20


def test_the_place_with_the_most_words_is_chosen() -> None:
    shown = snippet(f"winter {FAR} shelter in winter", parse("winter shelter"))

    assert "\x02shelter\x03 in \x02winter\x03" in shown


def test_without_a_found_word_the_beginning_is_shown() -> None:
    shown = snippet(f"First {FAR}", parse("absent"))

    assert shown.startswith("First word")
    assert shown.endswith(" …")


def test_one_endless_word_is_cut() -> None:
    assert len(snippet("x" * 5000, parse("y"))) <= SIGNS + 2


def test_a_beginning_marks_all_its_words() -> None:
    assert marked("Shelter sheltered shed", parse("shelt*")) == (
        "\x02Shelter\x03 \x02sheltered\x03 shed"
    )


def test_excluded_words_are_not_marked() -> None:
    assert marked("bed and bath", parse("bed -bath")) == "\x02bed\x03 and bath"


def test_text_is_escaped_before_marks_become_tags() -> None:
    assert highlighted("<i>\x02a&b\x03") == "&lt;i&gt;<mark>a&amp;b</mark>"


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=600), typed=st.text(max_size=20))
def test_marks_always_come_in_pairs_and_nothing_is_invented(text: str, typed: str) -> None:
    text = without_marks(text)
    shown = marked(text, parse(typed))

    assert shown.count(BEGIN) == shown.count(END)
    assert shown.replace(BEGIN, "").replace(END, "") == text
    assert highlighted(snippet(text, parse(typed))).count("<mark>") <= len(text)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text("aAbeEé Éßſİıﬁσς_-´\u0301²ͺ한Ⓐ", max_size=60),
    typed=st.text("aebé*ßs ", max_size=8),
)
def test_a_look_at_the_whole_text_finds_what_each_word_tells(text: str, typed: str) -> None:
    query = parse(typed)
    folded = _folded(text)

    if folded is not None:
        assert len(folded) == len(text)
        assert list(_at_once(folded, query)) == list(_word_by_word(text, query))


def test_letters_are_found_however_they_are_written() -> None:
    assert marked("Łódź, STRASSE", parse("lodz straße")) == "\x02Łódź\x03, \x02STRASSE\x03"
    assert marked("Die Straße", parse("strasse")) == "Die \x02Straße\x03"
    assert marked("subhousing housings housing", parse("housing")).index("\x02") == 20
