"""An official asks, a colleague elsewhere answers, and what is hidden stays hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TITLE = "Which emergency measure would you keep?"
HIDDEN = "Answers to cities that apply"


def test_ask_answer_find_edit(
    demo: Flask, browser_for: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    graz = sign_in(browser_for(), "Human rights officer, Graz")
    york = sign_in(browser_for(), "Network coordinator, York")
    thread = _ask(graz)
    _answer(york, thread)

    graz.goto("/topics/covid-19-responses")
    row = graz.get_by_role("article").filter(has_text=TITLE)
    expect(row).to_contain_text("1 new")
    graz.goto(f"{thread.split('-')[0]}/unread")
    assert urlsplit(graz.url).fragment
    expect(graz.get_by_role("article", name="Post 2 of 2")).to_be_in_viewport()
    graz.goto("/topics/covid-19-responses")
    expect(graz.get_by_role("article").filter(has_text=TITLE)).not_to_contain_text("1 new")

    _edit(york, thread)
    graz.goto("/search?q=libraries")
    expect(graz.get_by_role("main")).to_contain_text(TITLE)


def _ask(page: Page) -> str:
    page.goto("/threads/new")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Topic").select_option(label="COVID-19 responses")
    page.get_by_label("Text", exact=True).fill("Ours would be the *telephone hours*.")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return urlsplit(page.url).path


def _answer(page: Page, thread: str) -> None:
    page.goto(thread)
    page.get_by_role("textbox", name="Your reply").fill("The books by bicycle, without doubt.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("article", name="Post 2 of 2")).to_contain_text("books by bicycle")


def _edit(page: Page, thread: str) -> None:
    page.goto(thread)
    page.get_by_text("More: post 2").click()
    page.get_by_role("link", name=re.compile(r"Edit ?: post 2")).click()
    page.get_by_label("Text", exact=True).fill(
        "The books by bicycle, without doubt. Two libraries go on with it until today, "
        "and the riders are volunteers from the neighbourhood who know every staircase."
    )
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("article", name="Post 2 of 2")).to_contain_text("Two libraries")


def test_a_hidden_topic_is_found_by_nobody_else(
    demo: Flask, browser_for: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    office = sign_in(browser_for(), "Webinar organiser, network")
    office.goto("/topics")
    expect(office.get_by_role("main")).to_contain_text("Membership applications")
    office.goto("/topics/membership-applications")
    office.get_by_role("link", name=HIDDEN).click()
    secret = urlsplit(office.url).path

    york = sign_in(browser_for(), "Network coordinator, York")
    for place in ("/topics", "/", "/search?q=wording", "/search?q=apply"):
        york.goto(place)
        expect(york.get_by_role("main")).not_to_contain_text(HIDDEN)
        expect(york.get_by_role("main")).not_to_contain_text("Membership applications")
    for address in (
        secret,
        "/topics/membership-applications",
        "/topics/membership-applications/feed.atom",
    ):
        answer = york.goto(address)
        assert answer
        assert answer.status == 404
