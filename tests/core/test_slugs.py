"""Addresses people can read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.core.slugs import slugify

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Housing for all", "housing-for-all"),
        ("  Wohnen & Straße: für alle! ", "wohnen-strasse-fur-alle"),
        ("Łódź, Ærø, Đakovo", "lodz-aero-dakovo"),
        ("Åland – Örebro", "aland-orebro"),
        ("--a--b--", "a-b"),
        ("Київ", "item"),
        ("", "item"),
        ("🏠", "item"),
        ("ﬁnal", "final"),
    ],
)
def test_slug_of(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_long_slugs_end_without_a_hyphen() -> None:
    assert slugify("a" * 59 + " bcd") == "a" * 59
    assert slugify("abc def", longest=5) == "abc-d"


@given(some.text())
def test_slug_is_always_an_address(text: str) -> None:
    slug = slugify(text)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 60
    assert slugify(slug) == slug
