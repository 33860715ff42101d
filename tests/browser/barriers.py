"""What keeps people out of a page: by eye, by keyboard, by screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, ViewportSize

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """tags => axe.run(document, {
        runOnly: tags, resultTypes: ["violations"], reporter: "no-passes",
    })
    .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].target}`))"""
TELEPHONE: ViewportSize = {"width": 375, "height": 812}
DESK: ViewportSize = {"width": 1280, "height": 900}
COLOURS = ["color-contrast", "link-in-text-block"]
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
    if (one === document.body) return [];  // past the last stop of a short page
    const around = [one.closest(":focus-within:has(> :focus)"), one.closest(".composer")];
    const isSeen = [drawn(one), drawn(one, "::after"), ...around.map(box => box && drawn(box))];
    return isSeen.some(Boolean)
        ? [] : [`no visible focus: ${one.outerHTML.slice(0, 80)}`];
}"""
WIDE = """() => document.documentElement.scrollWidth > innerWidth + 1
    ? [`${document.documentElement.scrollWidth} px wide at ${innerWidth} px`] : []"""


def barriers(page: Page, *addresses: str) -> Iterator[str]:
    """What stands in the way on each page, on a telephone and on a desk, in both colours."""
    page.add_init_script(AXE)
    for address in addresses:
        for barrier in _found_on(page, address):
            yield f"{address}: {barrier}"


def _found_on(page: Page, address: str) -> Iterator[str]:
    answer = page.goto(address)
    assert answer
    assert answer.status == 200, address
    yield from barriers_here(page)


def barriers_here(page: Page) -> Iterator[str]:
    """Those of the page that is open, as soon as its scripts are there."""
    page.wait_for_load_state()
    yield from [] if page.locator("h1").count() == 1 else ["not one main heading"]
    yield from page.evaluate(UNNAMED)
    looks = [_on_a_telephone, _on_a_small_one, _on_a_desk]
    is_wide = page.viewport_size is None or page.viewport_size["width"] == DESK["width"]
    for look in reversed(looks) if is_wide else looks:  # as the page before it was left
        yield from look(page)


def _on_a_telephone(page: Page) -> Iterator[str]:
    if page.viewport_size != TELEPHONE:
        page.set_viewport_size(TELEPHONE)
    page.emulate_media(color_scheme="light")
    yield from _by_keyboard(page)
    yield from _by_axe(page, TAGS)


def _on_a_small_one(page: Page) -> Iterator[str]:
    page.set_viewport_size({"width": 320, "height": 700})
    yield from page.evaluate(WIDE)


def _on_a_desk(page: Page) -> Iterator[str]:
    if page.viewport_size != DESK:
        page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    yield from page.evaluate(WIDE)
    yield from _by_axe(page, COLOURS)


def _by_keyboard(page: Page) -> Iterator[Any]:
    page.evaluate("document.activeElement.blur()")
    for _step in range(6):
        page.keyboard.press("Tab")
        yield from page.evaluate(FOCUS)
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        yield "the skip link does not lead to the content"


def _by_axe(page: Page, which: list[str]) -> list[str]:
    found: list[str] = page.evaluate(RUN, which)
    return found
