"""Whatever is typed becomes a query; nothing typed is an error or an operator."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forum.choosing import chosen
from app.forum.reach import reach_of
from app.search.backends import postgresql, sqlite
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
