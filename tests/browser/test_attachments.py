"""Files by button, drop and paste, in a real browser."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.accounts.models import User
from tests.browser.barriers import AXE, RUN, TAGS, UNNAMED, WIDE
from tests.factories import make_topic, make_user
from tests.factories_files import image
from tests.factories_forum import make_thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

CARRY = """([kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const field = document.querySelector("#reply textarea[name=body]");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
  field.dispatchEvent(event);
}"""


def test_files_by_button_drop_and_paste(
    app: Flask,
    browser_for: Callable[..., Page],
    address: str,
    client_for: Callable[[User], FlaskClient],
) -> None:
    person = make_user()
    thread = make_thread(make_topic(), make_user())
    page = browser_for(viewport={"width": 320, "height": 800})
    session = client_for(person).get_cookie("session")
    assert session
    page.context.add_cookies([{"name": "session", "value": session.value, "url": address}])
    page.goto(f"/threads/{thread.id}")
    form = page.locator("#reply")
    form.get_by_role("textbox", name="Your reply").fill("The plan and two maps are attached.")
    lines = form.locator("[data-attached]")
    expect(form.get_by_role("button", name="Attach", exact=True)).to_be_hidden()

    form.get_by_label("Attach files").set_input_files(
        [
            {"name": "Plan.txt", "mimeType": "text/plain", "buffer": b"Counters open at night."},
            {"name": "run.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
    )
    expect(lines).to_have_count(1)
    expect(form.get_by_role("alert")).to_contain_text("run.exe: Programs are not accepted.")

    content = base64.b64encode(image("PNG", (1400, 800))).decode()
    page.evaluate(CARRY, ["drop", "Map.png", "image/png", content])
    expect(lines).to_have_count(2)
    expect(form.get_by_role("alert")).to_be_empty()
    page.evaluate(CARRY, ["paste", "image.png", "image/png", content])
    expect(lines).to_have_count(3)
    expect(form.locator("[data-attach-status]")).to_have_text("image.png is attached.")
    assert barriers(page) == []

    lines.nth(2).get_by_role("button", name="Remove").click()
    expect(lines).to_have_count(2)
    form.get_by_label("What does this picture show? Map.png").fill("Where the counters are")
    form.get_by_role("button", name="Post reply").click()

    post = page.locator("#post-2")
    expect(post.get_by_role("img", name="Where the counters are")).to_be_visible()
    expect(post.get_by_role("link", name="Plan.txt")).to_be_visible()
    picture = post.locator("figure img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1260)
    assert barriers(page) == []


def barriers(page: Page) -> list[str]:
    page.evaluate(AXE)
    return [*page.evaluate(RUN, TAGS), *page.evaluate(UNNAMED), *page.evaluate(WIDE)]
