"""Settings, the directory, the office, drafts: who sees what, and what odd input does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.network.models import City
from tests.factories import make_city, make_user
from tests.factories_accounts import PASSWORD, make_applicant

Sign = Callable[[User], FlaskClient]
Count = Callable[[], AbstractContextManager[list[str]]]

SETTINGS = {
    "display_name": "Adviser",
    "handle": "adviser",
    "locale": "nl",
    "timezone": "Europe/Amsterdam",
}


def test_settings_are_saved(client_for: Sign) -> None:
    person = make_user(city=make_city())
    browser = client_for(person)

    answer = browser.post("/settings", data=SETTINGS)

    assert answer.status_code == 302
    assert (person.display_name, person.handle) == ("Adviser", "adviser")
    assert (person.locale, person.timezone) == ("nl", "Europe/Amsterdam")
    assert "Graz" in browser.get("/settings").text


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""},
        {"display_name": "x" * 81},
        {"handle": "a"},
        {"handle": "taken"},
        {"handle": "no spaces"},
        {"handle": "ä" * 10},
        {"locale": "xx"},
        {"timezone": "Mars/Base"},
        {"timezone": ""},
    ],
)
def test_wrong_settings_are_shown_again(client_for: Sign, change: dict[str, str]) -> None:
    make_user(handle="taken")
    person = make_user("Officer")

    answer = client_for(person).post("/settings", data=SETTINGS | {"handle": "typed"} | change)

    assert (answer.status_code, person.display_name) == (422, "Officer")
    if "handle" not in change:
        assert 'value="typed"' in answer.text


def test_a_member_chooses_the_language_for_the_account(client_for: Sign) -> None:
    person = make_user()

    answer = client_for(person).post("/language", data={"language": "sv", "next": "/settings"})

    assert (answer.location, person.locale) == ("/settings", "sv")


def test_a_visitor_chooses_the_language_for_the_browser(client: FlaskClient) -> None:
    client.post("/language", data={"language": "de", "next": "//evil.example"})
    answer = client.post("/language", data={"language": "xx", "next": "//evil.example"})

    assert (answer.location, client.get_cookie("language").value) == ("/", "de")  # type: ignore[union-attr]
    assert '<html lang="de"' in client.get("/sign-in").text


def test_directory_shows_names_and_seats_but_no_address(client_for: Sign) -> None:
    person = make_user("Equality officer", city=make_city("Lund"))
    make_applicant("Applicant")

    page = client_for(make_user("Reader")).get("/members").text

    assert "Equality officer" in page
    assert "Lund" in page
    assert "Applicant" not in page
    assert person.email not in page


def test_directory_is_searched(client_for: Sign) -> None:
    make_user("Equality officer", city=make_city("Lund"))
    browser = client_for(make_user("Reader"))

    found = browser.get("/members?q=EQUALITY").text
    nothing = browser.get("/members?q=%25&page=99").text

    assert ("Equality officer" in found, "Nobody found" in nothing) == (True, True)


def test_visitors_and_applicants_see_no_people(client: FlaskClient) -> None:
    make_user("Equality officer")

    page = client.get("/members")

    assert (page.status_code, "Equality officer" in page.text) == (200, False)


@pytest.mark.parametrize("people", [1, 30])
def test_directory_asks_the_database_three_times(
    client_for: Sign, count_statements: Count, people: int
) -> None:
    city = make_city()
    for _ in range(people):
        make_user(city=city)
    browser = client_for(make_user())
    with count_statements() as first:
        browser.get("/members")

    with count_statements() as statements:
        browser.get("/members")

    assert (len(first), len(statements)) == (6, 3)


def test_the_directory_changes_with_people_and_cities(client_for: Sign) -> None:
    city = make_city("Graz")
    person, browser = make_user("Housing officer", city=city), client_for(make_user())

    def said(*words: str) -> list[bool]:
        page = browser.get("/members").text
        return [one in page for one in words]

    assert said("Housing officer", ">Graz<") == [True, True]
    with write() as session:
        session.get_one(User, person.id).display_name = "Homes officer"
        session.get_one(City, city.id).names = {"en": "Gradec"}
    assert said("<strong>Housing officer", "Homes officer", ">Gradec<") == [False, True, True]
    with write() as session:
        session.get_one(User, person.id).active = False
    assert said("Homes officer") == [False]


@pytest.mark.parametrize("people", [1, 30])
def test_office_asks_the_database_five_times(
    client_for: Sign, count_statements: Count, people: int
) -> None:
    for _ in range(people):
        make_user()
        make_user(approved_at=None)
    browser = client_for(make_user(role=SiteRole.ADMIN))

    with count_statements() as statements:
        browser.get("/admin")

    assert len(statements) == 5


@pytest.mark.parametrize("role", [SiteRole.MEMBER, SiteRole.ORGANISER])
def test_the_office_is_for_admins(client_for: Sign, client: FlaskClient, role: SiteRole) -> None:
    waiting = make_applicant()
    browser = client_for(make_user(role=role))
    path = f"/admin/applicants/{waiting.id}"

    assert client.get("/admin").status_code == 302
    assert browser.get("/admin").status_code == 403
    assert browser.get(path).status_code == 403
    assert browser.post(f"{path}/approve").status_code == 403
    assert browser.post(f"{path}/decline", data={"reason": "x"}).status_code == 403
    assert browser.post(f"/admin/members/{waiting.id}/role").status_code == 403
    assert waiting.approved_at is None


def test_office_page_of_an_applicant(client_for: Sign) -> None:
    waiting = make_applicant("Project officer", wishes="I run the office.")
    browser = client_for(make_user(role=SiteRole.ADMIN))

    page = browser.get(f"/admin/applicants/{waiting.id}")
    empty = browser.post(f"/admin/applicants/{waiting.id}/decline", data={"reason": " "})
    wrong = browser.post(f"/admin/applicants/{waiting.id}/approve", data={"body": "city:99"})

    assert (page.status_code, "I run the office." in page.text) == (200, True)
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert browser.get("/admin/applicants/999").status_code == 404
    assert browser.post("/admin/applicants/999/approve", data={}).status_code == 404


def test_roles_are_changed_but_one_admin_stays(client_for: Sign) -> None:
    admin, person = make_user(role=SiteRole.ADMIN), make_user()
    browser = client_for(admin)

    browser.post(f"/admin/members/{person.id}/role", data={"role": "organiser"})
    browser.post(f"/admin/members/{person.id}/role", data={"role": "emperor"})
    browser.post(f"/admin/members/{admin.id}/role", data={"role": "member"})

    assert (person.role, admin.role) == (SiteRole.ORGANISER, SiteRole.ADMIN)
    assert "There must be one more admin" in browser.get("/admin").text


def test_draft_is_saved_by_a_script(client_for: Sign) -> None:
    browser = client_for(make_user())

    first = browser.post(
        "/drafts", json={"context": "reply:41", "sequence": 0, "fields": {"body": "One"}}
    )
    number = first.json["sequence"]
    second = browser.post(
        "/drafts", json={"context": "reply:41", "sequence": number, "fields": {"body": "Two"}}
    )
    other_tab = browser.post(
        "/drafts", json={"context": "reply:41", "sequence": number, "fields": {"body": "Old"}}
    )

    assert first.json == {"sequence": number, "fields": {"body": "One"}, "is_newer": False}
    assert second.json == {"sequence": number + 1, "fields": {"body": "Two"}, "is_newer": False}
    assert other_tab.status_code == 409
    assert other_tab.json == {"sequence": number + 1, "fields": {"body": "Two"}, "is_newer": True}


def test_draft_is_saved_by_a_button(client_for: Sign) -> None:
    browser = client_for(make_user())
    form = {"context": "thread:new:3", "title": "Shelter", "body": "Who pays?", "next": "/topics"}

    saved = browser.post("/drafts", data=form | {"sequence": "0"})
    clash = browser.post("/drafts", data=form | {"sequence": "0", "body": "Other tab"})
    listed = browser.get("/drafts").text
    browser.post("/drafts/delete", data={"context": "thread:new:3"})

    assert (saved.status_code, saved.location) == (302, "/topics")
    assert clash.status_code == 409
    assert "Other tab" in clash.text
    assert "Who pays?" in clash.text
    assert "Shelter" in listed
    assert "No drafts" in browser.get("/drafts").text


def test_drafts_are_ones_own(client_for: Sign) -> None:
    owner, other = client_for(make_user()), client_for(make_user())
    owner.post("/drafts", data={"context": "reply:1", "body": "Mine"})

    other.post("/drafts/delete", data={"context": "reply:1"})

    assert "Mine" not in other.get("/drafts").text
    assert "Mine" in owner.get("/drafts").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"context": "x" * 81}, 400),
        ({"context": "\x00"}, 400),
        ({"context": "a", "sequence": "-1"}, 302),
        ({"context": "a", "sequence": "9" * 40}, 302),
        ({"context": "a", "body": "x" * 400_001}, 413),
        ({"context": "a", "body": "\x00\u202e😀"}, 302),
    ],
)
def test_odd_drafts(client_for: Sign, sent: dict[str, str], status: int) -> None:
    assert client_for(make_user()).post("/drafts", data=sent).status_code == status


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b'"x"', b"null", b'{"context": {}}'])
def test_odd_scripts(client_for: Sign, sent: bytes) -> None:
    browser = client_for(make_user())

    answer = browser.post("/drafts", data=sent, content_type="application/json")

    assert answer.status_code in {200, 400}


def test_too_large_a_draft_is_refused_to_a_script(client_for: Sign) -> None:
    answer = client_for(make_user()).post(
        "/drafts", json={"context": "a", "fields": {"body": "x" * 400_001}}
    )

    assert (answer.status_code, db.session.query(Draft).count()) == (413, 0)


ODD = ["", " ", "x" * 10_000, "\x00\x01", "😀" * 50, "\u202eabc", "<script>", "a" * 300_000]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/reset", "/confirm", "/sign-in/demo"])
def test_odd_words_are_never_a_fault(client: FlaskClient, path: str, odd: str) -> None:
    fields = ("email", "password", "display_name", "wishes", "timezone", "next")

    answer = client.post(path, data=dict.fromkeys(fields, odd))

    assert answer.status_code in {302, 404, 422}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/reset", "/members", "/confirm"])
def test_broken_letters_are_never_a_fault(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?next=%ff%fe&page=%ff&q=%ff&q=2").status_code == 200
    answer = client.post(
        path,
        data=b"email=%ff%fe&email=2&password=%c3%28",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in {302, 405, 422}


def test_what_was_typed_at_sign_up_stays(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-up",
        data={"display_name": "Officer", "email": "no address", "password": PASSWORD,
              "wishes": "Equality plan"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert 'value="Officer"' in answer.text
    assert 'value="no address"' in answer.text
    assert "Equality plan" in answer.text
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "aaaaaaaaaaaaaa", "interurban2026", "officer@city.example"]
)
def test_weak_passwords_are_refused(client: FlaskClient, password: str) -> None:
    answer = client.post(
        "/sign-up",
        data={"display_name": "O", "email": "officer@city.example", "password": password},
    )

    assert answer.status_code == 422


def test_a_known_address_is_told_by_mail_only(
    client: FlaskClient, run_jobs: Callable[[], int], outbox: Callable[[], list[Any]]
) -> None:
    person = make_user(email="officer@city.example")
    asked = {"display_name": "O", "email": person.email.upper(), "password": PASSWORD}

    answer = client.post("/sign-up", data=asked)
    run_jobs()

    assert (answer.status_code, answer.location) == (302, "/sign-up/sent")
    assert [mail["Subject"] for mail in outbox()] == ["You have an account already"]
    assert db.session.query(User).count() == 1
    assert client.get("/sign-up/sent").status_code == 200


def test_signed_in_people_need_no_sign_up(client_for: Sign) -> None:
    browser = client_for(make_user())

    assert (browser.get("/sign-up").location, browser.get("/sign-in").location) == ("/", "/")


def test_every_post_wants_its_token(app: Flask, client_for: Sign) -> None:
    ours = {"sessions", "signups", "confirmations", "passwords", "settings", "security_settings",
            "recovery_codes", "members", "admin", "drafts", "security"}  # fmt: skip
    browser = client_for(make_user(role=SiteRole.ADMIN))
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {
            rule.rule: browser.post(path_of(app, rule)).status_code
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in ours
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert len(answers) > 25
    assert set(answers.values()) == {400}


def path_of(app: Flask, rule: Any) -> str:
    values = {name: 1 if name == "user_id" else "x" for name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))
