"""Line 2 of what the live hour must show: the room's address is in the answer to one press alone.

A webinar with marked addresses and secrets is looked at through every address of the application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from app.accounts.models import User
from app.core.db import db, write
from app.live.enums import Provider
from app.live.models import Room
from app.webinars import reminding
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from app.webinars.signals import webinar_updated
from tests.factories import make_user
from tests.factories_registrations import (
    all_mails,
    at,
    guest,
    make_registration,
    read,
    register,
    work,
)
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

pytestmark = pytest.mark.any_engine

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")
URL = "https://rooms.example.org/marked-address"
BACKUP = "https://other.example.org/marked-backup"
DIAL_IN = "+32 2 555 01 23, code 7744110029#"
NAME, MODERATOR, ATTENDEE = "markednameofourroom99", "markedmoderator", "markedattendee"
SECRETS = {"jitsi_app_secret": "markedjitsisecret" * 3, "bbb_secret": "markedbbbsecret"}
MARKED = [
    *(URL, BACKUP, "marked-address", "marked-backup", NAME, MODERATOR, ATTENDEE),
    *SECRETS.values(),
]
PASSED_OVER = {"static", "health.ready"}  # files; 503 without a worker
TELEPHONE = ["7744110029", "555 01 23", "25550123"]


@pytest.fixture
def offering(app: Flask) -> Iterator[Flask]:
    """An installation with a Jitsi and a BigBlueButton."""
    before = app.extensions["settings"]
    servers = {"jitsi_url": "https://meet.example.org", "jitsi_app_id": "ours",
               "bbb_url": "https://bbb.example.org/bigbluebutton"}  # fmt: skip
    app.extensions["settings"] = replace(before, **servers, **SECRETS)
    yield app
    app.extensions["settings"] = before


def marked_webinar(provider: Provider) -> Webinar:
    webinar = make_webinar(
        "Counting on a marked day",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        capacity=2,
        room_url=URL,
    )
    with write() as session:
        session.add(Room(webinar_id=webinar.id, provider=provider, name=NAME, backup_url=BACKUP,
                         uses_backup=False, dial_in=DIAL_IN, moderator_secret=MODERATOR,
                         attendee_secret=ATTENDEE))  # fmt: skip
    db.session.refresh(webinar)
    return webinar


def addresses(app: Flask, webinar: Webinar, token: str, *, everywhere: bool) -> list[str]:
    """Of every page that names a webinar; `everywhere`: and of those that name nothing."""
    values = {"webinar_id": webinar.id, "slug": "counting-on-a-marked-day", "token": token or "no"}
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        named = rule.arguments
        if "GET" not in (rule.methods or ()) or rule.endpoint in PASSED_OVER:
            continue
        if "webinar_id" in named or (not named and everywhere) or (token and named == {"token"}):
            given = {name: values.get(name, _any(rule, name)) for name in named}
            found.append(adapter.build(rule.endpoint, given))
    return sorted({*found, "/search?q=marked"} if everywhere else set(found))


def _any(rule: Rule, name: str) -> Any:
    return 1 if isinstance(rule._converters[name], NumberConverter) else "pdf"


def leaks(
    app: Flask,
    browser: FlaskClient,
    webinar: Webinar,
    token: str = "",
    *,
    marks: list[str],
    everywhere: bool = False,
) -> list[str]:
    found, seen = [], 0
    for address in addresses(app, webinar, token, everywhere=everywhere):
        joint = "&" if "?" in address else "?"
        answer = browser.get(f"{address}{joint}t={token}" if token else address)
        seen += answer.status_code == 200
        whole = answer.get_data() + str(answer.headers).encode()
        found += [f"{address}: {mark}" for mark in marks if mark.encode() in whole]
        assert answer.status_code < 500, address
    assert seen >= 1
    return found


def test_no_page_of_anybody_who_may_not_enter_holds_a_mark(
    offering: Flask, client_for: SignIn
) -> None:
    """Before the door opens for them, or never."""
    app = offering
    with time_machine.travel(START - timedelta(minutes=50)):
        webinar, marks = marked_webinar(Provider.BIGBLUEBUTTON), [*MARKED, *TELEPHONE]
        seated = make_registration(webinar)
        member = make_user()
        make_registration(webinar, email=member.email, user_id=member.id)
        waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
        gone = make_registration(webinar, state=RegistrationState.CANCELLED)
        speaker, other = make_speaker(webinar), make_organiser()
        make_webinar("Another", organiser=other)
        with write():
            webinar_updated.send(webinar, fields=["room_url"])  # search reads it again
        found = {
            "visitor": leaks(app, app.test_client(), webinar, marks=marks, everywhere=True),
            "member": leaks(app, client_for(make_user()), webinar, marks=marks, everywhere=True),
            "organiser of another": leaks(app, client_for(other), webinar, marks=marks),
            "guest, early": leaks(app, app.test_client(), webinar, seated.token, marks=marks),
            "member with a seat, early": leaks(app, client_for(member), webinar, marks=marks),
            "waits": leaks(app, app.test_client(), webinar, waiting.token, marks=marks),
            "withdrew": leaks(app, app.test_client(), webinar, gone.token, marks=marks),
            "speaker": leaks(app, app.test_client(), webinar, speaker.token, marks=marks),
        }

    assert found == {name: [] for name in found}


def test_pages_of_those_inside_hold_no_address_either(offering: Flask, client_for: SignIn) -> None:
    with time_machine.travel(START + timedelta(minutes=6)):
        webinar = marked_webinar(Provider.LINK)
        seated = make_registration(webinar)
        waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
        for _ in range(2):
            make_registration(webinar, joined_at=START)
        inside = leaks(offering, offering.test_client(), webinar, seated.token, marks=MARKED)
        marks = [*MARKED, *TELEPHONE]
        full = leaks(offering, offering.test_client(), webinar, waiting.token, marks=marks)

    assert (inside, full) == ([], [])


@pytest.mark.parametrize(
    ("provider", "address"),
    [
        (Provider.LINK, URL),
        (Provider.JITSI, f"https://meet.example.org/{NAME}?jwt="),
        (Provider.BIGBLUEBUTTON, "https://bbb.example.org/bigbluebutton/api/join?"),
    ],
)
def test_only_the_telephone_is_on_the_page(
    offering: Flask, provider: Provider, address: str
) -> None:
    """The address is in the answer to the press, and the backup's in that to its own button."""
    with time_machine.travel(START):
        webinar = marked_webinar(provider)
        row = make_registration(webinar)
        browser, place = offering.test_client(), f"/webinars/{webinar.id}"
        pages = [browser.get(f"{place}/{page}?t={row.token}").text for page in ("join", "live")]
        room = browser.post(f"{place}/join", data={"t": row.token})
        backup = browser.post(f"{place}/join", data={"t": row.token, "backup": "1"})

    assert [mark for mark in MARKED for page in pages if mark in page] == []
    assert all('href="tel:+3225550123"' in page for page in pages)
    assert room.headers["Refresh"].startswith(f"0; url={address}")
    assert backup.headers["Refresh"] == f"0; url={BACKUP}"
    assert not any(secret in room.text for secret in SECRETS.values())


