"""Every job works with JavaScript turned off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]
SignIn = Callable[[Page, str], Page]


def test_a_member_asks_registers_and_searches(
    demo: Flask, browser_for: Open, sign_in: SignIn
) -> None:
    page = sign_in(browser_for(java_script_enabled=False), "Moderator, network")
    _ask_with_preview_and_draft(page)
    _register(page)
    _search(page)


def _ask_with_preview_and_draft(page: Page) -> None:
    page.goto("/threads/new")
    page.get_by_label("Title").fill("Who answers the door of a closed office?")
    page.get_by_label("Topic").select_option(label="COVID-19 responses")
    page.get_by_label("Text", exact=True).fill("Ours is the **caretaker**.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.locator("strong", has_text="caretaker")).to_be_visible()
    opened.value.close()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("draft", re.IGNORECASE))

    page.goto("/threads/new")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Ours is the **caretaker**.")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Who answers the door of a closed office?"
    )


def _register(page: Page) -> None:
    page.goto("/webinars")
    page.get_by_role("link", name="Counting together").first.click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("main")).to_contain_text("You are registered")


def _search(page: Page) -> None:
    page.goto("/search")
    page.get_by_role("main").get_by_role("searchbox").fill("shelter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Shelter for everyone in winter")


def test_an_organiser_answers_writes_notes_and_types_a_date(
    demo: Flask, browser_for: Open, sign_in: SignIn
) -> None:
    page = sign_in(browser_for(java_script_enabled=False), "Webinar organiser, network")
    page.goto("/topics/covid-19-responses")
    page.get_by_role("link", name="Four questions to test an emergency measure").click()
    page.get_by_role("textbox", name="Your reply").fill("And on Fridays the librarian.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("article").last).to_contain_text("librarian")

    page.goto("/webinars")
    page.get_by_role("link", name="Round table with the UN Special Rapporteur").click()
    page.get_by_role("link", name="Notes", exact=True).first.click()
    if page.get_by_role("button", name=re.compile("notes", re.IGNORECASE)).count():
        page.get_by_role("button", name=re.compile("notes", re.IGNORECASE)).first.click()
    page.get_by_role("link", name=re.compile("Edit this section")).first.click()
    page.get_by_label(re.compile("Text of")).fill("Poverty is a question of rights.")
    page.get_by_role("button", name="Save this section").click()
    expect(page.get_by_role("main")).to_contain_text("Poverty is a question of rights.")

    page.goto("/webinars/new")
    page.get_by_label("Title").fill("Typed by hand")
    page.get_by_label("What people will take home").fill("Everything without JavaScript.")
    page.get_by_label("Day", exact=True).fill("20.1.2027")
    page.get_by_label("Start", exact=True).fill("9.30")
    page.get_by_label("End", exact=True).fill("1030")
    page.get_by_role("button", name=re.compile("Save draft")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed by hand")
    expect(page.get_by_role("main")).to_contain_text("Wednesday, 20 January 2027, until 10:30")
