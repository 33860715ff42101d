"""Which language is spoken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import format_date, get_locale

from app.accounts.models import User
from app.core.i18n import choose_locale, in_language, language, speaking
from tests.factories import make_user


@pytest.mark.parametrize(
    ("cookie", "wish", "chosen"),
    [
        ("", "", "en_GB"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("", "ja", "en_GB"),
        ("sv", "de", "sv"),
        ("xx", "fr", "fr"),
        ("\x00", "*", "en_GB"),
    ],
)
def test_cookie_comes_before_the_browsers_wish(
    app: Flask, cookie: str, wish: str, chosen: str
) -> None:
    headers = {"Accept-Language": wish, "Cookie": f"language={cookie}"}
    with app.test_request_context(headers=headers):
        assert choose_locale() == chosen


def test_account_comes_first(app: Flask, client_for: Callable[[User], FlaskClient]) -> None:
    browser = client_for(make_user(locale="nl"))
    browser.set_cookie("language", "de")

    assert '<html lang="nl"' in browser.get("/cities").text


def test_outside_of_requests_english_is_spoken(app: Flask) -> None:
    assert choose_locale() == "en_GB"


@pytest.mark.parametrize(
    ("code", "day"),
    [("en", "18 November 2026"), ("de", "18. November 2026"), ("fr", "18 novembre 2026")],
)
def test_speaking_brings_words_and_dates(app: Flask, code: str, day: str) -> None:
    with speaking(code):
        assert (language(), format_date(date(2026, 11, 18), "long")) == (code, day)
    assert str(get_locale()) == "en_GB"


@pytest.mark.parametrize(
    ("words", "wanted", "text"),
    [
        ({"en": "Housing", "de": "Wohnen"}, "de", "Wohnen"),
        ({"en": "Housing", "de": "Wohnen"}, "sv", "Housing"),
        ({"de": "Wohnen"}, "sv", "Wohnen"),
        ({"de": "", "en": "Housing"}, "de", "Housing"),
        ({}, "de", ""),
    ],
)
def test_words_in_the_nearest_language(words: dict[str, str], wanted: str, text: str) -> None:
    assert in_language(words, wanted) == text


def test_words_follow_the_spoken_language(app: Flask) -> None:
    with speaking("de"):
        assert in_language({"en": "Housing", "de": "Wohnen"}) == "Wohnen"