def test_no_mail_holds_a_mark(offering: Flask) -> None:
    """Invitations, reminders, moves and cancellations."""
    with time_machine.travel(START - timedelta(days=9)) as clock:
        webinar = marked_webinar(Provider.LINK)
        register(webinar, guest("somebody@demo.invalid"))
        register(webinar, make_user())
        with write():
            reminding.plan(webinar)
        for moment in (timedelta(0), timedelta(days=8), timedelta(days=9) - timedelta(minutes=59)):
            clock.move_to(START - timedelta(days=9) + moment)
            work()
        clock.move_to(START + timedelta(days=2))
        work()
        mails = all_mails()

    assert len(mails) >= 4
    texts = [
        part.get_payload(decode=True) or b""
        for mail in mails
        for part in read(mail).walk()
        if not part.is_multipart()
    ]
    assert [text for text in texts if any(m.encode() in text for m in [*MARKED, *TELEPHONE])] == []


def test_the_log_of_a_press_holds_no_address(
    offering: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with time_machine.travel(START):
        webinar = marked_webinar(Provider.BIGBLUEBUTTON)
        row = make_registration(webinar)
        room = offering.test_client().post(f"/webinars/{webinar.id}/join", data={"t": row.token})

    assert NAME in room.text
    assert SECRETS["bbb_secret"] not in room.text
    assert not any(mark in caplog.text for mark in [*MARKED, row.token])
