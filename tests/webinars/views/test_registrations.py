from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.core.slugs import slugify
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories import make_city, make_user
from tests.factories_registrations import (
    mails_to,
    make_registration,
    methods_and_sequences,
    text_of,
    work,
)
from tests.factories_webinars import ROOM, make_webinar

SignIn = Callable[[User], FlaskClient]
CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


def form(**changes: str) -> dict[str, str]:
    values = {
        "name": "Housing officer",
        "email": "guest@demo.invalid",
        "city": "York",
        "consent": "y",
        "website": "",
    }
    return values | changes


def rows(webinar: Webinar) -> list[Registration]:
    db.session.rollback()
    mine = select(Registration).where(Registration.webinar_id == webinar.id)
    return list(db.session.scalars(mine.order_by(Registration.id)))


def confirm_path(address: str) -> str:
    found = re.search(
        r"http://localhost(/registrations/confirm/\S+)", text_of(mails_to(address)[0])
    )
    assert found
    return found[1]


def test_member_registers_with_one_button(client_for: SignIn) -> None:
    webinar, user = make_webinar("Housing"), make_user(city=make_city("Graz"))

    answer = client_for(user).post(
        f"/webinars/{webinar.id}/registrations", data={"access_needs": "Captions", "is_listed": "y"}
    )

    (row,) = rows(webinar)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/webinars/{webinar.id}-housing#ticket"
    assert (row.state, row.email, row.user_id) == (CONFIRMED, user.email, user.id)
    assert (row.access_needs, row.is_listed) == ("Captions", True)


def test_guest_registers_by_mail(client: FlaskClient) -> None:
    webinar = make_webinar()

    asked = client.post(f"/webinars/{webinar.id}/registrations", data=form())
    assert asked.headers["Location"] == f"/webinars/{webinar.id}/registrations/asked"
    assert "Look in your mailbox" in client.get(asked.headers["Location"]).text
    work()
    link = confirm_path("guest@demo.invalid")
    page = client.get(link)
    (row,) = rows(webinar)
    assert (page.status_code, row.state) == (200, RegistrationState.PENDING_EMAIL)

    done = client.post(link)
    work()

    (row,) = rows(webinar)
    assert done.headers["Location"] == f"/registrations/{row.token}"
    assert (row.state, row.city_label, row.name) == (CONFIRMED, "York", "Housing officer")
    assert methods_and_sequences("guest@demo.invalid") == [("REQUEST", 0)]
    assert "You have a seat." in client.get(f"/registrations/{row.token}").text


def test_known_and_unknown_address_get_the_same_answer(client: FlaskClient) -> None:
    webinar = make_webinar()
    make_registration(webinar, email="known@demo.invalid")

    answers = [
        client.post(f"/webinars/{webinar.id}/registrations", data=form(email=address))
        for address in ("known@demo.invalid", "unknown@demo.invalid")
    ]

    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].data == answers[1].data
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_applicant_registers_like_a_guest(client_for: SignIn) -> None:
    webinar, applicant = make_webinar(), make_user(approved_at=None)

    answer = client_for(applicant).post(f"/webinars/{webinar.id}/registrations", data=form())

    assert answer.headers["Location"].endswith("/registrations/asked")
    assert rows(webinar)[0].state == RegistrationState.PENDING_EMAIL


