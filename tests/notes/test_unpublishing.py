"""A summary that is taken back is in no output; a new version can follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.db import db, write
from app.notes import deciding, unpublishing
from app.notes.deciding import Owner
from app.notes.enums import NotesStatus
from app.notes.errors import ChangeNoteMissing, NotPublished, ReasonMissing
from app.notes.models import NoteSet
from tests.factories import make_user
from tests.factories_notes import make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def admin(app: Flask) -> User:
    return make_user("Network office", role=SiteRole.ADMIN)


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    """Published, with a decision and an action in the second version."""
    note_set = make_summary(organiser, "The wombat counts rents.").note_set
    with write():
        deciding.decide(note_set, "Count wombats")
        deciding.promise(note_set, "Feed wombats", Owner(label="office"), date(2026, 12, 1))
    publish(note_set, organiser, "More")
    return note_set


def take_back(note_set: NoteSet, admin: User, reason: str = "A wrong number") -> None:
    with write():
        unpublishing.unpublish(note_set, reason, admin)


def test_it_is_in_no_output_any_more(
    note_set: NoteSet, admin: User, organiser: User, client: FlaskClient, client_for: SignIn
) -> None:
    here = f"/webinars/{note_set.webinar_id}"
    guest = make_registration(note_set.webinar)
    lists = ["/knowledge", "/search?q=wombat", "/decisions", "/actions", "/decisions.csv",
             "/actions.csv", f"/webinars/{note_set.webinar_id}-x", "/sitemap.xml"]  # fmt: skip
    gone = [f"{here}/summary", f"{here}/summary.txt", f"{here}/summary.pdf",
            f"{here}/summary?version=1.0", f"/registrations/{guest.token}/summary"]  # fmt: skip
    member = client_for(make_user())
    before = sum("wombat" in client.get(address).text for address in lists)
    codes = {client.get(address).status_code for address in gone}

    take_back(note_set, admin)

    assert (before >= 4, codes) == (True, {200})
    for reader in (client, member, client_for(organiser), client_for(admin)):
        texts = [reader.get(address).text for address in lists]
        assert [text.count("ombats") for text in texts] == [0] * len(lists)
    for reader in (client, member):
        assert {reader.get(address).status_code for address in gone} == {404}
    assert f"{here}/summary" not in client.get("/sitemap.xml").text


def test_search_forgets_it_and_finds_the_next_version(
    note_set: NoteSet, admin: User, organiser: User, client: FlaskClient
) -> None:
    found = [f"/webinars/{note_set.webinar_id}/summary" in client.get("/search?q=wombat").text]
    take_back(note_set, admin)
    found.append(f"/webinars/{note_set.webinar_id}/summary" in client.get("/search?q=wombat").text)
    publish(note_set, organiser, "The number is right now")
    found.append(f"/webinars/{note_set.webinar_id}/summary" in client.get("/search?q=wombat").text)

    assert found == [True, False, True]


def test_admin_takes_it_back_with_a_reason(
    note_set: NoteSet, admin: User, client_for: SignIn
) -> None:
    browser = client_for(admin)
    here = f"/webinars/{note_set.webinar_id}"
    offered = browser.get(f"{here}/notes").text
    without = browser.post(f"{here}/summary/unpublish", data={"reason": " "})
    done = browser.post(f"{here}/summary/unpublish", data={"reason": "A wrong number"})
    again = browser.post(f"{here}/summary/unpublish", data={"reason": "Twice"})

    assert "Take the summary back" in offered
    assert (without.status_code, done.status_code, again.status_code) == (422, 302, 422)
    db.session.rollback()
    assert note_set.status == NotesStatus.DRAFT
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "notes.unpublish")).one()
    assert (line.actor_id, line.details) == (admin.id, {"reason": "A wrong number"})
    after = browser.get(f"{here}/notes").text
    assert "These versions were taken back." in after
    assert "Take the summary back" not in after


def test_organisers_are_not_offered_it(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    page = client_for(organiser).get(f"/webinars/{note_set.webinar_id}/notes").text

    assert "Take the summary back" not in page


def test_rules_hold_below_the_page(note_set: NoteSet, admin: User) -> None:
    with pytest.raises(ReasonMissing), write():
        unpublishing.unpublish(note_set, "", admin)
    take_back(note_set, admin)
    with pytest.raises(NotPublished), write():
        unpublishing.unpublish(note_set, "Twice", admin)


def test_next_version_goes_on_counting(note_set: NoteSet, admin: User, organiser: User) -> None:
    take_back(note_set, admin)
    with pytest.raises(ChangeNoteMissing):
        publish(note_set, organiser)

    version = publish(note_set, organiser, "The number is right now")

    assert (version.major, version.minor) == (1, 2)


@pytest.mark.parametrize(("ticked", "count"), [({}, 1), ({"tells_everybody": "y"}, 2)])
def test_a_new_version_is_mailed_only_if_ticked(
    organiser: User,
    client_for: SignIn,
    run_jobs: Callable[..., int],
    outbox: Callable[[], list[EmailMessage]],
    ticked: dict[str, str],
    count: int,
) -> None:
    note_set = make_summary(organiser).note_set
    seat = make_registration(note_set.webinar)
    run_jobs()
    with write():
        seat.last_mailed_at = None
    save(note_at(note_set, 1), "Corrected", organiser)
    data = {"change_note": "A number", **ticked}
    address = f"/webinars/{note_set.webinar_id}/summary"
    client_for(organiser).post(address, data=data)
    run_jobs()

    assert len(outbox()) == count
