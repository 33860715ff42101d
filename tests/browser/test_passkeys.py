"""A passkey of this device: made, used to sign in, used to prove who it is, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.accounts import approving
from app.accounts.models import User, WebAuthn
from app.core.db import db, write
from tests.factories_accounts import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> Page:
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def add_passkey(page: Page, person: User) -> None:
    page.goto("/sign-in?next=/settings/security/passkeys")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form").first.locator("button").click()
    page.fill("main [name=name]", "Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Security")


def test_passkey_is_made_and_opens_the_door(browser_for: Callable[..., Page]) -> None:
    person = make_person()
    page = with_authenticator(browser_for())
    add_passkey(page, person)
    page.context.clear_cookies()

    page.goto("/sign-in?next=/settings")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    db.session.rollback()
    (key,) = db.session.query(WebAuthn)
    assert (key.user_id, key.name, key.usage) == (person.id, "Office laptop", "first")


def test_passkey_proves_again_and_is_removed(browser_for: Callable[..., Page]) -> None:
    person = make_person()
    page = with_authenticator(browser_for())
    add_passkey(page, person)

    page.goto("/sign-in/again?next=/settings/security/passkeys")
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove Office laptop").click()

    expect(page.locator("main")).not_to_contain_text("Your passkeys")
    db.session.rollback()
    assert db.session.query(WebAuthn).count() == 0


def test_passkey_of_somebody_who_may_not_come_in_opens_nothing(
    browser_for: Callable[..., Page],
) -> None:
    person = make_person()
    page = with_authenticator(browser_for())
    add_passkey(page, person)
    close_account(person)
    page.context.clear_cookies()

    page.goto("/sign-in/passkey")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.locator("body")).to_contain_text("This account is closed")
    assert page.request.get("/settings").url.endswith("/sign-in?next=/settings")


def close_account(person: User) -> None:
    with write():
        approving.close(person, person)