def test_trap_field_registers_nobody_and_says_nothing(client: FlaskClient) -> None:
    webinar = make_webinar()

    answer = client.post(f"/webinars/{webinar.id}/registrations", data=form(website="x.example"))

    assert answer.headers["Location"] == f"/webinars/{webinar.id}/registrations/asked"
    assert rows(webinar) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Give your name."),
        ({"name": "x" * 121}, "Up to 120 characters."),
        ({"email": ""}, "Give your e-mail address."),
        ({"email": "no address"}, "This is not a complete e-mail address."),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "This is not a complete e-mail address."),
        ({"email": "a" * 250 + "@b.example"}, "This address is too long."),
        ({"consent": ""}, "We need your consent to invite you."),
        ({"access_needs": "x" * 501}, "Up to 500 characters."),
    ],
)
def test_wrong_form_comes_back_with_what_was_typed(
    client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    webinar = make_webinar()
    data = form(**({"city": "Łódź 🎥"} | changes))

    answer = client.post(f"/webinars/{webinar.id}/registrations", data=data)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Łódź 🎥" in answer.text
    assert rows(webinar) == []


@pytest.mark.parametrize(
    "name", ["\x00Officer\x07", "Officer\u202e", "x\u0301fficer", "🎥", "משרד"]
)
def test_odd_names_are_tidied_and_kept(client: FlaskClient, name: str) -> None:
    webinar = make_webinar()

    answer = client.post(f"/webinars/{webinar.id}/registrations", data=form(name=name))
    work()

    assert answer.status_code == 302
    assert len(mails_to("guest@demo.invalid")) == 1


def test_broken_bytes_and_repeated_fields_are_no_fault(client: FlaskClient) -> None:
    webinar = make_webinar()
    address = f"/webinars/{webinar.id}/registrations"
    kind = "application/x-www-form-urlencoded"

    broken = client.post(address, data=b"name=%ff%fe&email=%00&consent=y", content_type=kind)
    repeated = client.post(address, data=b"name=a&name=b&email=a@b.example&consent=y&consent=n",
                           content_type=kind)  # fmt: skip
    huge = client.post(address, data=form(city="x" * 1_000_000))

    assert [broken.status_code, repeated.status_code, huge.status_code] == [422, 302, 422]


def test_sixth_guest_of_an_hour_is_told_to_wait(client: FlaskClient) -> None:
    webinar = make_webinar()
    for number in range(5):
        data = form(email=f"g{number}@demo.invalid")
        client.post(f"/webinars/{webinar.id}/registrations", data=data)

    answer = client.post(f"/webinars/{webinar.id}/registrations", data=form())

    assert answer.status_code == 429
    assert "Try again in an hour." in answer.text


def test_closed_registration_says_so(client: FlaskClient, client_for: SignIn) -> None:
    webinar = make_webinar(status=Status.CANCELLED)
    address = f"/webinars/{webinar.id}/registrations"

    assert client.post(address, data=form()).status_code == 422
    answer = client_for(make_user()).post(address)
    assert answer.status_code == 422
    assert "Registration for this webinar is closed." in answer.text


def test_hidden_webinar_cannot_be_registered_for(client: FlaskClient) -> None:
    webinar = make_webinar(visibility=Visibility.NETWORK)

    assert client.post(f"/webinars/{webinar.id}/registrations", data=form()).status_code == 404
    assert client.get(f"/webinars/{webinar.id}/registrations/new").status_code == 404
    assert client.get(f"/webinars/{webinar.id}/registrations/asked").status_code == 404


def test_own_page_of_the_form_works_for_guest_and_member(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar, user = make_webinar(), make_user()
    address = f"/webinars/{webinar.id}/registrations/new"

    assert 'name="email"' in client.get(address).text
    member = client_for(user)
    assert 'name="email"' not in member.get(address).text
    member.post(f"/webinars/{webinar.id}/registrations")
    assert "You are registered already" in member.get(address).text


def test_6_7_22_getting_a_cancel_link_changes_nothing(client: FlaskClient) -> None:
    webinar = make_webinar()
    row = make_registration(webinar)

    page = client.get(f"/registrations/{row.token}/cancel")
    client.head(f"/registrations/{row.token}/cancel")

    assert page.status_code == 200
    assert "Yes, cancel my registration" in page.text
    assert rows(webinar)[0].state == CONFIRMED


def test_cancelling_and_taking_back(client: FlaskClient) -> None:
    webinar = make_webinar()
    row = make_registration(webinar)
    own = f"/registrations/{row.token}"

    assert client.post(f"{own}/cancel").headers["Location"] == own
    assert "Your registration is cancelled." in client.get(own).text
    assert "There is nothing to cancel any more." in client.get(f"{own}/cancel").text
    assert client.post(f"{own}/undo").headers["Location"] == own
    assert "You have a seat." in client.get(own).text


def test_own_page_says_the_place_in_line(client: FlaskClient) -> None:
    webinar = make_webinar(capacity=1)
    make_registration(webinar)
    make_registration(webinar, state=WAITLISTED)
    row = make_registration(webinar, state=WAITLISTED)

    page = client.get(f"/registrations/{row.token}")

    assert "Your place in line: 2" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.PUBLISHED])
def test_own_page_of_what_is_over_says_so(client: FlaskClient, status: Status) -> None:
    days = 1 if status == Status.CANCELLED else -1
    row = make_registration(make_webinar(status=status, starts_in=timedelta(days=days)))

    page = client.get(f"/registrations/{row.token}")
    late = client.post(f"/registrations/{row.token}/cancel")

    assert ("will not take place" if days == 1 else "This webinar is over.") in page.text
    assert late.status_code == 422


def test_own_page_before_confirming_says_what_to_do(client: FlaskClient) -> None:
    row = make_registration(make_webinar(), state=RegistrationState.PENDING_EMAIL)

    assert "Follow the link in our mail." in client.get(f"/registrations/{row.token}").text


@pytest.mark.parametrize("token", ["short", "x" * 40, "a" * 10_000, "%00" * 20, "🎥" * 20])
def test_unknown_links_do_not_exist(client: FlaskClient, token: str) -> None:
    for tail in ("", "/cancel"):
        assert client.get(f"/registrations/{token}{tail}").status_code == 404
    for tail in ("/cancel", "/undo"):
        assert client.post(f"/registrations/{token}{tail}").status_code == 404


