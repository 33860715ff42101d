"""The whole path of a person: sign up, confirm, be approved, sign in, sign out, forget, reset."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User, UserSession
from app.accounts.queries import person_by_email
from app.core.audit import AuditEntry
from app.core.db import db
from tests.factories import make_city
from tests.factories_accounts import PASSWORD, make_applicant, make_person

Sign = Callable[[User], FlaskClient]
Outbox = Callable[[], list[EmailMessage]]
Run = Callable[..., int]

REQUEST = {
    "display_name": "Equality officer, Lund",
    "email": "Equality@Lund.example",
    "password": PASSWORD,
    "wishes": "I write the equality plan.",
    "timezone": "Europe/Stockholm",
}


def link_in(message: EmailMessage) -> str:
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"http://localhost(/\S+)", text)
    assert found, text
    return found.group(1)


def sign_in(browser: FlaskClient, email: str, password: str = PASSWORD) -> int:
    return browser.post("/sign-in", data={"email": email, "password": password}).status_code


def test_from_request_to_dead_cookie(
    app: Flask, client: FlaskClient, client_for: Sign, run_jobs: Run, outbox: Outbox
) -> None:
    asked = client.post("/sign-up", data=REQUEST)
    run_jobs()
    (mail,) = outbox()
    link = link_in(mail)
    looked = client.get(link)
    untouched = person_by_email("equality@lund.example").confirmed_at  # type: ignore[union-attr]
    confirmed = client.post(link)
    early = client.post("/sign-in", data={"email": "equality@lund.example", "password": PASSWORD})
    person = person_by_email("equality@lund.example")
    assert person is not None
    admin = client_for(make_person(role=SiteRole.ADMIN))
    admin.post(f"/admin/applicants/{person.id}/approve", data={"seat_role": "voice"})
    run_jobs()
    late = sign_in(client, "equality@lund.example")
    cookie = client.get_cookie("session")
    assert cookie is not None
    signed_in = client.get("/settings").status_code
    client.post("/sign-out")
    client.set_cookie("session", cookie.value)
    copied = client.get("/settings")

    assert (asked.status_code, asked.location) == (302, "/sign-up/sent")
    assert mail["To"] == '"Equality officer, Lund" <equality@lund.example>'
    assert (looked.status_code, untouched) == (200, None)
    assert "waiting for approval" in confirmed.text
    assert early.status_code == 422
    assert "waiting for approval" in early.text
    assert [message["Subject"] for message in outbox()] == [
        "Confirm your mail address",
        "Your account is approved",
    ]
    assert (late, signed_in) == (302, 200)
    assert (copied.status_code, copied.location) == (302, "/sign-in?next=/settings")
    assert person.timezone == "Europe/Stockholm"
    assert [row.act for row in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "accounts.sign_up",
        "accounts.confirm",
        "accounts.approve",
        "accounts.sign_in",
    ]


def test_approval_gives_the_seat_that_the_address_suggests(client_for: Sign, app: Flask) -> None:
    city = make_city("Lund")
    person = make_applicant()
    admin = client_for(make_person(role=SiteRole.ADMIN))

    admin.post(
        f"/admin/applicants/{person.id}/approve",
        data={"body": f"city:{city.id}", "seat_role": "voice", "title": "Equality officer"},
    )

    (seat,) = person.seats
    assert (seat.city_id, seat.role, seat.title) == (city.id, "voice", "Equality officer")


def test_a_declined_applicant_reads_the_reason(
    client_for: Sign, client: FlaskClient, run_jobs: Run, outbox: Outbox
) -> None:
    person = make_applicant()
    admin = client_for(make_person(role=SiteRole.ADMIN))

    admin.post(f"/admin/applicants/{person.id}/decline", data={"reason": "Not a city."})
    run_jobs()
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})

    assert "Not a city." in outbox()[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (answer.status_code, "This account is closed" in answer.text) == (422, True)


def test_nobody_is_decided_about_twice(client_for: Sign) -> None:
    person = make_applicant()
    admin = client_for(make_person(role=SiteRole.ADMIN))

    admin.post(f"/admin/applicants/{person.id}/approve", data={"seat_role": "voice"})
    admin.post(f"/admin/applicants/{person.id}/decline", data={"reason": "Too late."})

    assert (person.active, person.is_approved) == (True, True)


def test_reset_ends_every_session_and_works_once(
    client: FlaskClient, client_for: Sign, run_jobs: Run, outbox: Outbox
) -> None:
    person = make_person()
    elsewhere = client_for(person)

    asked = client.post("/reset", data={"email": person.email.upper()})
    run_jobs()
    link = link_in(outbox()[0])
    shown = client.get(link).status_code
    short = client.post(link, data={"password": "short"})
    done = client.post(link, data={"password": "four quite other words"})
    again = client.post(link, data={"password": "five quite other words"})

    assert (asked.status_code, asked.location) == (302, "/sign-up/sent")
    assert (shown, short.status_code, done.status_code, again.status_code) == (200, 422, 302, 410)
    assert elsewhere.get("/settings").status_code == 302
    assert all(row.revoked_at for row in db.session.query(UserSession))
    assert sign_in(client, person.email) == 422
    assert sign_in(client, person.email, "four quite other words") == 302
    run_jobs()
    assert [mail["Subject"] for mail in outbox()] == [
        "Set a new password",
        "Your password was changed",
    ]


def test_changing_the_password_keeps_this_browser_only(client_for: Sign) -> None:
    person = make_person()
    here, elsewhere = client_for(person), client_for(person)

    wrong = here.post("/settings/password", data={"current": "no", "password": "four other words"})
    done = here.post(
        "/settings/password", data={"current": PASSWORD, "password": "four other words"}
    )

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert here.get("/settings").status_code == 200
    assert elsewhere.get("/settings").status_code == 302


@pytest.mark.parametrize("path", ["/confirm/nonsense", "/reset/nonsense", "/reset/%FF"])
def test_a_broken_link_offers_a_new_one(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 410
    assert client.post(path, data={"password": PASSWORD}).status_code == 410


def test_an_old_confirmation_is_refused(
    client: FlaskClient, run_jobs: Run, outbox: Outbox, time_machine: object
) -> None:
    client.post("/sign-up", data=REQUEST)
    run_jobs()
    link = link_in(outbox()[0])

    time_machine.move_to("2030-01-01 00:00 +0000")  # type: ignore[attr-defined]

    assert client.post(link).status_code == 410


def test_confirmation_can_be_sent_again(client: FlaskClient, run_jobs: Run, outbox: Outbox) -> None:
    waiting = make_applicant(confirmed_at=None)

    known = client.post("/confirm", data={"email": waiting.email})
    unknown = client.post("/confirm", data={"email": "nobody@lund.example"})
    run_jobs()

    assert (known.location, unknown.location) == ("/sign-up/sent", "/sign-up/sent")
    assert [mail["To"] for mail in outbox()] == [f"{waiting.display_name} <{waiting.email}>"]
    assert client.get("/confirm").status_code == 200
    assert client.post("/confirm", data={}).status_code == 422
