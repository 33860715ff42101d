"""One press on a post says something about it, by keyboard and without leaving the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_replies, make_thread

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_one_press_says_it_and_the_next_takes_it_back(
    app: Flask, browser_of: Callable[..., Page], scripts: bool
) -> None:
    author, reader = make_user(), make_user("Youth officer", make_city("Lund"))
    thread = make_thread(make_topic(), author)
    make_replies(thread, author, 2)
    page = browser_of(reader, java_script_enabled=scripts)
    page.goto(f"/threads/{thread.id}")
    button = page.locator("#helpful-2")

    for pressed in ("true", "false"):
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", pressed)
    if scripts:
        expect(button).to_be_focused()
    assert _drawn(page) == {"isDrawn": True, "isColoured": True, "isSmall": True}


def _drawn(page: Page) -> dict[str, Any]:
    """Whether the icon of the button is there, in the colour and height of its words."""
    found: dict[str, Any] = page.locator("#helpful-3").evaluate(
        """button => {
            const icon = getComputedStyle(button, "::before"), words = getComputedStyle(button);
            const wide = parseFloat(icon.width);
            return {
                isDrawn: (icon.maskImage || icon.webkitMaskImage).startsWith('url("data:image/svg'),
                isColoured: icon.backgroundColor === words.color,
                isSmall: wide > 10 && wide < 24,
            };
        }"""
    )
    return found
