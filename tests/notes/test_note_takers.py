"""Note takers: named and released by organisers, told once, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import note_takers
from app.notes.models import NoteSet, NoteTaker
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from tests.factories import make_group, make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


def takers_url(note_set: NoteSet) -> str:
    return f"/webinars/{note_set.webinar_id}/notes/takers"


def named(note_set: NoteSet, person: User, actor: User) -> bool:
    with write():
        return note_takers.name_note_taker(note_set.webinar, person, actor)


def told() -> list[tuple[int, int | None]]:
    found = sa.select(Notice).where(Notice.kind == NoticeKind.NOTE_TAKER)
    return [(notice.user_id, notice.webinar_id) for notice in db.session.scalars(found)]


def test_a_note_taker_writes_but_names_no_others(app: Flask, client_for: SignIn) -> None:
    organiser, taker = make_organiser(), make_user("Policy adviser, Graz")
    note_set = make_notes(organiser)
    note, here = note_at(note_set, 1), f"/webinars/{note_set.webinar_id}"
    browser = client_for(taker)

    before = browser.get(f"{here}/notes").status_code
    added = client_for(organiser).post(takers_url(note_set), data={"who": "Policy adviser"})
    page = browser.get(f"{here}/notes")
    saved = browser.post(
        f"{here}/notes/{note.id}/edit", data={"body": "Theirs", "base_revision": "0"}
    )
    refused = browser.get(takers_url(note_set)).status_code

    assert (before, added.status_code, page.status_code, saved.status_code) == (403, 302, 200, 302)
    assert "Edit this section" in page.text
    assert refused == 403


def test_whoever_is_named_is_told_once(app: Flask) -> None:
    organiser, taker = make_organiser(), make_user()
    note_set = make_notes(organiser)

    first, again = named(note_set, taker, organiser), named(note_set, taker, organiser)

    assert (first, again) == (True, False)
    assert told() == [(taker.id, note_set.webinar_id)]


def test_the_notice_leads_to_the_notes(app: Flask, client_for: SignIn) -> None:
    organiser, taker = make_organiser(), make_user()
    note_set = make_notes(organiser)
    named(note_set, taker, organiser)
    browser = client_for(taker)

    page = browser.get("/notifications").text
    link = re.search(r'href="(/notifications/\d+)"', page)

    assert "You take the notes of this webinar" in page
    assert link is not None
    assert browser.get(link[1]).headers["Location"] == f"/webinars/{note_set.webinar_id}/notes"


def test_an_organiser_writes_already(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser)

    assert named(note_set, organiser, organiser) is False
    assert db.session.scalars(sa.select(NoteTaker)).all() == []


def test_a_released_note_taker_can_come_back_by_undo(app: Flask, client_for: SignIn) -> None:
    organiser, taker = make_organiser(), make_user()
    note_set = make_notes(organiser)
    named(note_set, taker, organiser)
    save(note_at(note_set, 1), "What they wrote", taker)
    browser, address = client_for(organiser), f"{takers_url(note_set)}/{taker.id}"

    browser.post(f"{address}/remove")
    released = browser.get(takers_url(note_set))
    gone = client_for(taker).get(f"/webinars/{note_set.webinar_id}/notes").status_code
    browser.post(f"{address}/restore")
    back = browser.get(takers_url(note_set))

    assert f'action="{address}/restore"' in released.text
    assert gone == 403
    assert f'action="{address}/remove"' in back.text
    assert "What they wrote" in client_for(taker).get(f"/webinars/{note_set.webinar_id}/notes").text


def test_somebody_who_cannot_see_the_webinar_is_not_named(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    group = make_group(organiser, slug="closed-circle")
    note_set = make_notes(organiser, visibility=Visibility.HIDDEN, group_id=group.id)
    stranger = make_user("Policy adviser, Braga")
    browser = client_for(organiser)

    refused = browser.post(takers_url(note_set), data={"who": "Policy adviser, Braga"})
    browser.post(f"{takers_url(note_set)}/{stranger.id}/restore")

    assert refused.status_code == 422
    assert "Policy adviser, Braga cannot see this webinar" in refused.text
    assert db.session.scalars(sa.select(NoteTaker)).all() == []


def test_one_of_several_with_the_same_name_is_chosen(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    first, second = make_user("Policy adviser, Graz"), make_user("Policy adviser, Braga")
    note_set = make_notes(organiser)
    browser, address = client_for(organiser), takers_url(note_set)

    asked = browser.post(address, data={"who": "Policy adviser"})
    browser.post(address, data={"who": "Policy adviser", "person": str(second.id)})
    wrong = browser.post(address, data={"who": "Nobody like this"})
    empty = browser.post(address, data={"who": " "})

    assert "Whom do you mean?" in asked.text
    assert [person.id for person in note_takers.note_takers_of(note_set.webinar)] == [second.id]
    assert first.display_name in asked.text
    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "Nobody like this" in wrong.text


def test_ids_that_lead_nowhere_change_nothing(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    address = takers_url(make_notes(organiser))
    browser = client_for(organiser)
    ids = (0, 999_999, 2**31, 2**63)

    answers = {
        browser.post(f"{address}/{user_id}/{verb}").status_code
        for user_id in ids
        for verb in ("remove", "restore")
    }

    assert answers <= {302, 404}
    assert note_takers_left() == []


def note_takers_left() -> list[NoteTaker]:
    return list(db.session.scalars(sa.select(NoteTaker)))


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    address = takers_url(make_notes())

    assert {client.get(address).status_code, client.post(f"{address}/1/remove").status_code} == {
        302
    }


def test_a_stranger_finds_nothing(app: Flask, client_for: SignIn) -> None:
    group = make_group(slug="closed-circle")
    note_set = make_notes(visibility=Visibility.HIDDEN, group_id=group.id)

    assert client_for(make_user()).get(takers_url(note_set)).status_code == 404
