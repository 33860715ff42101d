"""Whatever is typed becomes a query; nothing typed is an error or an operator."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forum.choosing import chosen
from app.forum.reach import reach_of
from app.search.backends import postgresql, sqlite
from app.search.facts import PREFIX, months
from app.search.parsing import Query, Term, fold, parse
from app.search.ranking import hits_of

NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"*-()^:+{}[],.NEARANDORNOT '\x00ßé&|!<>\\"), st.characters(codec="utf-8")
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("shelter winter", [Term(("shelter",)), Term(("winter",))]),
        ('"shelter  in winter"', [Term(("shelter", "in", "winter"))]),
        ("shelter -winter", [Term(("shelter",)), Term(("winter",), is_excluded=True)]),
        ("shel*", [Term(("shel",), is_prefix=True)]),
        ("s*", [Term(("s",))]),
        ('"open phrase', [Term(("open",)), Term(("phrase",))]),
        ("NEAR( a:b AND", [Term(("NEAR",)), Term(("a",)), Term(("b",)), Term(("AND",))]),
        ("COVID-19", [Term(("COVID", "19"))]),
        ("l'aigua", [Term(("l", "aigua"))]),
        ("\x00 * - \"\" ''", []),
        ("", []),
    ],
)
def test_words_phrases_exclusions_and_beginnings_are_read(typed: str, terms: list[Term]) -> None:
    assert parse(typed) == Query(tuple(terms))


def test_sixteen_pieces_are_enough() -> None:
    assert len(parse("word " * 50).terms) == 16


def test_a_very_long_word_is_cut() -> None:
    assert parse("x" * 10_000).terms == (Term(("x" * 60,)),)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Nürnberg", "nurnberg"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
    ],
)
def test_folding_takes_marks_and_capitals_away(word: str, folded: str) -> None:
    assert fold(word) == folded


@settings(
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=NASTY)
def test_no_text_breaks_the_database(app: Flask, typed: str) -> None:
    query = parse(typed)

    if query.wanted:
        assert hits_of(reach_of(None), query, chosen(None, {}, []), 3) == ([], False)


def test_only_exclusions_ask_for_nothing() -> None:
    query = parse("-winter")

    assert (sqlite.expression(query), postgresql.expression(query)) == (None, None)


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        ((2026, 11), (2026, 12), ["m202611", "m202612"]),
        ((2025, 12), (2027, 1), ["m202512", "y2026", "m202701"]),
        ((1999, 12), (2021, 2), ["m199912", "y200*", "y201*", "y2020", "m202101", "m202102"]),
        ((1900, 1), (2009, 12), ["y19*", "y200*"]),
        ((2026, 2), (2026, 1), ["nothing"]),
    ],
)
def test_a_range_of_months_is_few_words(
    begin: tuple[int, int], end: tuple[int, int], words: list[str]
) -> None:
    found = months(datetime(*begin, 1, tzinfo=UTC), datetime(*end, 28, tzinfo=UTC))

    assert found == [PREFIX + word for word in words]
