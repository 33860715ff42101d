"""A passkey opens the door of its owner, and of nobody else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User, WebAuthn
from app.core.db import db
from tests.accounts.passkeys import Passkey
from tests.factories_accounts import make_person

SignIn = Callable[[User], FlaskClient]


def test_it_is_added_and_opens_the_door(app: Flask, client_for: SignIn) -> None:
    person, key, visitor = make_person(), Passkey(), app.test_client()

    added = key.add_to(client_for(person), "Key of the desk")
    opened = key.sign_in(visitor)

    assert (added.status_code, opened.status_code) == (302, 302)
    assert visitor.get("/settings").status_code == 200
    (row,) = db.session.query(WebAuthn)
    assert (row.user_id, row.name, row.sign_count) == (person.id, "Key of the desk", 1)


def test_a_key_that_was_copied_opens_nothing(app: Flask, client_for: SignIn) -> None:
    """A copy counts anew: the number of its uses falls back."""
    key, visitor = Passkey(), app.test_client()
    key.used = 7
    key.add_to(client_for(make_person()), "Key of the desk")
    key.used = 3

    key.sign_in(visitor)

    assert visitor.get("/settings").status_code == 302


def test_another_key_under_its_name_opens_nothing(app: Flask, client_for: SignIn) -> None:
    key, other, visitor = Passkey(), Passkey(), app.test_client()
    key.add_to(client_for(make_person()), "Key of the desk")
    other.id, other.owner = key.id, key.owner

    other.sign_in(visitor)

    assert visitor.get("/settings").status_code == 302
