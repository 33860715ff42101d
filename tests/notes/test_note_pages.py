"""The notes pages: write, clash, look back; who may; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.drafting import save_draft
from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import deciding, reviewing, writing
from app.notes.contents import actions_of, decisions_of, revisions_of
from app.notes.deciding import Owner
from app.notes.models import Action, Decision, NoteSet
from tests.factories import make_city, make_group, make_user
from tests.factories_notes import make_notes, make_summary, note_at, save
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_registration,
    make_webinar,
)

SignIn = Callable[[User], FlaskClient]
HARD = ["", "a" * 10_000, "\x00\x01", "🎥 Ελ", "\u202eRTL", "# <script>alert(1)</script>", "\n\n"]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def browser(organiser: User, client_for: SignIn) -> FlaskClient:
    return client_for(organiser)


def base(note_set: NoteSet) -> str:
    return f"/webinars/{note_set.webinar_id}"


def notes_url(note_set: NoteSet) -> str:
    return f"{base(note_set)}/notes"


def edit_url(note_set: NoteSet, position: int = 1) -> str:
    return f"{notes_url(note_set)}/{note_at(note_set, position).id}/edit"


def test_an_organiser_starts_the_notes(browser: FlaskClient, organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    make_agenda_item(webinar, "Welcome")
    address = f"/webinars/{webinar.id}/notes"

    first = browser.get(address)
    started = browser.post(address)
    page = browser.get(address)

    assert (first.status_code, started.status_code, page.status_code) == (200, 302, 200)
    assert "Start the notes" in first.text
    assert [h in page.text for h in ("General", "Welcome", "Edit this section")] == [True] * 3


def test_an_item_that_came_later_gets_its_section(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    make_agenda_item(note_set.webinar, "Late item", position=2)

    before = browser.get(notes_url(note_set))
    browser.post(notes_url(note_set))
    after = browser.get(notes_url(note_set))

    assert "1 agenda item came later" in before.text
    assert "Late item" in after.text


def test_a_section_is_edited_at_its_own_address(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)

    form = browser.get(edit_url(note_set))
    saved = browser.post(edit_url(note_set), data={"body": "It **works**", "base_revision": "0"})
    page = browser.get(notes_url(note_set))

    assert f'data-draft-context="note:{note_at(note_set, 1).id}"' in form.text
    assert saved.headers["Location"].endswith("/notes#note-1")
    assert "<strong>works</strong>" in page.text


def test_a_kept_draft_is_offered_and_gone_after_saving(
    browser: FlaskClient, organiser: User
) -> None:
    note_set = make_notes(organiser)
    note = note_at(note_set, 1)
    save(note, "on the page", organiser)
    save(note, "newer", organiser)
    with write():
        fields = {"body": "half written", "base_revision": "1"}
        number = save_draft(organiser, f"note:{note.id}", fields, 0).sequence

    offered = browser.get(edit_url(note_set)).text
    sent = {"body": "whole", "base_revision": "2", "draft_sequence": str(number)}
    browser.post(edit_url(note_set), data=sent)
    after = browser.get(edit_url(note_set)).text

    assert "half written" in offered
    assert re.search(r'name="base_revision"[^>]*value="1"', offered)
    assert "half written" not in after


def test_edits_of_two_people_are_joined(
    browser: FlaskClient, organiser: User, client_for: SignIn
) -> None:
    note_set = make_notes(organiser)
    note = note_at(note_set, 1)
    save(note, "a\n\nb", organiser)
    admin = client_for(make_user("Network office", role=SiteRole.ADMIN))

    admin.post(edit_url(note_set), data={"body": "A\n\nb", "base_revision": "1"})
    browser.post(edit_url(note_set), data={"body": "a\n\nB", "base_revision": "1"})
    joined = browser.get(notes_url(note_set))

    assert "joined with the changes of Network office" in joined.text
    db.session.rollback()
    assert revisions_of(note)[0].body == "A\n\nB"


def clash(browser: FlaskClient, note_set: NoteSet, author: User) -> str:
    """The page of a clash over one of three paragraphs."""
    note = note_at(note_set, 1)
    save(note, "one\n\ntwo\n\nthree", author)
    save(note, "one\n\ntwo theirs\n\nthree", author)
    data = {"body": "one\n\ntwo mine\n\nthree", "base_revision": "1"}
    answer = browser.post(edit_url(note_set), data=data)
    assert answer.status_code == 409
    return answer.text


def test_a_clash_shows_both_texts_beside_each_other(browser: FlaskClient, organiser: User) -> None:
    page = clash(browser, make_notes(organiser), organiser)

    shown = re.findall(r'<div class="clash__text">(.*?)</div>', page)
    assert shown[:5] == ["one", "two", "two mine", "two theirs", "three"]


@pytest.mark.parametrize(
    ("choice", "own", "expected"),
    [
        ("mine", "", "two mine"),
        ("theirs", "", "two theirs"),
        ("both", "", "two theirs\n\ntwo mine"),
        ("own", "two of us", "two of us"),
    ],
)
def test_a_clash_is_settled_by_choice(
    browser: FlaskClient, organiser: User, choice: str, own: str, expected: str
) -> None:
    note_set = make_notes(organiser)
    clash(browser, note_set, organiser)
    note = note_at(note_set, 1)
    address = f"{notes_url(note_set)}/{note.id}/clashes/3"

    shown = browser.get(address)
    settled = browser.post(address, data={"theirs": "2", "choice0": choice, "own0": own})

    assert (shown.status_code, settled.status_code) == (200, 302)
    db.session.rollback()
    head = writing.revision_of(note, note.head)
    assert head is not None
    assert head.body == f"one\n\n{expected}\n\nthree"


def test_a_clash_without_a_choice_comes_back(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    clash(browser, note_set, organiser)
    address = f"{notes_url(note_set)}/{note_at(note_set, 1).id}/clashes/3"

    answer = browser.post(address, data={"theirs": "2", "choice0": "?", "own0": "kept words"})

    assert answer.status_code == 422
    assert "kept words" in answer.text


def test_choices_beside_an_older_text_are_asked_for_again(
    browser: FlaskClient, organiser: User
) -> None:
    note_set = make_notes(organiser)
    clash(browser, note_set, organiser)
    note = note_at(note_set, 1)
    save(note, "one newer\n\ntwo theirs\n\nthree", organiser)
    address = f"{notes_url(note_set)}/{note.id}/clashes/3"

    answer = browser.post(address, data={"theirs": "2", "choice0": "mine", "own0": "my words"})

    assert answer.status_code == 409
    assert ("one newer" in answer.text, "my words" in answer.text) == (True, True)
    db.session.rollback()
    assert (note.head, len(revisions_of(note))) == (4, 4)


def test_history_shows_what_changed_and_puts_back(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    note = note_at(note_set, 1)
    save(note, "first", organiser)
    save(note, "second", organiser)
    history = f"{notes_url(note_set)}/{note.id}/history"

    page = browser.get(history)
    odd = browser.get(f"{history}?from=x&to=99&to=1")
    back = browser.post(f"{history}/1/restore")

    assert [mark in page.text for mark in ("<ins", "second", "<del", "first")] == [True] * 4
    assert (odd.status_code, back.status_code) == (200, 302)
    db.session.rollback()
    assert revisions_of(note)[0].body == "first"


@pytest.mark.parametrize("body", HARD)
def test_no_text_breaks_the_page(browser: FlaskClient, organiser: User, body: str) -> None:
    note_set = make_notes(organiser)

    saved = browser.post(edit_url(note_set), data={"body": body, "base_revision": "x"})
    page = browser.get(notes_url(note_set))

    assert (saved.status_code, page.status_code) == (302, 200)
    assert "<script>alert" not in page.text


def test_a_text_that_is_too_long_comes_back_whole(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    body = "x" * 1_000_000

    answer = browser.post(edit_url(note_set), data={"body": body, "base_revision": "0"})

    assert answer.status_code == 422
    assert body in answer.text


def test_broken_bytes_are_saved_as_text(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)

    answer = browser.post(
        edit_url(note_set),
        data=b"body=a%ff%fe&base_revision=0&body=second&base_revision=-1",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 302


def test_who_reads_a_section_can_be_said(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    note = note_at(note_set, 1)
    address = f"{notes_url(note_set)}/{note.id}/settings"

    browser.post(address, data={"is_for_practitioners": "y", "is_not_treated": "y"})
    db.session.rollback()
    first = (note.is_for_practitioners, note.is_treated)
    page = browser.get(notes_url(note_set)).text
    browser.post(address)
    db.session.rollback()

    assert first == (True, False)
    assert "Practitioners only" in page
    assert (note.is_for_practitioners, note.is_treated) == (False, True)


def test_the_short_text_is_saved_once(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    address = f"{notes_url(note_set)}/at-a-glance"

    first = browser.post(address, data={"at_a_glance": "Short", "lock_version": "1"})
    stale = browser.post(address, data={"at_a_glance": "My words", "lock_version": "1"})
    long = browser.post(address, data={"at_a_glance": "x" * 3000, "lock_version": "2"})

    assert (first.status_code, stale.status_code, long.status_code) == (302, 409, 422)
    assert "My words" in stale.text
    assert "x" * 3000 in long.text


def test_a_decision_is_recorded_and_changed(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    note_id = str(note_at(note_set, 1).id)
    data = {"text": "Meet monthly", "status": "adopted", "note": note_id}

    made = browser.post(f"{base(note_set)}/decisions", data=data)
    decision = decisions_of(note_set)[0]
    address = f"{base(note_set)}/decisions/{decision.id}/edit"
    form = browser.get(address)
    changed = browser.post(address, data=data | {"status": "withdrawn", "lock_version": "1"})
    stale = browser.post(address, data=data | {"text": "My words", "lock_version": "1"})
    empty = browser.post(address, data=data | {"text": " ", "lock_version": "2"})

    codes = [answer.status_code for answer in (made, form, changed, stale, empty)]
    assert codes == [302, 200, 302, 409, 422]
    assert "My words" in stale.text
    db.session.rollback()
    assert [(d.text, d.status, d.lock_version) for d in decisions_of(note_set)] == [
        ("Meet monthly", "withdrawn", 2)
    ]


def test_a_bad_decision_comes_back_on_the_page(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    data = {"text": "Typed words", "status": "??", "note": "99"}

    answer = browser.post(f"{base(note_set)}/decisions", data=data)

    assert answer.status_code == 422
    assert "Typed words" in answer.text
    assert decisions_of(note_set) == []


def test_an_action_goes_through_its_life(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    data = {"text": "Write", "owner": f"user:{organiser.id}", "due_on": "2026-12-01", "note": ""}
    actions = f"{base(note_set)}/actions"

    made = browser.post(actions, data=data)
    action = actions_of(note_set)[0]
    form = browser.get(f"{actions}/{action.id}/edit")
    changed = browser.post(
        f"{actions}/{action.id}/edit",
        data=data | {"owner": "", "owner_label": "network office", "lock_version": "1"},
    )
    turned = [
        browser.post(f"{actions}/{action.id}/{verb}", data={"lock_version": str(version)})
        for version, verb in enumerate(("finish", "reopen", "drop"), start=2)
    ]
    stale = browser.post(f"{actions}/{action.id}/reopen", data={"lock_version": "1"})

    codes = [answer.status_code for answer in (made, form, changed, *turned, stale)]
    assert codes == [302, 200, 302, 302, 302, 302, 409]
    db.session.rollback()
    found = actions_of(note_set)[0]
    assert (found.owner_label, found.owner_user_id, found.state) == (
        "network office",
        None,
        "dropped",
    )


def test_a_bad_action_comes_back_on_the_page(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    data = {"text": "Typed words", "owner": "city:77", "due_on": "31.31.2026", "note": ""}

    answer = browser.post(f"{base(note_set)}/actions", data=data)

    assert answer.status_code == 422
    assert "Typed words" in answer.text


def test_a_stale_action_form_keeps_what_was_typed(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    city = make_city()
    with write():
        action = deciding.promise(note_set, "Write", Owner(city=city), None)
    address = f"{base(note_set)}/actions/{action.id}/edit"

    form = browser.get(address)
    data = {"text": "My words", "owner": f"city:{city.id}", "note": "", "lock_version": "9"}
    stale = browser.post(address, data=data)
    empty = browser.post(address, data=data | {"text": ""})

    assert "Graz" in form.text
    assert (stale.status_code, empty.status_code) == (409, 422)
    assert "My words" in stale.text


def test_publishing_says_what_is_missing_and_then_publishes(
    browser: FlaskClient, organiser: User
) -> None:
    note_set = make_notes(organiser)
    address = f"{base(note_set)}/summary"

    early = browser.post(address)
    save(note_at(note_set, 1), "Text", organiser)
    done = browser.post(address)
    again = browser.post(address)
    long = browser.post(address, data={"change_note": "x" * 400})
    page = browser.get(notes_url(note_set))

    codes = [answer.status_code for answer in (early, done, again, long, page)]
    assert codes == [422, 302, 422, 422, 200]
    assert "has no text" in early.text
    assert "Say in one line what changed" in again.text
    assert "Version 1.0" in page.text


def test_review_is_opened_and_closed(
    browser: FlaskClient, organiser: User, client_for: SignIn
) -> None:
    note_set, person = make_notes(organiser), make_user()
    make_registration(note_set.webinar, person)
    member = client_for(person)

    before = member.get(notes_url(note_set))
    opened = browser.post(f"{notes_url(note_set)}/review", data={"days": "7"})
    during = member.get(notes_url(note_set))
    browser.post(f"{notes_url(note_set)}/draft")
    after = member.get(notes_url(note_set))

    assert [a.status_code for a in (before, opened, during, after)] == [403, 302, 200, 403]
    assert "Edit this section" not in during.text


def test_review_cannot_be_asked_after_publishing(browser: FlaskClient, organiser: User) -> None:
    note_set = make_summary(organiser).note_set

    assert browser.post(f"{notes_url(note_set)}/review", data={"days": "7"}).status_code == 422


def addresses(note_set: NoteSet) -> list[tuple[str, str]]:
    note_id = note_at(note_set, 1).id
    with write() as session:
        decision = deciding.decide(note_set, "x")
        action = deciding.promise(note_set, "x", Owner(), None)
        session.flush()
    notes, here = notes_url(note_set), base(note_set)
    return [
        ("GET", notes), ("POST", notes), ("POST", f"{notes}/at-a-glance"),
        ("POST", f"{notes}/review"), ("POST", f"{notes}/draft"),
        ("GET", f"{notes}/{note_id}/edit"), ("POST", f"{notes}/{note_id}/edit"),
        ("GET", f"{notes}/{note_id}/history"), ("POST", f"{notes}/{note_id}/history/1/restore"),
        ("GET", f"{notes}/{note_id}/clashes/1"), ("POST", f"{notes}/{note_id}/settings"),
        ("POST", f"{here}/decisions"), ("GET", f"{here}/decisions/{decision.id}/edit"),
        ("POST", f"{here}/actions"), ("GET", f"{here}/actions/{action.id}/edit"),
        ("POST", f"{here}/actions/{action.id}/finish"), ("POST", f"{here}/summary"),
    ]  # fmt: skip


def codes(browser: FlaskClient, asked: list[tuple[str, str]]) -> set[int]:
    return {browser.open(address, method=method).status_code for method, address in asked}


def test_a_member_may_not_write(app: Flask, client_for: SignIn) -> None:
    asked = addresses(make_notes())

    assert codes(client_for(make_user()), asked) == {403}
    assert codes(client_for(make_organiser("Other organiser")), asked) == {403}


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    asked = addresses(make_notes())

    writing = [one for one in asked if one == ("POST", edit_url_of(asked))]
    assert codes(client, writing) == {401}
    assert codes(client, [one for one in asked if one not in writing]) == {302}


def edit_url_of(asked: list[tuple[str, str]]) -> str:
    return next(address for _method, address in asked if re.search(r"/notes/\d+/edit$", address))


def test_a_stranger_finds_nothing(app: Flask, client_for: SignIn) -> None:
    group = make_group(slug="closed-circle")
    asked = addresses(make_notes(visibility=Visibility.HIDDEN, group_id=group.id))

    assert codes(client_for(make_user()), asked) == {404}


def test_an_admin_may_write(app: Flask, client_for: SignIn) -> None:
    admin = client_for(make_user(role=SiteRole.ADMIN))

    assert admin.get(edit_url(make_notes())).status_code == 200


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63, 10**30])
def test_numbers_that_lead_nowhere(browser: FlaskClient, organiser: User, number: int) -> None:
    note_set = make_notes(organiser)
    here, note_id = notes_url(note_set), note_at(note_set, 1).id
    asked = [
        f"/webinars/{number}/notes", f"/webinars/{number}/summary", f"{here}/{number}/edit",
        f"{here}/{note_id}/clashes/{number}", f"{base(note_set)}/decisions/{number}/edit",
        f"{base(note_set)}/actions/{number}/edit",
    ]  # fmt: skip

    assert {browser.get(address).status_code for address in asked} == {404}


def test_practitioners_parts_are_closed_in_review_too(app: Flask, client_for: SignIn) -> None:
    organiser, inside, outside = make_organiser(), make_user(), make_user()
    make_group(inside)
    note_set = make_notes(organiser, ("Welcome", "Closed part"))
    for person in (inside, outside):
        make_registration(note_set.webinar, person)
    closed = note_at(note_set, 2)
    save(closed, "Secret words", organiser)
    with write():
        writing.describe(closed, is_for_practitioners=True, is_treated=True)
        reviewing.open_review(note_set, 7, organiser)
        deciding.decide(note_set, "Secret decision", closed)
        deciding.promise(note_set, "Secret action", Owner(), None, closed)

    def secrets(user: User) -> int:
        browser = client_for(user)
        page = browser.get(notes_url(note_set)).text
        return page.count("Secret") + browser.get(f"{base(note_set)}/summary.txt").text.count(
            "Secret"
        )

    assert (secrets(inside), secrets(organiser), secrets(outside)) == (6, 6, 0)


def test_the_page_needs_as_many_statements_for_many_items(
    browser: FlaskClient,
    organiser: User,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def statements(items: int) -> int:
        note_set = make_notes(organiser, tuple(f"Item {n}" for n in range(items)))
        for note in note_set.notes:
            save(note, "Text", organiser)
        with write() as session:
            for number in range(items):
                session.add(decision(note_set, number))
                session.add(action(note_set, number, organiser))
        with count_statements() as found:
            assert browser.get(notes_url(note_set)).status_code == 200
        return len(found)

    assert statements(1) == statements(30)


def decision(note_set: NoteSet, number: int) -> Decision:
    return Decision(
        note_set_id=note_set.id, year=2000 + note_set.id, number=number, text="x",
        created_at=note_set.created_at,
    )  # fmt: skip


def action(note_set: NoteSet, number: int, owner: User) -> Action:
    return Action(
        note_set_id=note_set.id, year=2000 + note_set.id, number=number, text="x",
        created_at=note_set.created_at, owner_user_id=owner.id,
    )  # fmt: skip
