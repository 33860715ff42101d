"""A real server and Debian's Chromium. Without Chromium these tests say so; in CI they fail."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from waitress.server import create_server

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import db, write
from tests.browser.door import Door
from tests.chromium import CHROMIUM, PATIENCE_MS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed (Debian: chromium)"))


@pytest.fixture(scope="session")
def door(whole_app: Flask) -> Door:
    return Door(whole_app)


@pytest.fixture(scope="session")
def server(door: Door) -> Iterator[str]:
    """The application as `make run` serves it, once for all tests."""
    server = create_server(door, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://localhost:{server.effective_port}"
    server.close()


@pytest.fixture
def address(app: Flask, server: str) -> Iterator[str]:
    """Where the application answers for this test, with its own empty database."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield server
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def browser_for(chromium: Browser, address: str, door: Door) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser at the application; every page must keep the console clean."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_browser(**options: object) -> Page:
        door.open()
        context = chromium.new_context(base_url=address, locale="en-GB", **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.extend(_own_fault(page, str(error))))
        page.on(
            "console",
            lambda line: (
                complaints.append(f"{page.url}: {line.text}")
                if line.type == "error"
                and not re.search(r"status of 4|ERR_INTERNET_DISC", line.text)
                else None
            ),
        )
        return page

    yield open_browser
    for context in contexts:
        context.close()
    door.shut()
    assert complaints == []


def _own_fault(page: Page, error: str) -> list[str]:
    """Chromium also reports its own transitions between pages when they are cut short."""
    return [] if error.startswith("Transition was") else [f"{page.url}: {error}"]


@pytest.fixture
def sign_in() -> Callable[[Page, str], Page]:
    """Sign a demo person in by the button on the sign-in page."""

    def press(page: Page, name: str) -> Page:
        page.goto("/sign-in")
        page.get_by_role("button", name=f"Enter as {name}").click()
        page.locator("details.menu").wait_for()
        page.wait_for_load_state()  # what is seen is not yet what listens
        return page

    return press


@pytest.fixture
def browser_of(app: Flask, browser_for: Callable[..., Page]) -> Callable[..., Page]:
    """A fresh browser in which this person is signed in already; no password is hashed."""

    def open_browser(person: User, **options: object) -> Page:
        page = browser_for(**options)
        with write():
            sid = open_session(person, address="127.0.0.1")
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        values = {"_user_id": person.fs_uniquifier, "_fresh": True, "_permanent": True, "sid": sid}
        cookie = {"name": "session", "value": serializer.dumps(values)}
        page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])  # type: ignore[list-item]
        return page

    return open_browser


@pytest.fixture
def open_as(demo: Flask, browser_of: Callable[..., Page]) -> Callable[[str], Page]:
    """A browser of somebody of the demo community, as a person with calm settings has it."""

    def open_browser(name: str) -> Page:
        email = f"{name}@demo.invalid"
        person = db.session.scalars(sa.select(User).where(User.email == email)).one()
        return browser_of(person, color_scheme="light", reduced_motion="reduce")

    return open_browser
