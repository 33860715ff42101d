"""What the accessibility statement promises, on the pages people use most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.core.db import db
from app.forum.models import Thread
from app.notes.models import Note, NoteSet
from app.webinars.models import Registration, Webinar

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}})
    .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].target}`))"""
UNNAMED = """() => [...document.querySelectorAll("input, select, textarea")]
    .filter(one => !["hidden", "submit"].includes(one.type) && one.ariaHidden !== "true")
    .filter(one => !one.labels?.length && !one.ariaLabel && !one.hasAttribute("aria-labelledby"))
    .map(one => `no label: ${one.name || one.id}`)"""
FOCUS = """() => {
    const drawn = (one, part) => {
        const look = getComputedStyle(one, part);
        return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
    };
    const one = document.activeElement;
    const around = [one.closest(":focus-within:has(> :focus)"), one.closest(".composer")];
    return [drawn(one), drawn(one, "::after"), ...around.map(box => box && drawn(box))].some(Boolean)
        ? [] : [`no visible focus: ${one.outerHTML.slice(0, 80)}`];
}"""
WIDE = """() => document.documentElement.scrollWidth > innerWidth + 1
    ? [`${document.documentElement.scrollWidth} px wide at ${innerWidth} px`] : []"""


@pytest.fixture
def places(demo: Flask) -> dict[str, str]:
    """Addresses of the demo community, by what they show."""
    coming, past = _webinar("Counting together%"), _webinar("%session 1%")
    section = db.session.scalars(
        sa.select(Note).join(NoteSet).where(NoteSet.webinar_id == past).order_by(Note.position)
    ).first()
    seat = db.session.scalars(sa.select(Registration).where(Registration.email.like("guest@%")))
    thread = db.session.scalars(sa.select(Thread.id).where(Thread.title.like("What did being%")))
    assert section
    return {
        "coming": f"/webinars/{coming}",
        "past": f"/webinars/{past}",
        "section": f"/webinars/{past}/notes/{section.id}",
        "seat": f"/registrations/{seat.one().token}",
        "thread": f"/threads/{thread.one()}",
    }


def _webinar(title: str) -> int:
    return db.session.scalars(sa.select(Webinar.id).where(Webinar.title.like(title))).one()


def test_a_visitor_meets_no_barrier(
    places: dict[str, str], browser_for: Callable[..., Page]
) -> None:
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    assert list(
        _barriers(
            page,
            "/", "/topics", places["thread"], "/webinars", places["coming"], places["past"],
            f"{places['coming']}/registrations/new", places["seat"], f"{places['past']}/summary",
            "/knowledge", "/search?q=housing", "/cities", "/cities/york", "/sign-in", "/sign-up",
        )
    ) == []  # fmt: skip


def test_an_organiser_meets_no_barrier(
    places: dict[str, str],
    browser_for: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
) -> None:
    page = sign_in(
        browser_for(color_scheme="light", reduced_motion="reduce"), "Webinar organiser, network"
    )

    assert list(
        _barriers(
            page,
            "/", places["thread"], "/threads/new", "/webinars/new", f"{places['coming']}/schedule",
            f"{places['coming']}/cancel", f"{places['coming']}/registrations",
            f"{places['past']}/notes", f"{places['section']}/edit", "/members", "/settings",
            "/settings/security",
        )
    ) == []  # fmt: skip


def _barriers(page: Page, *addresses: str) -> Iterator[str]:
    for address in addresses:
        for barrier in _found_on(page, address):
            yield f"{address}: {barrier}"


def _found_on(page: Page, address: str) -> Iterator[str]:
    page.set_viewport_size({"width": 375, "height": 812})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer
    assert answer.status == 200, address
    yield from [] if page.locator("h1").count() == 1 else ["not one main heading"]
    yield from page.evaluate(UNNAMED)
    yield from _by_keyboard(page)
    yield from _by_axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    yield from page.evaluate(WIDE)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    yield from page.evaluate(WIDE)
    yield from _by_axe(page)


def _by_keyboard(page: Page) -> Iterator[Any]:
    page.evaluate("document.activeElement.blur()")
    for _step in range(6):
        page.keyboard.press("Tab")
        yield from page.evaluate(FOCUS)
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        yield "the skip link does not lead to the content"


def _by_axe(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, TAGS)
    return found
