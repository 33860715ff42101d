"""Signing in and out, limits, demonstration accounts, where a redirect may lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import approving
from app.accounts.models import SignInFailure, User, UserSession
from app.core.db import db, write
from tests.factories_accounts import PASSWORD, make_applicant, make_person

Sign = Callable[[User], FlaskClient]


def sign_in(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/sign-in", data={"email": email, "password": password, **more})


def bare(page: str, email: str) -> str:
    """The page without what differs each time."""
    return re.sub(r"I[\w-]{40,}\.[\w.-]+", "", page).replace(email, "")


def test_signing_in_leads_to_the_wanted_page(client: FlaskClient) -> None:
    person = make_person()

    answer = sign_in(client, f"  {person.email.upper()} ", next="/settings")

    assert (answer.status_code, answer.location) == (302, "/settings")
    assert client.get("/settings").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "///evil.example", "\\\\evil",
        "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "/\x00", "https:evil.example", "evil",
    ],
)  # fmt: skip
def test_next_never_leads_elsewhere(client: FlaskClient, target: str) -> None:
    person = make_person()

    answer = sign_in(client, person.email, next=target)

    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("path", ["/sign-in/passkey", "/sign-in/code", "/sign-in/again/passkey"])
def test_next_of_the_second_steps_never_leads_elsewhere(client: FlaskClient, path: str) -> None:
    assert client.get(path, query_string={"next": "//evil.example"}).status_code == 400
    assert client.get(path, query_string={"next": "http://["}).status_code == 400


def test_wrong_password_and_unknown_address_answer_the_same(client: FlaskClient) -> None:
    person = make_person()

    wrong = sign_in(client, person.email, "not the password")
    unknown = sign_in(client, "nobody@demo.invalid", "not the password")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert bare(wrong.text, person.email) == bare(unknown.text, "nobody@demo.invalid")
    assert "The address or the password is not right." in wrong.text
    assert f'value="{person.email}"' in wrong.text


def test_state_of_an_account_is_told_to_its_owner_only(client: FlaskClient) -> None:
    waiting = make_applicant()
    unconfirmed = make_applicant(confirmed_at=None)

    assert "waiting for approval" not in sign_in(client, waiting.email, "wrong words here").text
    assert "waiting for approval" in sign_in(client, waiting.email).text
    assert "not confirmed" in sign_in(client, unconfirmed.email).text


def test_each_sign_in_has_a_new_session_id(app: Flask) -> None:
    person = make_person()
    first, second = app.test_client(), app.test_client()

    sign_in(first, person.email)
    sign_in(second, person.email)

    sids = db.session.query(UserSession.sid).all()
    assert len({sid for (sid,) in sids}) == 2


def test_a_planted_session_id_is_not_kept(client: FlaskClient) -> None:
    person = make_person()
    with client.session_transaction() as cookie:
        cookie["sid"] = "planted"

    sign_in(client, person.email)

    with client.session_transaction() as cookie:
        assert cookie["sid"] != "planted"


def test_signing_out_without_being_signed_in_does_no_harm(client: FlaskClient) -> None:
    assert client.post("/sign-out").location == "/"
    assert client.get("/sign-out").status_code == 405


def test_five_failures_close_an_account_for_half_an_hour(
    client: FlaskClient, time_machine: Any
) -> None:
    person = make_person()
    for number in range(5):
        time_machine.move_to(f"2026-11-21 12:0{number}:00 +0000", tick=False)
        assert sign_in(client, person.email, "wrong password").status_code == 422

    time_machine.move_to("2026-11-21 12:05:00 +0000", tick=False)
    closed = sign_in(client, person.email)
    time_machine.move_to("2026-11-21 12:30:01 +0000", tick=False)
    opened = sign_in(client, person.email)

    assert (closed.status_code, closed.headers["Retry-After"]) == (429, "1500")
    assert "25 minutes" in closed.text
    assert opened.status_code == 302


def test_one_address_may_try_six_times_a_minute(client: FlaskClient, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 12:00:00 +0000", tick=False)
    answers = [sign_in(client, f"nobody{n}@demo.invalid").status_code for n in range(7)]
    elsewhere = client.post(
        "/sign-in",
        data={"email": "nobody@demo.invalid", "password": "x"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    time_machine.move_to("2026-11-21 12:01:01 +0000", tick=False)

    assert answers == [422] * 6 + [429]
    assert elsewhere.status_code == 422
    assert sign_in(client, "nobody@demo.invalid").status_code == 422


def test_one_address_may_try_thirty_times_an_hour(client: FlaskClient, time_machine: Any) -> None:
    for minute in range(5):
        time_machine.move_to(f"2026-11-21 12:{2 * minute:02}:00 +0000", tick=False)
        for number in range(6):
            sign_in(client, f"nobody{minute}-{number}@demo.invalid", "x")

    time_machine.move_to("2026-11-21 12:12:00 +0000", tick=False)

    assert sign_in(client, "nobody@demo.invalid").status_code == 429


def test_colleagues_behind_one_address_are_not_in_each_others_way(app: Flask) -> None:
    person = make_person()

    answers = [sign_in(app.test_client(), person.email).status_code for _ in range(8)]

    assert answers == [302] * 8
    assert db.session.query(SignInFailure).count() == 0


def test_ten_requests_an_hour_from_one_address(client: FlaskClient) -> None:
    def ask(number: int) -> int:
        return client.post(
            "/sign-up",
            data={
                "display_name": "Officer",
                "email": f"officer{number}@city.example",
                "password": PASSWORD,
            },
        ).status_code

    assert [ask(number) for number in range(11)] == [302] * 10 + [429]


def test_two_reset_mails_an_hour(client: FlaskClient) -> None:
    def ask(email: str) -> int:
        return client.post("/reset", data={"email": email}).status_code

    assert [ask("a@city.example") for _ in range(3)] == [302, 302, 429]
    assert ask("b@city.example") == 302


def test_demonstration_account_is_one_click_away(client: FlaskClient) -> None:
    person = make_person("Organiser", email="organiser@demo.invalid", is_demo=True)
    waiting = make_applicant("Newcomer", email="newcomer@demo.invalid", is_demo=True)

    page = client.get("/sign-in").text
    refused = client.post("/sign-in/demo", data={"email": waiting.email})
    entered = client.post("/sign-in/demo", data={"email": person.email, "next": "/drafts"})

    assert page.index("Enter as Organiser") < page.index("Enter as Newcomer")
    assert (refused.status_code, "waiting for approval" in refused.text) == (422, True)
    assert (entered.status_code, entered.location) == (302, "/drafts")


def test_only_demonstration_accounts_have_a_button(client: FlaskClient) -> None:
    person = make_person()

    assert client.post("/sign-in/demo", data={"email": person.email}).status_code == 404
    assert client.post("/sign-in/demo", data={"email": "x@x"}).status_code == 404
    assert client.post("/sign-in/demo").status_code == 404


def test_no_button_outside_of_the_demonstration(app: Flask, client: FlaskClient) -> None:
    person = make_person(email="organiser@demo.invalid", is_demo=True)
    app.config["DEMO"] = False
    try:
        page = client.get("/sign-in").text
        answer = client.post("/sign-in/demo", data={"email": person.email})
    finally:
        app.config["DEMO"] = True

    assert ("Enter as" in page, answer.status_code) == (False, 404)


def test_important_pages_ask_again_after_a_quarter_of_an_hour(
    client_for: Sign, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-21 12:00:00 +0000", tick=False)
    browser = client_for(make_person())
    fresh = browser.get("/settings/security/app").status_code
    time_machine.move_to("2026-11-21 12:15:01 +0000", tick=False)
    stale = browser.get("/settings/security/app")
    wrong = browser.post("/sign-in/again", data={"password": "wrong words here"})
    right = browser.post(
        "/sign-in/again", data={"password": PASSWORD, "next": "/settings/security/app"}
    )

    assert fresh == 200
    assert stale.location == "/sign-in/again?next=/settings/security/app"
    assert (wrong.status_code, right.location) == (422, "/settings/security/app")
    assert browser.get("/settings/security/app").status_code == 200


def test_own_sessions_are_listed_and_ended(client_for: Sign) -> None:
    person = make_person()
    here, there = client_for(person), client_for(person)
    with there.session_transaction() as cookie:
        sid = cookie["sid"]

    page = here.get("/settings/security").text
    stranger = client_for(make_person()).post(f"/settings/security/sessions/{sid}/end")
    still = there.get("/settings").status_code
    here.post(f"/settings/security/sessions/{sid}/end")

    assert f"/settings/security/sessions/{sid}/end" in page
    assert (stranger.status_code, still) == (302, 200)
    assert (there.get("/settings").status_code, here.get("/settings").status_code) == (302, 200)


def test_all_other_sessions_end_at_once(client_for: Sign) -> None:
    person = make_person()
    here, there = client_for(person), client_for(person)

    here.post("/settings/security/sessions/end-others")

    assert (there.get("/settings").status_code, here.get("/settings").status_code) == (302, 200)


def test_fragment_is_sent_to_the_sign_in_page_as_a_whole(client: FlaskClient) -> None:
    answer = client.get("/settings", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_a_post_of_a_visitor_does_not_come_back_as_a_page(client: FlaskClient) -> None:
    assert client.post("/drafts", data={}).location == "/sign-in"
    assert client.head("/settings").location == client.get("/settings").location


def test_closed_account_is_out_at_once(client_for: Sign, app: Flask) -> None:
    person, admin = make_person(), make_person()
    browser = client_for(person)
    with write():
        approving.close(person, admin)

    assert browser.get("/settings").status_code == 302
