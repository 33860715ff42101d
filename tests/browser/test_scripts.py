"""What the JavaScript adds, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.core.db import db
from app.forum.models import Thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]
SignIn = Callable[[Page, str], Page]
GRAZ = "Human rights officer, Graz"


@pytest.fixture
def thread(demo: Flask) -> str:
    title = "What did being a human rights city change in your COVID-19 response?"
    found = db.session.scalars(sa.select(Thread.id).where(Thread.title == title)).one()
    return f"/threads/{found}"


def test_the_theme_stays_as_it_was_chosen(demo: Flask, browser_for: Open) -> None:
    page = browser_for(color_scheme="light")
    page.goto("/")
    page.get_by_role("button", name="Use dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.goto("/topics", wait_until="commit")

    # The server wrote it into the page: there is no moment in the other colours.
    assert 'data-theme="dark"' in page.request.get("/topics").text()
    expect(page.get_by_role("button", name="Use light colours")).to_be_visible()


def test_the_toolbar_writes_markdown(thread: str, browser_for: Open, sign_in: SignIn) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto(thread)
    text = page.get_by_role("textbox", name="Your reply")
    text.fill("one two")
    text.evaluate("field => field.setSelectionRange(4, 7)")

    page.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("one **two**")
    text.evaluate("field => field.setSelectionRange(0, 3)")
    page.keyboard.press("Control+b")
    expect(text).to_have_value("**one** **two**")

    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Quote")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    assert page.locator("[role=toolbar] button[tabindex='0']").count() == 1


def test_the_preview_comes_from_the_server(thread: str, browser_for: Open, sign_in: SignIn) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto(thread)
    page.get_by_role("textbox", name="Your reply").fill("It was **the telephone**.")

    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview strong")).to_have_text("the telephone")
    expect(page).to_have_url(re.compile("/threads/"))


def test_a_draft_is_kept_and_comes_back(thread: str, browser_for: Open, sign_in: SignIn) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto(thread)
    text = page.get_by_role("textbox", name="Your reply")

    with page.expect_response("**/drafts") as saved:
        text.press_sequentially("Half a thought")
    assert saved.value.status == 200
    expect(page.locator("[data-draft-status]")).to_contain_text("Draft saved at")

    page.reload()
    expect(text).to_have_value("Half a thought")
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    sign_in(page, GRAZ).goto(thread)
    expect(text).to_have_value("Half a thought")


def test_without_a_connection_the_draft_stays_on_the_device(
    thread: str, browser_for: Open, sign_in: SignIn
) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto(thread)
    text = page.get_by_role("textbox", name="Your reply")
    page.context.set_offline(True)
    text.fill("Written in a tunnel")
    expect(page.locator("[data-draft-status]")).to_contain_text("safe on this device")
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "Written in a tunnel" in kept

    with page.expect_response("**/drafts") as saved:
        page.context.set_offline(False)
    assert saved.value.status == 200
    page.reload()
    expect(text).to_have_value("Written in a tunnel")


def test_single_keys_lead_around(demo: Flask, browser_for: Open, sign_in: SignIn) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto("/topics")
    names = page.locator(".row h3 a")

    page.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("/")
    page.wait_for_url("**/search")


def test_single_keys_are_letters_inside_a_field(
    demo: Flask, browser_for: Open, sign_in: SignIn
) -> None:
    page = sign_in(browser_for(), GRAZ)
    page.goto("/search")
    field = page.get_by_role("main").get_by_role("searchbox")
    field.focus()

    page.keyboard.type("/?jk g t")

    expect(field).to_have_value("/?jk g t")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/search$"))


def test_a_day_can_be_chosen_from_a_picker(demo: Flask, browser_for: Open, sign_in: SignIn) -> None:
    page = sign_in(browser_for(), "Webinar organiser, network")
    page.goto("/webinars/new")
    page.evaluate("HTMLInputElement.prototype.showPicker = function () { this.id = 'open'; }")

    page.get_by_role("button", name="Choose Day").click()
    picker = page.locator("#open")
    assert [picker.get_attribute(name) for name in ("type", "tabindex", "aria-hidden")] == [
        "date", "-1", "true",
    ]  # fmt: skip
    picker.evaluate(
        "field => { field.value = '2027-01-20'; field.dispatchEvent(new Event('change')) }"
    )

    expect(page.get_by_label("Day", exact=True)).to_have_value("2027-01-20")
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
