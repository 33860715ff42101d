"""What is for practitioners in notes B is in no byte that anybody else gets, and is there for them.

The demo has the notes; a decision and an action are recorded in that part, and published. Every
address of the product is read by who practises first, then by everybody else: what was kept of
their reading must not come out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.notes import deciding, publishing
from app.notes.deciding import Owner
from app.notes.guest_links import guest_key
from app.notes.jobs import send_summary
from app.notes.models import Note, SummaryVersion
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration
from tests.factories_registrations import make_registration
from tests.hostile.people import person
from tests.hostile.words_out import addresses, leaks, mailed
from tests.notes.file_reading import squeezed

pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]
HEADING = "Which partner was hardest to bring on board"
MARKS = (
    "hardest to bring on board",
    "One voice named the finance department",
    "nobody had shown it a figure",
    "Another named the police",
    "until the complaints procedure was written down together",
    "The quokka stays between us",
    "Feed the quokka",
    "Quokka desk",
)
ASKED = ("finance", "police", "partner hardest", "complaints procedure", "quoka", "shown figure")


class Told:
    """Notes B with records in the closed part, published anew."""

    def __init__(self) -> None:
        found = select(Note).where(Note.heading == HEADING, Note.is_for_practitioners)
        self.note = db.session.scalars(found).one()
        self.note_set = self.note.note_set
        organiser = self.note_set.webinar.organisers[0].user
        due = utcnow().date() + timedelta(days=5)
        self.guest = make_registration(self.note_set.webinar, email="guest@demo.invalid")
        with write():
            deciding.decide(self.note_set, "The quokka stays between us.", self.note)
            deciding.promise(self.note_set, "Feed the quokka.", Owner(label="Quokka desk"), due,
                             self.note)  # fmt: skip
            publishing.publish(self.note_set, organiser, "One more point", tells_everybody=True)

    def addresses(self, app: Flask, token: str = "") -> list[str]:
        """With the guest's own link and key, where there is a token."""
        webinar = self.note_set.webinar
        values: dict[str, list[Any]] = {
            "webinar_id": [webinar.id],
            "note_id": [self.note.id],
            "token": [token, "no-such-token-at-all"] if token else ["no-such-token-at-all"],
            "slug": [webinar.topic.slug if webinar.topic else "none", "graz"],
            "year": [webinar.start_local.year if webinar.start_local else webinar.year],
        }
        place = f"/webinars/{webinar.id}"
        asked = [f"/{page}?q={words.replace(' ', '+')}"
                 for page in ("search", "search.atom", "decisions", "actions", "decisions.csv",
                              "actions.csv") for words in ASKED]  # fmt: skip
        versions = [f"{place}/summary?version={n}" for n in ("1.0", "1.1", "9.9")]
        drafts = [f"{place}/summary.{form}?draft=1" for form in ("pdf", "txt", "html")]
        changes = [f"{place}/summary/changes?from=1.0&to=1.1"]
        mine = [*asked, *versions, *drafts, *changes]
        if token:
            mine += [f"{one}{'&' if '?' in one else '?'}key={guest_key(webinar)}" for one in mine]
            forms = ("pdf", "docx", "odt", "txt", "md", "html")
            mine += [f"{place}/summary.{form}?key={guest_key(webinar)}" for form in forms]
            mine += [f"{place}/{table}.csv?key={guest_key(webinar)}"
                     for table in ("decisions", "actions")]  # fmt: skip
            mine.append(f"{place}/summary?key={guest_key(webinar)}")
        return addresses(app, values, mine)


@pytest.fixture
def told(demo: Flask) -> Told:
    return Told()


# Without cookies a guest is a visitor wherever no link of theirs is in the address.
OUTSIDE = [
    pytest.param("guest", marks=pytest.mark.any_engine),
    pytest.param("newcomer", marks=pytest.mark.any_engine),
    "member",
]


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_gets_a_byte_of_it(
    demo: Flask, told: Told, client_for: SignIn, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    somebody = person(role) if role != "guest" else None
    browser = client_for(somebody) if somebody else demo.test_client(use_cookies=False)
    practitioner = client_for(_practitioner())
    paths = told.addresses(demo, token=told.guest.token if role == "guest" else "")
    for path in paths:
        if "key=" not in path and any(word in path for word in ("summary", "notes", "knowledge")):
            practitioner.get(path)

    assert leaks(browser, paths, MARKS) == []
    assert [mark for mark in MARKS if mark in caplog.text] == []


@pytest.mark.any_engine
def test_practitioners_read_all_of_it(demo: Flask, told: Told, client_for: SignIn) -> None:
    place = f"/webinars/{told.note_set.webinar_id}"
    theirs = (f"{place}/summary", "/search", "/decisions", "/actions", "/knowledge")
    paths = [one for one in told.addresses(demo) if one.startswith(theirs)]
    found = leaks(client_for(_practitioner()), paths, MARKS)

    whole = {f"{place}/summary", *(f"{place}/summary.{form}" for form in
                                   ("pdf", "docx", "odt", "txt", "md", "html"))}  # fmt: skip
    assert {f"{path}: {mark}" for path in whole for mark in MARKS} - set(found) == set()
    assert {line.partition(": ")[0] for line in found} & {"/decisions", "/actions", "/knowledge"}


@pytest.mark.any_engine
def test_no_mail_holds_it(demo: Flask, told: Told) -> None:
    """The mail about the summary goes to guests too: nothing closed is in anybody's."""
    version = db.session.scalars(
        select(SummaryVersion).where(SummaryVersion.note_set_id == told.note_set.id)
    ).all()[-1]
    there = db.session.scalars(
        select(Registration).where(
            Registration.webinar_id == told.note_set.webinar_id,
            Registration.state == RegistrationState.CONFIRMED,
        )
    )
    with write():
        for one in there.all():
            send_summary(one.id, version.id)
    letters = list(mailed())

    assert any("guest@demo.invalid" in to for to, _words in letters)
    assert [(to, mark) for to, words in letters for mark in MARKS
            if squeezed(mark) in squeezed(words)] == []  # fmt: skip


def _practitioner() -> User:
    found = select(User).where(User.email == "official@demo.invalid")
    return db.session.scalars(found).one()