def test_confirm_link_is_old_after_48_hours(client: FlaskClient) -> None:
    webinar = make_webinar()
    client.post(f"/webinars/{webinar.id}/registrations", data=form())
    work()
    link = confirm_path("guest@demo.invalid")

    with time_machine.travel(utcnow() + timedelta(hours=49)):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
    for changed in (f"{link}x", "/registrations/confirm/nonsense"):
        assert client.get(changed).status_code == 422
        assert client.post(changed).status_code == 422


def test_organiser_sees_who_comes(client_for: SignIn) -> None:
    webinar = make_webinar()
    graz = make_city("Graz")
    make_registration(webinar, name="Officer one", city_id=graz.id)
    make_registration(webinar, name="Officer two", city_label="York", state=WAITLISTED)
    make_registration(webinar, name="Nobody yet", state=RegistrationState.PENDING_EMAIL)

    page = client_for(webinar.organisers[0].user).get(f"/webinars/{webinar.id}/registrations")

    words = ["Officer one", "Graz", "Has a seat", "Officer two", "York", "On the waiting list"]
    assert [word for word in words if word not in page.text] == []
    assert "Nobody yet" not in page.text


def test_empty_list_says_what_to_do(client_for: SignIn) -> None:
    webinar = make_webinar()

    page = client_for(webinar.organisers[0].user).get(f"/webinars/{webinar.id}/registrations")

    assert "Nobody has registered yet." in page.text


def test_list_takes_the_same_statements_for_one_and_thirty(
    client_for: SignIn, count_statements: Callable[[], object]
) -> None:
    webinar, city = make_webinar(), make_city("Graz")
    browser = client_for(webinar.organisers[0].user)
    address = f"/webinars/{webinar.id}/registrations"
    make_registration(webinar, city_id=city.id)
    browser.get(address)
    with count_statements() as one:  # type: ignore[attr-defined]
        browser.get(address)
    for _ in range(29):
        make_registration(webinar, city_id=city.id)
    with count_statements() as thirty:  # type: ignore[attr-defined]
        browser.get(address)

    assert len(thirty) == len(one)


def test_list_and_table_are_the_organisers_alone(client: FlaskClient, client_for: SignIn) -> None:
    webinar = make_webinar()
    other = make_webinar()
    stranger = client_for(other.organisers[0].user)

    for tail in ("registrations", "registrations.csv"):
        assert client.get(f"/webinars/{webinar.id}/{tail}").status_code == 302
        assert stranger.get(f"/webinars/{webinar.id}/{tail}").status_code == 403
        assert stranger.get(f"/webinars/999999/{tail}").status_code == 404


def ticket_on_page(browser: FlaskClient, webinar: Webinar) -> str:
    page = browser.get(f"/webinars/{webinar.id}-{slugify(webinar.title)}")
    assert page.status_code == 200
    assert ROOM not in page.text
    return page.text


def test_6_7_10_ticket_shows_each_state_and_never_the_room(
    app: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    user = make_user()
    member = client_for(user)
    webinar = make_webinar(capacity=1)
    assert 'name="email"' in ticket_on_page(client, webinar)
    assert "One seat is free." in ticket_on_page(member, webinar)
    make_registration(webinar)
    assert "All seats are taken" in ticket_on_page(member, webinar)
    row = make_registration(webinar, email=user.email, state=WAITLISTED)
    assert "Your place in line: 1" in ticket_on_page(member, webinar)
    assert row.token not in ticket_on_page(client, webinar)
    seated = make_webinar()
    make_registration(seated, email=user.email)
    assert "You are registered" in ticket_on_page(member, seated)


def test_ticket_of_cancelled_past_and_draft_webinars(client_for: SignIn) -> None:
    off = make_webinar(status=Status.CANCELLED)
    past = make_webinar(starts_in=timedelta(days=-2))
    draft = make_webinar(published=False)
    make_registration(past)

    browser = client_for(draft.organisers[0].user)

    assert "This webinar will not take place." in ticket_on_page(browser, off)
    assert "One person registered." in ticket_on_page(browser, past)
    assert "Not open yet" in ticket_on_page(browser, draft)


def test_ticket_opens_the_door_in_its_hours(client_for: SignIn) -> None:
    user = make_user()
    webinar = make_webinar(starts_in=timedelta(minutes=10))
    make_registration(webinar, email=user.email)

    assert "Join now" in ticket_on_page(client_for(user), webinar)


@pytest.mark.parametrize("others", [0, 30])
def test_registering_costs_nine_statements(
    client_for: SignIn, count_statements: Callable[[], object], others: int
) -> None:
    """However many come, and whether or not the seats have to be counted."""
    webinar = make_webinar(capacity=others + 1)
    for _ in range(others):
        make_registration(webinar)
    browser, webinar_id = client_for(make_user(city=make_city("Lund"))), webinar.id

    with count_statements() as seen:  # type: ignore[attr-defined]
        answer = browser.post(f"/webinars/{webinar_id}/registrations")

    assert answer.status_code == 302
    assert rows(webinar)[-1].state == CONFIRMED
    assert len(seen) == 9
