"""The pages of a review: read, propose, take back, answer; by account, by link, and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, proposing, reviewing, writing
from app.notes.contents import revisions_of
from app.notes.deciding import Owner
from app.notes.enums import CorrectionState, Naming, NotesStatus
from app.notes.models import Correction, NoteSet, NoteTaker
from app.notes.proposing import Proposer
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration
from tests.factories import make_city, make_group, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_reviews import TEXT, make_review, propose
from tests.factories_webinars import make_organiser
from tests.factories_webinars import make_registration as register_member

SignIn = Callable[[User], FlaskClient]
HARD = ["a" * 10_000, "\x00\x01 b", "🎥 Ελ", "\u202eRTL", "# <script>alert(1)</script>", "x\n\ny"]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def browser(organiser: User, client_for: SignIn) -> FlaskClient:
    return client_for(organiser)


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    return make_review(organiser)


@pytest.fixture
def member(note_set: NoteSet) -> User:
    person = make_user("Housing officer", make_city("Lund"))
    register_member(note_set.webinar, person)
    return person


@pytest.fixture
def guest(note_set: NoteSet) -> Registration:
    return make_registration(note_set.webinar)


def notes(note_set: NoteSet) -> str:
    return f"/webinars/{note_set.webinar_id}/notes"


def by_account(note_set: NoteSet) -> str:
    return f"{notes(note_set)}/{note_at(note_set, 1).id}/corrections"


def by_link(note_set: NoteSet, guest: Registration) -> str:
    return f"/registrations/{guest.token}/review/{note_at(note_set, 1).id}"


def typed(proposed: str = "Rents fell.", **changes: object) -> dict[str, Any]:
    return {"proposed": proposed, "reason": "", "base": "1", "paragraph": "0", **changes}


def corrections() -> list[Correction]:
    db.session.rollback()
    return list(db.session.query(Correction).order_by(Correction.id))


def test_who_was_there_reads_the_draft_by_paragraphs(
    note_set: NoteSet, member: User, client_for: SignIn
) -> None:
    page = client_for(member).get(notes(note_set)).text

    assert page.count("Propose a correction") == 3
    assert "Graz counts them each year." in page
    assert "Until " in page
    assert "Edit this section" not in page
    assert f"{by_account(note_set)}/new?base=1&amp;paragraph=2" in page


def test_guest_reads_it_by_the_personal_link(
    note_set: NoteSet, guest: Registration, client: FlaskClient
) -> None:
    page = client.get(f"/registrations/{guest.token}/review")

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.text.count("Propose a correction") == 3
    assert f"{by_link(note_set, guest)}/new?base=1&amp;paragraph=0" in page.text


@pytest.mark.parametrize("status", [NotesStatus.DRAFT, NotesStatus.PUBLISHED])
def test_link_opens_nothing_outside_of_the_review(
    note_set: NoteSet, guest: Registration, client: FlaskClient, status: NotesStatus
) -> None:
    with write():
        note_set.status = status

    asked = [f"/registrations/{guest.token}/review", f"{by_link(note_set, guest)}/new?base=1"]
    assert {client.get(address).status_code for address in asked} == {404}


@pytest.mark.parametrize("token", ["x", "a" * 30, "%00", "ü" * 20])
def test_unknown_links_open_nothing(note_set: NoteSet, client: FlaskClient, token: str) -> None:
    assert client.get(f"/registrations/{token}/review").status_code == 404


def test_who_lost_the_place_reads_nothing(note_set: NoteSet, client: FlaskClient) -> None:
    gone = make_registration(note_set.webinar, state=RegistrationState.CANCELLED)

    assert client.get(f"/registrations/{gone.token}/review").status_code == 404


def test_form_begins_with_the_paragraph_as_it_is(
    note_set: NoteSet, member: User, client_for: SignIn
) -> None:
    page = client_for(member).get(f"{by_account(note_set)}/new?base=1&paragraph=1").text

    assert re.search(r"<textarea[^>]*>\s*Graz counts them each year.</textarea>", page)


def test_member_proposes_and_takes_back(
    note_set: NoteSet, member: User, client_for: SignIn
) -> None:
    client = client_for(member)
    sent = client.post(f"{by_account(note_set)}/new", data=typed(reason="It was wrong"))
    (correction,) = corrections()
    page = client.get(notes(note_set)).text
    back = client.post(f"{by_account(note_set)}/{correction.id}/withdraw")

    assert (sent.status_code, back.status_code) == (302, 302)
    assert (correction.was, correction.proposed, correction.reason) == (
        "Rents rose by a third.",
        "Rents fell.",
        "It was wrong",
    )
    assert correction.user_id == member.id
    assert "waits for an answer" in page
    assert corrections()[0].state == CorrectionState.WITHDRAWN


def test_guest_proposes_and_takes_back(
    note_set: NoteSet, guest: Registration, client: FlaskClient
) -> None:
    sent = client.post(f"{by_link(note_set, guest)}/new", data=typed())
    (correction,) = corrections()
    page = client.get(f"/registrations/{guest.token}/review").text
    back = client.post(f"{by_link(note_set, guest)}/{correction.id}/withdraw")

    assert (sent.status_code, back.status_code) == (302, 302)
    assert (correction.registration_id, correction.user_id) == (guest.id, None)
    assert "waits for an answer" in page
    assert corrections()[0].state == CorrectionState.WITHDRAWN


def test_nobody_takes_back_what_somebody_else_proposed(
    note_set: NoteSet, member: User, guest: Registration, client_for: SignIn, client: FlaskClient
) -> None:
    other = make_user()
    register_member(note_set.webinar, other)
    mine = propose(note_at(note_set, 1), "Rents fell.", Proposer(member))

    assert client.post(f"{by_link(note_set, guest)}/{mine.id}/withdraw").status_code == 404
    asked = client_for(other).post(f"{by_account(note_set)}/{mine.id}/withdraw")
    assert asked.status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (typed("Rents rose by a third."), "Change the words that should be different."),
        (typed("a" * 2_100), "This is too long for one paragraph"),
        (typed("Rents fell.", reason="b" * 600), "This text is too long"),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be_taken(
    note_set: NoteSet, member: User, client_for: SignIn, data: dict[str, Any], said: str
) -> None:
    answer = client_for(member).post(f"{by_account(note_set)}/new", data=data)

    assert (answer.status_code, said in answer.text, corrections()) == (422, True, [])
    assert data["proposed"] in answer.text


def test_after_the_end_it_says_since_when(
    note_set: NoteSet, member: User, client_for: SignIn
) -> None:
    client = client_for(member)
    with time_machine.travel(utcnow() + timedelta(days=8)):
        page = client.get(notes(note_set))
        answer = client.post(f"{by_account(note_set)}/new", data=typed())

    assert "The time for corrections is over since" in page.text
    assert "Propose a correction" not in page.text
    assert answer.status_code == 422
    assert "The time for corrections is over since" in answer.text
    assert "Rents fell." in answer.text


def test_too_many_in_an_hour_are_refused(
    note_set: NoteSet, member: User, client_for: SignIn
) -> None:
    for number in range(proposing.PROPOSALS.most):
        propose(note_at(note_set, 1), f"Number {number}", Proposer(member))

    answer = client_for(member).post(f"{by_account(note_set)}/new", data=typed())

    assert (answer.status_code, "Rents fell." in answer.text) == (429, True)


@pytest.mark.parametrize("words", HARD)
def test_hard_words_are_kept_or_refused(
    note_set: NoteSet, guest: Registration, client: FlaskClient, words: str
) -> None:
    answer = client.post(f"{by_link(note_set, guest)}/new", data=typed(words))
    page = client.get(f"/registrations/{guest.token}/review")

    assert answer.status_code in {302, 422}
    assert (page.status_code, "<script>alert" in page.text) == (200, False)


@pytest.mark.parametrize(
    "query", ["", "?base=1", "?base=x&paragraph=y", "?base=1&paragraph=99", "?base=99&paragraph=0",
              "?base=999999999999&paragraph=0"]
)  # fmt: skip
def test_addresses_without_a_paragraph(
    note_set: NoteSet, member: User, client_for: SignIn, query: str
) -> None:
    asked = client_for(member).get(f"{by_account(note_set)}/new{query}")

    assert asked.status_code == (200 if query == "?base=1" else 404)


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63])
def test_numbers_that_lead_nowhere(
    note_set: NoteSet, member: User, guest: Registration, client_for: SignIn, number: int
) -> None:
    client, here = client_for(member), notes(note_set)
    asked = [
        client.get(f"{here}/{number}/corrections/new?base=1"),
        client.post(f"{by_account(note_set)}/{number}/withdraw"),
        client.get(f"/registrations/{guest.token}/review/{number}/new?base=1"),
        client.post(f"{by_link(note_set, guest)}/{number}/withdraw"),
        client.get(f"/webinars/{number}/notes"),
    ]

    assert {answer.status_code for answer in asked} == {404}


def addresses(note_set: NoteSet, correction: Correction) -> dict[str, list[str]]:
    here, one = notes(note_set), f"{by_account(note_set)}/{correction.id}"
    return {
        "those who were there": [f"{by_account(note_set)}/new"],
        "organisers": [
            f"{here}/review", f"{here}/review/close", f"{here}/draft", f"{here}/naming",
            f"{one}/accept", f"{one}/reject", f"{one}/settle",
            f"/webinars/{note_set.webinar_id}/summary",
        ],
        "admins": [f"/webinars/{note_set.webinar_id}/summary/unpublish"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("member", ["those who were there", "organisers", "admins"]),
        ("was there", ["organisers", "admins"]),
        ("takes notes", ["organisers", "admins"]),
        ("organises", ["admins"]),
        ("admin", []),
    ],
)
def test_who_may_do_what(
    note_set: NoteSet, organiser: User, client_for: SignIn, role: str, closed: list[str]
) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    person = make_user(role=SiteRole.ADMIN) if role == "admin" else make_user()
    if role == "was there":
        register_member(note_set.webinar, person)
    if role == "takes notes":
        row = NoteTaker(webinar_id=note_set.webinar_id, user_id=person.id, added_at=utcnow())
        with write() as session:
            session.add(row)
    client = client_for(organiser if role == "organises" else person)

    for whose, asked in addresses(note_set, correction).items():
        codes = {client.post(address).status_code == 403 for address in asked}
        assert (whose, codes) == (whose, {whose in closed})


def test_a_visitor_is_asked_to_sign_in(note_set: NoteSet, client: FlaskClient) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    for asked in addresses(note_set, correction).values():
        assert {client.post(address).status_code for address in asked} == {302}


def test_a_stranger_finds_nothing(app: Flask, client_for: SignIn) -> None:
    group = make_group(slug="closed-circle")
    note_set = make_review(make_organiser(), visibility=Visibility.HIDDEN, group_id=group.id)
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    client = client_for(make_user())

    for asked in addresses(note_set, correction).values():
        assert {client.post(address).status_code for address in asked} == {404}


def test_link_never_opens_the_practitioners_part(organiser: User, client_for: SignIn) -> None:
    practitioner = make_user()
    make_group(practitioner)
    note_set = make_notes(organiser, ("Welcome", "Hardest partner"))
    closed = note_at(note_set, 2)
    save(closed, "Secret words", organiser)
    with write():
        writing.describe(closed, is_for_practitioners=True, is_treated=True)
        deciding.decide(note_set, "Secret decision", closed)
        deciding.promise(note_set, "Secret action", Owner(), None, closed)
        reviewing.open_review(note_set, 7, organiser)
    seat = register_member(note_set.webinar, practitioner)
    other = make_user()
    register_member(note_set.webinar, other)
    link = f"/registrations/{seat.token}/review"

    pages = [
        client_for(practitioner).get(link), client_for(other).get(notes(note_set)),
        client_for(other).get(f"{notes(note_set)}/{closed.id}/corrections/new?base=1"),
        client_for(practitioner).get(f"{link}/{closed.id}/new?base=1"),
    ]  # fmt: skip
    assert [(page.status_code, page.text.count("Secret")) for page in pages] == [
        (200, 0), (200, 0), (404, 0), (404, 0),
    ]  # fmt: skip
    assert client_for(practitioner).get(notes(note_set)).text.count("Secret") == 3


def test_removed_sections_are_not_read(note_set: NoteSet, member: User, client_for: SignIn) -> None:
    with write():
        note_at(note_set, 1).removed_at = utcnow()
    client = client_for(member)

    assert "Graz counts" not in client.get(notes(note_set)).text
    assert client.get(f"{by_account(note_set)}/new?base=1").status_code == 404


def test_organisers_see_what_waits_beside_the_paragraph(
    note_set: NoteSet, member: User, browser: FlaskClient
) -> None:
    correction = propose(note_at(note_set, 1), "Graz counts nobody.", Proposer(member), 1)

    page = browser.get(notes(note_set)).text

    assert "1 correction waits for an answer" in page
    assert f'href="#correction-{correction.id}"' in page
    assert "Housing officer proposed this" in page
    assert '<del><span class="vh">removed: </span>' in page
    first, second = page.index("Rents rose"), page.index(f'id="correction-{correction.id}"')
    assert first < second < page.index("Lund asks people")


def test_organiser_takes_it_in(
    note_set: NoteSet, member: User, browser: FlaskClient, client_for: SignIn
) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(member))
    address = f"{by_account(note_set)}/{correction.id}/accept"

    done = browser.post(address, data={"lock_version": "1", "answer": "Thank you"})
    again = browser.post(address, data={"lock_version": "1"})

    assert (done.status_code, again.status_code) == (302, 409)
    assert "Somebody accepted this correction in the meantime." in again.text
    assert "taken in" in client_for(member).get(notes(note_set)).text
    db.session.rollback()
    assert revisions_of(note_at(note_set, 1))[0].body.startswith("Rents fell.")


def test_organiser_leaves_it_with_a_line(
    note_set: NoteSet, member: User, browser: FlaskClient, client_for: SignIn
) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(member))
    address = f"{by_account(note_set)}/{correction.id}/reject"

    without = browser.post(address, data={"lock_version": "1"})
    longest = browser.post(address, data={"lock_version": "1", "answer": "a" * 600})
    done = browser.post(address, data={"lock_version": "1", "answer": "The register says so."})

    assert (without.status_code, longest.status_code, done.status_code) == (422, 422, 302)
    assert "Say in one line why it stays as it is." in without.text
    assert "The register says so." in client_for(member).get(notes(note_set)).text


def test_conflict_is_settled_on_a_page_of_its_own(
    note_set: NoteSet, member: User, organiser: User, browser: FlaskClient
) -> None:
    note = note_at(note_set, 1)
    correction = propose(note, "Rents fell.", Proposer(member))
    save(note, TEXT.replace("third", "quarter"), organiser)
    address = f"{by_account(note_set)}/{correction.id}"

    clash = browser.post(f"{address}/accept", data={"lock_version": "1"})
    settle = f"{address}/settle?lock_version=1"
    stale = browser.post(settle, data={"theirs": "1", "choice0": "mine"})
    missing = browser.post(settle, data={"theirs": "2"})
    done = browser.post(settle, data={"theirs": "2", "choice0": "both"})
    late = browser.post(settle, data={"theirs": "3", "choice0": "mine"})

    assert clash.status_code == 409
    assert "was changed since the correction was proposed" in clash.text
    assert f"{address}/settle?lock_version=1" in clash.text
    codes = [answer.status_code for answer in (stale, missing, done, late)]
    assert codes == [409, 422, 302, 409]
    db.session.rollback()
    body = revisions_of(note)[0].body
    assert body.startswith("Rents rose by a quarter.\n\nRents fell.")


def test_review_is_opened_moved_and_closed(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    here = notes(note_set)

    opened = browser.post(f"{here}/review", data={"days": "7"})
    page = browser.get(here).text
    until = note_set.review_until
    moved = browser.post(f"{here}/review", data={"days": "9"})
    db.session.rollback()
    later = note_set.review_until
    closed = browser.post(f"{here}/review/close")
    ended = browser.get(here).text
    drafted = browser.post(f"{here}/draft")

    assert [a.status_code for a in (opened, moved, closed, drafted)] == [302] * 4
    assert "can propose corrections until" in page
    assert (until is not None and later is not None and later > until) is True
    assert "The time for corrections is over since" in ended
    db.session.rollback()
    assert note_set.status == NotesStatus.DRAFT


def test_without_days_there_is_no_review(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)

    answer = browser.post(f"{notes(note_set)}/review", data={"days": "0"})

    assert (answer.status_code, note_set.status) == (302, NotesStatus.DRAFT)
    assert "There is no review." in browser.get(notes(note_set)).text


@pytest.mark.parametrize("days", ["", "-1", "31", "x", "9" * 30, "7.5"])
def test_days_that_are_none(browser: FlaskClient, organiser: User, days: str) -> None:
    note_set = make_notes(organiser)

    answer = browser.post(f"{notes(note_set)}/review", data={"days": days})

    assert (answer.status_code, note_set.status) == (422, NotesStatus.DRAFT)


def test_closing_what_is_not_open_is_said(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    closed = browser.post(f"{notes(note_set)}/review/close")
    published = make_summary(organiser).note_set
    drafted = browser.post(f"{notes(published)}/draft")

    assert (closed.status_code, drafted.status_code) == (422, 422)
    assert "not in review" in closed.text


def test_naming_is_chosen_beside_the_notes(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    page = browser.get(notes(note_set)).text
    chosen = browser.post(f"{notes(note_set)}/naming", data={"naming": "actor"})

    assert page.count('name="naming"') == 4
    assert (chosen.status_code, note_set.naming) == (302, Naming.ACTOR)


@pytest.mark.parametrize("naming", ["", "person", "nonsense", "x" * 10_000])
def test_naming_is_never_more_open_than_promised(
    browser: FlaskClient, organiser: User, naming: str
) -> None:
    note_set = make_notes(organiser, attribution=Attribution.CHATHAM_HOUSE)

    answer = browser.post(f"{notes(note_set)}/naming", data={"naming": naming})

    assert answer.status_code == 422
    assert answer.text.count('name="naming"') == 1


@pytest.mark.parametrize("count", [1, 30])
def test_review_takes_the_same_few_statements(
    organiser: User, client_for: SignIn, count_statements: Any, count: int
) -> None:
    items = tuple(f"Item {number}" for number in range(count))
    note_set = make_notes(organiser, items)
    for position in range(1, count + 1):
        save(note_at(note_set, position), TEXT, organiser)
    with write():
        reviewing.open_review(note_set, 7, organiser)
        for number in range(count):
            deciding.promise(note_set, "Act", Owner(city=None, label=f"Office {number}"), None)
    person = make_user()
    register_member(note_set.webinar, person)
    for number in range(count):
        propose(note_at(note_set, 1), f"Rents fell {number}.", Proposer(person))
    client = client_for(person)
    client.get(notes(note_set))

    with count_statements() as statements:
        page = client.get(notes(note_set))

    assert (page.status_code, len(statements)) == (200, 20)


def test_published_notes_lead_to_the_summary(
    note_set: NoteSet, organiser: User, member: User, client_for: SignIn
) -> None:
    publish(note_set, organiser)

    answer = client_for(member).get(notes(note_set))

    assert answer.headers["Location"].endswith("/summary")
