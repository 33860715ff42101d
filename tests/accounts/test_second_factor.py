"""Codes of an authenticator app, and recovery codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from app.accounts import recovery
from app.accounts.errors import WrongCode
from app.accounts.models import RecoveryCode, User
from app.core.db import db, write
from tests.factories import make_user
from tests.factories_accounts import PASSWORD, make_person

Sign = Callable[[User], FlaskClient]
NOON = "2026-11-21 12:00:00 +0000"
LATER = "2026-11-21 12:05:00 +0000"


def set_up_app(browser: FlaskClient) -> str:
    """Turn codes on; return the key that the phone keeps."""
    shown = browser.post("/settings/security/app", data={"setup": "authenticator"}).text
    key = re.search(r"<code>([A-Z2-7 -]+)</code>", shown)
    action = re.search(r'action="(/settings/security/app/[^"]+)"', shown)
    assert key
    assert action
    secret = key.group(1).replace("-", "").replace(" ", "")
    answer = browser.post(action.group(1), data={"code": code_of(secret)})
    assert (answer.status_code, answer.location) == (302, "/settings/security")
    return secret


def code_of(secret: str) -> str:
    return str(TOTP(key=secret).generate().token)


def give_password(browser: FlaskClient, person: User) -> Any:
    return browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})


@pytest.fixture
def protected(client_for: Sign, time_machine: Any) -> tuple[User, str]:
    time_machine.move_to(NOON, tick=False)
    person = make_person()
    secret = set_up_app(client_for(person))
    time_machine.move_to(LATER, tick=False)
    return person, secret


def test_the_code_is_asked_after_the_password(
    protected: tuple[User, str], client: FlaskClient
) -> None:
    person, secret = protected

    asked = give_password(client, person)
    outside = client.get("/settings").status_code
    page = client.get(asked.location).status_code
    wrong = client.post("/sign-in/code", data={"code": "000000"})
    right = client.post("/sign-in/code?next=/settings", data={"code": code_of(secret)})

    assert (asked.status_code, asked.location) == (302, "/sign-in/code?next=/")
    assert (outside, page, wrong.status_code) == (302, 200, 200)
    assert "This code is not right" in wrong.text
    assert (right.status_code, client.get("/settings").status_code) == (302, 200)


def test_a_code_works_once(protected: tuple[User, str], app: Flask) -> None:
    person, secret = protected
    first, second = app.test_client(), app.test_client()
    code = code_of(secret)

    give_password(first, person)
    give_password(second, person)
    first.post("/sign-in/code", data={"code": code})
    second.post("/sign-in/code", data={"code": code})

    assert first.get("/settings").status_code == 200
    assert second.get("/settings").status_code == 302


def test_codes_cannot_be_guessed(protected: tuple[User, str], client: FlaskClient) -> None:
    person, secret = protected
    give_password(client, person)

    answers = [client.post("/sign-in/code", data={"code": "000000"}) for _ in range(6)]
    right = client.post("/sign-in/code", data={"code": code_of(secret)})

    assert answers[-1].status_code == 429
    assert (right.status_code, client.get("/settings").status_code) == (429, 302)


def test_nobody_gives_a_code_without_a_password(client: FlaskClient) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"
    assert client.post("/sign-in/code", data={"code": "123456"}).location == "/sign-in"
    assert client.get("/sign-in/recovery").location == "/sign-in"
    assert client.get("/sign-in/choose").location == "/sign-in"


def test_whoever_is_in_stays_in_at_the_page_for_codes(
    protected: tuple[User, str], client: FlaskClient
) -> None:
    person, secret = protected
    give_password(client, person)
    code = {"code": code_of(secret)}

    answers = [client.post("/sign-in/code?next=/settings", data=code) for _twice in range(2)]
    again = [client.head("/sign-in/code"), client.get("/sign-in/code?next=//elsewhere.example")]

    assert [answer.location for answer in (*answers, *again)] == ["/settings"] * 2 + ["/"] * 2
    assert client.get("/settings").status_code == 200


def test_the_secret_is_stored_encrypted(protected: tuple[User, str]) -> None:
    person, secret = protected

    assert secret not in str(person.tf_totp_secret)


def test_a_wrong_code_turns_nothing_on(client_for: Sign) -> None:
    person = make_person()
    browser = client_for(person)
    shown = browser.post("/settings/security/app", data={"setup": "authenticator"}).text
    action = re.search(r'action="(/settings/security/app/[^"]+)"', shown)
    assert action

    browser.post(action.group(1), data={"code": "000000"})
    browser.post("/settings/security/app/nonsense", data={"code": "000000"})

    assert person.tf_primary_method is None
    assert "This code is not right" in browser.get("/settings/security").text


def test_codes_are_turned_off(protected: tuple[User, str], client_for: Sign) -> None:
    person, _ = protected

    client_for(person).post("/settings/security/app", data={"setup": "disable"})

    assert person.tf_primary_method is None


def test_a_recovery_code_replaces_the_phone_once(
    protected: tuple[User, str], client_for: Sign, app: Flask
) -> None:
    person, _ = protected
    page = client_for(person).post("/settings/security/recovery-codes").text
    codes = re.findall(r"<code>([0-9a-z-]{29})</code>", page)
    first, second = app.test_client(), app.test_client()

    give_password(first, person)
    give_password(second, person)
    wrong = first.post("/sign-in/recovery", data={"code": "wrong"})
    used = first.post("/sign-in/recovery", data={"code": codes[0].upper()})
    again = second.post("/sign-in/recovery", data={"code": codes[0]})

    assert len(codes) == recovery.CODES
    assert (wrong.status_code, used.status_code, again.status_code) == (422, 302, 422)
    assert first.get("/settings").status_code == 200
    assert second.get("/settings").status_code == 302
    assert "9 recovery codes are left." in client_for(person).get("/settings/security").text


def test_recovery_codes_are_kept_as_hashes_only(app: Flask) -> None:
    person = make_user()

    with write():
        codes = recovery.make_codes(person)

    kept = [row.code_hash for row in db.session.query(RecoveryCode)]
    assert {len(kept_hash) for kept_hash in kept} == {64}
    assert not set(codes) & set(kept)


def test_new_recovery_codes_replace_the_old(app: Flask) -> None:
    person = make_user()
    with write():
        old = recovery.make_codes(person)
    with write():
        recovery.make_codes(person)

    with pytest.raises(WrongCode), write():
        recovery.use_code(person, old[0])


def test_recovery_codes_of_others_open_nothing(app: Flask) -> None:
    person, other = make_user(), make_user()
    with write():
        codes = recovery.make_codes(other)

    with pytest.raises(WrongCode), write():
        recovery.use_code(person, codes[0])
