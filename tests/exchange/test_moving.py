"""A whole installation goes to PostgreSQL and back, and nobody notices."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security.confirmable import generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token
from passlib.totp import TOTP

from app.accounts import feed_keys
from app.accounts.models import User, WebAuthn
from app.core.clock import utcnow
from app.core.db import Base, db, write
from app.files.models import StoredFile
from tests.accounts.passkeys import Passkey
from tests.exchange.conftest import NewDatabase, On, moved, query
from tests.factories_accounts import PASSWORD, make_person

pytestmark = pytest.mark.any_engine

NOON = "2026-11-21 12:00:00 +0000"
OF_MIGRATIONS = {"alembic_version", "search_index"}
AGAIN = 61  # a code of an authenticator app works once


class Kept:
    """What somebody has in hands before the move: cookie, phone, key, links of mails."""

    def __init__(self, app: Flask, browser: FlaskClient, person: User) -> None:
        self.email = person.email
        self.passkey = Passkey()
        self.passkey.add_to(browser, "Phone")
        self.secret = _turn_codes_on(browser)
        with write():
            self.feed = feed_keys.feed_token(feed_keys.renew(person))
        self.cookie = browser.get_cookie("session").value  # type: ignore[union-attr]
        self.reset = f"/reset/{generate_reset_password_token(person)}"
        self.confirm = f"/confirm/{generate_confirmation_token(person)}"
        self.file = db.session.execute(
            sa.select(StoredFile.key, StoredFile.name).where(StoredFile.attached_at.is_not(None))
        ).first()

    def works_on(self, app: Flask) -> dict[str, Any]:
        """Everything that must be the same on every database."""
        inside, outside, beside = app.test_client(), app.test_client(), app.test_client()
        inside.set_cookie("session", self.cookie)
        asked = outside.post("/sign-in", data={"email": self.email, "password": PASSWORD})
        code = TOTP(key=self.secret).generate().token
        outside.post("/sign-in/code?next=/settings", data={"code": code})
        self.passkey.sign_in(beside)
        found = inside.get("/search?q=counters").text
        return {
            "cookie": inside.get("/settings").status_code,
            "asks for a code": asked.location,
            "password and code": outside.get("/settings").status_code,
            "passkey": beside.get("/settings").status_code,
            "odd passkey": "Key of the desk" in inside.get("/settings/security").text,
            "feed": inside.get(f"/feeds/{self.feed}/latest.atom").status_code,
            "reset": app.test_client().get(self.reset).status_code,
            "confirm": app.test_client().get(self.confirm).status_code,
            "file": inside.get("/files/{}/{}".format(*self.file)).status_code,
            "found": re.findall(r'href="(/threads/[^"]+)"', found),
            "counted": _recounted(app),
        }


@pytest.fixture
def kept(demo: Flask, client_for: Callable[[User], FlaskClient], time_machine: Any) -> Kept:
    time_machine.move_to(NOON, tick=False)
    person = make_person()
    with write() as session:
        session.add(_passkey(person))
    return Kept(demo, client_for(person), person)


def test_nobody_notices(
    demo: Flask,
    kept: Kept,
    on: On,
    new_postgresql: NewDatabase,
    new_sqlite: NewDatabase,
    time_machine: Any,
) -> None:
    first, second = new_postgresql(), new_sqlite()
    contents = [moved(demo, first, "--anyway")]
    contents += [moved(on(first), second)]
    time_machine.shift(AGAIN)
    before = kept.works_on(demo)
    states = []
    for url in (first, second):
        time_machine.shift(AGAIN)
        states.append(kept.works_on(on(url)))

    assert contents[0] == contents[1]
    assert before | {"found": len(before["found"]) > 0} == {
        "cookie": 200,
        "asks for a code": "/sign-in/code?next=/",
        "password and code": 200,
        "passkey": 200,
        "odd passkey": True,
        "feed": 200,
        "reset": 200,
        "confirm": 200,
        "file": 200,
        "found": True,
        "counted": 0,
    }
    assert states == [before, before]


def test_tables_and_numbers_are_those_of_any_other_installation(
    app: Flask, new_postgresql: NewDatabase, on: On
) -> None:
    """Also after the highest row was removed: no number is given twice."""
    person = make_person()
    first, second = new_postgresql(), new_postgresql()
    other = on(plain := new_postgresql())
    with other.app_context():
        other.test_cli_runner().invoke(args=["db", "upgrade"])
    give = "SELECT nextval(pg_get_serial_sequence('\"user\"', 'id'))"

    moved(app, first, "--anyway")
    after_sqlite = query(first, give)
    moved(on(first), second)
    after_postgresql = query(second, give)

    tables = query(second, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert _shape(second) == _shape(plain)
    assert {name for (name,) in tables} - set(Base.metadata.tables) == OF_MIGRATIONS
    assert (after_sqlite, after_postgresql) == ([(person.id + 1,)], [(person.id + 2,)])


def _recounted(app: Flask) -> int:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["forum", "recount", "--check"]).exit_code


def _turn_codes_on(browser: FlaskClient) -> str:
    shown = browser.post("/settings/security/app", data={"setup": "authenticator"}).text
    key = re.search(r"<code>([A-Z2-7 -]+)</code>", shown)
    action = re.search(r'action="(/settings/security/app/[^"]+)"', shown)
    assert key
    assert action
    secret = key.group(1).replace("-", "").replace(" ", "")
    browser.post(action.group(1), data={"code": str(TOTP(key=secret).generate().token)})
    return secret


def _passkey(person: User) -> WebAuthn:
    return WebAuthn(
        credential_id=bytes(range(256)),
        public_key=b"\x00\xff" * 40,
        sign_count=7,
        transports=None,
        backup_state=True,
        device_type="single_device",
        lastuse_datetime=utcnow(),
        name="Key of the desk",
        usage="first",
        user_id=person.id,
    )


def _shape(url: str) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "columns": query(
            url,
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        ),
        "indexes": query(
            url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
        ),
        "rules": query(
            url,
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        ),
        "triggers": query(url, "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"),
    }
