"""Who may open which page about registrations: every role, every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db
from app.core.enums import Visibility
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_answers import make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
ROLES = ["visitor", "applicant", "member", "other organiser", "organiser", "admin"]

PAGES = [
    ("GET", "/webinars/{webinar}/registrations"),
    ("GET", "/webinars/{webinar}/registrations.csv"),
    ("GET", "/webinars/{webinar}/registration-questions"),
    ("POST", "/webinars/{webinar}/registration-questions"),
    ("POST", "/webinars/{webinar}/registration-questions/{question}/again"),
    ("POST", "/webinars/{webinar}/registrations/approve"),
    ("POST", "/webinars/{webinar}/registrations/{row}/approve"),
    ("GET", "/webinars/{webinar}/registrations/{row}/reject"),
    ("POST", "/webinars/{webinar}/registrations/{row}/reject"),
    ("POST", "/webinars/{webinar}/registrations/{row}/first"),
    ("POST", "/webinars/{webinar}/registrations/{row}/invitation"),
    ("POST", "/webinars/{webinar}/registrations/{row}/again"),
    ("GET", "/webinars/{webinar}/registrations/{row}/end"),
    ("POST", "/webinars/{webinar}/registrations/{row}/end"),
]
MAY = {"organiser", "admin"}


def browser_of(role: str, webinar: Webinar, client: FlaskClient, client_for: SignIn) -> FlaskClient:
    if role == "visitor":
        return client
    people: dict[str, Callable[[], User]] = {
        "applicant": lambda: make_user(approved_at=None),
        "member": make_user,
        "other organiser": make_organiser,
        "organiser": lambda: webinar.organisers[0].user,
        "admin": lambda: make_user(role=SiteRole.ADMIN),
    }
    return client_for(people[role]())


def answer(browser: FlaskClient, verb: str, path: str, **names: Any) -> Any:
    return browser.open(path.format(**names), method=verb)


def is_refused(browser: FlaskClient, verb: str, path: str, **names: Any) -> bool:
    """Sent to sign in, or told that it is not theirs."""
    said = answer(browser, verb, path, **names)
    return said.status_code == 403 or "/sign-in" in said.headers.get("Location", "")


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_organisers_are_theirs_alone(
    client: FlaskClient, client_for: SignIn, role: str
) -> None:
    webinar = make_webinar()
    row = make_registration(webinar, state=RegistrationState.WAITLISTED)
    names = {"webinar": webinar.id, "row": row.id, "question": make_question(webinar).id}
    browser = browser_of(role, webinar, client, client_for)

    refused = [is_refused(browser, verb, path, **names) for verb, path in PAGES]

    assert refused == [role not in MAY] * len(PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_hidden_webinar_has_no_pages_for_who_does_not_see_it(
    client: FlaskClient, client_for: SignIn, role: str
) -> None:
    webinar = make_webinar(published=False)
    row = make_registration(webinar)
    names = {"webinar": webinar.id, "row": row.id, "question": 1}
    browser = browser_of(role, webinar, client, client_for)
    public = [
        ("GET", "/webinars/{webinar}/registrations/new"),
        ("POST", "/webinars/{webinar}/registrations"),
        ("GET", "/webinars/{webinar}/registrations/asked"),
    ]
    if role == "organiser":
        assert answer(browser, "GET", PAGES[0][1], **names).status_code == 200
        return

    signed_out = role == "visitor"
    private = [answer(browser, verb, path, **names) for verb, path in PAGES]
    assert {said.status_code for said in private} == ({302} if signed_out else {404})
    assert {answer(browser, verb, path, **names).status_code for verb, path in public} == {404}


@pytest.mark.parametrize("role", ROLES)
def test_personal_link_opens_the_same_for_everybody_who_has_it(
    client: FlaskClient, client_for: SignIn, role: str
) -> None:
    """A network's webinar too: the link is the right."""
    webinar = make_webinar(visibility=Visibility.NETWORK)
    row = make_registration(webinar, name="Guest officer")
    browser = browser_of(role, webinar, client, client_for)
    token = row.token

    pages = [f"/registrations/{token}{tail}" for tail in ("", "/cancel", "/colleague")]

    assert [browser.get(page).status_code for page in pages] == [200, 200, 200]
    assert browser.post(f"/registrations/{token}/answers").status_code == 302
    assert browser.post(f"/registrations/{token}/cancel").status_code == 302
    db.session.rollback()
    assert row.state == RegistrationState.CANCELLED


def test_token_of_one_person_opens_nothing_of_another(client: FlaskClient) -> None:
    webinar = make_webinar()
    mine = make_registration(webinar, email="mine@demo.invalid", name="My name")
    other = make_registration(webinar, email="other@demo.invalid", name="Other name")

    tails = ("", "/cancel", "/colleague")
    pages = [client.get(f"/registrations/{mine.token}{tail}").text for tail in tails]

    hidden = [other.name, other.email, other.token]
    assert [word in page for page in pages for word in hidden] == [False] * 9


@pytest.mark.parametrize("state", list(RegistrationState))
def test_own_ticket_shows_each_state_without_a_fault(
    client_for: SignIn, state: RegistrationState
) -> None:
    user = make_user()
    webinar = make_webinar("Housing")
    row = make_registration(webinar, user_id=user.id, email=user.email, state=state)
    browser = client_for(user)

    pages = [browser.get(path) for path in (
        f"/webinars/{webinar.id}-housing", f"/webinars/{webinar.id}/registrations/new",
        f"/registrations/{row.token}", f"/registrations/{row.token}/cancel",
    )]  # fmt: skip

    assert [page.status_code for page in pages] == [200] * 4
    with_form = {RegistrationState.EXPIRED}
    assert ('name="is_listed"' in pages[0].text) == (state in with_form)


def test_ticket_of_an_offer_tells_the_deadline_in_the_readers_zone(client_for: SignIn) -> None:
    user = make_user(timezone="Asia/Tokyo")
    webinar = make_webinar("Housing")
    row: Registration = make_registration(
        webinar, user_id=user.id, email=user.email, state=RegistrationState.OFFERED,
        offered_until=webinar.starts_at,
    )  # fmt: skip

    page = client_for(user).get(f"/webinars/{webinar.id}-housing").text

    assert "It is kept for you until" in page
    assert "+09:00" in page
    assert row.token in page
