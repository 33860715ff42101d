"""Words are longer in some languages: the frame around every page fits a small phone in each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.core.i18n import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]


def test_the_head_of_a_page_fits_a_small_phone_in_every_language(
    app: Flask, browser_for: Open
) -> None:
    page = browser_for(viewport={"width": 320, "height": 640})
    page.goto("/sign-in")
    widths = {}
    for code in LANGUAGES:
        page.context.add_cookies([{"name": "language", "value": code, "url": page.url}])
        page.reload()
        assert page.locator("html").get_attribute("lang") == code
        widths[code] = page.evaluate("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(LANGUAGES, 320)
