from __future__ import annotations

import html
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.polls import writing
from app.polls.enums import PollState, ResultsShown
from app.polls.models import QuickPoll
from app.polls.writing import MOST_POLLS
from app.webinars import copying
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_polls import ANSWERS, QUESTION, make_poll, numbers, vote_by
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

FORM = {"question": QUESTION, "options": "\n".join(ANSWERS), "results": "voted"}
SignIn = Callable[[User], FlaskClient]
BAD_FORMS: list[tuple[dict[str, Any], str]] = [
    ({"question": ""}, "Write the question."),
    ({"question": "ä" * 301}, "Up to 300 characters."),
    ({"options": ""}, "Write two answers or more, each on its own line."),
    ({"options": "Only one\n\n  "}, "Write two answers or more, each on its own line."),
    ({"options": "\n".join(map(str, range(11)))}, "Write 10 answers at most."),
    ({"options": "Same\n Same "}, "Write each answer once."),
    ({"options": "Short\n" + "x" * 201}, "Each answer has up to 200 characters."),
    ({"options": "x" * 4001}, "Up to 4,000 characters."),
    ({"results": "everybody"}, "Choose one from the list."),
]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_webinar(organiser=organiser)


def polls_at(webinar: Webinar) -> list[QuickPoll]:
    db.session.rollback()
    return db.session.query(QuickPoll).filter_by(webinar_id=webinar.id, removed_at=None).order_by(
        QuickPoll.position
    ).all()  # fmt: skip


def test_organisers_write_a_poll(webinar: Webinar, organiser: User, client_for: SignIn) -> None:
    browser = client_for(organiser)

    sent = browser.post(f"/webinars/{webinar.id}/polls", data=FORM | {"is_multiple": "y"})

    assert sent.status_code == 302
    (poll,) = polls_at(webinar)
    assert (poll.question, poll.is_multiple, poll.state) == (QUESTION, True, PollState.DRAFT)
    assert [option.label for option in poll.options] == list(ANSWERS)
    assert QUESTION in browser.get(f"/webinars/{webinar.id}/polls").text


@pytest.mark.parametrize(("changes", "words"), BAD_FORMS)
def test_a_bad_form_says_why_and_keeps_what_was_typed(
    webinar: Webinar, organiser: User, client_for: SignIn, changes: dict[str, Any], words: str
) -> None:
    form = FORM | changes

    answer = client_for(organiser).post(f"/webinars/{webinar.id}/polls", data=form)

    assert answer.status_code == 422
    assert words in answer.text
    assert html.escape(form["question"]) in answer.text
    assert html.escape(form["options"].strip()) in answer.text
    assert polls_at(webinar) == []


@pytest.mark.parametrize("place", ["", "/{id}/edit"])
def test_odd_input_is_no_fault_of_ours(
    webinar: Webinar, organiser: User, client_for: SignIn, place: str
) -> None:
    poll = make_poll(webinar, state=PollState.DRAFT)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/polls{place.format(id=poll.id)}"
    for odd in ("\0\x1b[31m", "\u202ereversed", "🗳️" * 400, "x" * 100_000, "\xff\xfe"):
        form = dict.fromkeys(("question", "options", "results", "version"), odd.encode())
        assert browser.post(address, data=form).status_code == 422
    assert browser.post(address, data=b"\xff=\xff", content_type="text/plain").status_code == 422
    assert browser.post(address, data={"question": "x" * 1_000_000}).status_code == 422


def test_the_twenty_first_poll_is_one_too_many(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    for place in range(MOST_POLLS):
        make_poll(webinar, position=place, state=PollState.DRAFT)

    answer = client_for(organiser).post(f"/webinars/{webinar.id}/polls", data=FORM)

    assert answer.status_code == 422
    assert "A webinar has up to 20 polls." in answer.text


def test_words_change_until_somebody_voted(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    poll = make_poll(webinar, state=PollState.DRAFT)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/polls/{poll.id}/edit"
    form = FORM | {"question": "And your district?", "options": "Yes\nNo", "version": "1"}

    assert "Every year" in browser.get(address).text
    assert browser.post(address, data=form).status_code == 302
    assert [option.label for option in polls_at(webinar)[0].options] == ["Yes", "No"]

    late = browser.post(address, data=form | {"question": "Mine came later"})
    assert late.status_code == 422
    assert "Somebody changed this poll while you wrote." in late.text
    assert "Mine came later" in late.text


def test_words_of_a_poll_with_votes_stay(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    poll = make_poll(webinar)
    vote_by(make_registration(webinar), poll, 0)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/polls/{poll.id}/edit"

    assert browser.get(address).status_code == 403
    answer = browser.post(address, data=FORM | {"question": "Something else", "version": "1"})

    assert answer.status_code == 422
    assert "so its words stay" in answer.text
    assert polls_at(webinar)[0].question == QUESTION


def test_polls_change_places(webinar: Webinar, organiser: User, client_for: SignIn) -> None:
    first, second = (
        make_poll(webinar, question=word, position=place, state=PollState.DRAFT)
        for place, word in enumerate(("First?", "Second?"))
    )
    browser = client_for(organiser)

    for poll, way in ((second, "up"), (second, "up"), (first, "down"), (first, "sideways")):
        answer = browser.post(f"/webinars/{webinar.id}/polls/{poll.id}/move", data={"way": way})
        assert answer.status_code == 302

    assert [poll.question for poll in polls_at(webinar)] == ["Second?", "First?"]


def test_a_deleted_poll_is_gone_and_comes_back_closed(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    poll = make_poll(webinar)
    vote_by(make_registration(webinar), poll, 1)
    browser = client_for(organiser)

    browser.post(f"/webinars/{webinar.id}/polls/{poll.id}/delete")
    page = browser.get(f"/webinars/{webinar.id}/polls").text
    assert polls_at(webinar) == []
    assert f"/webinars/{webinar.id}/polls/{poll.id}/restore" in page

    for _ in range(2):
        browser.post(f"/webinars/{webinar.id}/polls/{poll.id}/restore")
    assert [one.state for one in polls_at(webinar)] == [PollState.CLOSED]
    assert numbers(poll) == (1, [0, 1, 0])


def test_a_copy_of_a_webinar_has_its_polls_without_votes(webinar: Webinar, organiser: User) -> None:
    poll = make_poll(webinar, is_multiple=True, results=ResultsShown.NEVER)
    vote_by(make_registration(webinar), poll, 0)

    with write():
        source, actor = (
            db.session.get_one(Webinar, webinar.id),
            db.session.get_one(User, organiser.id),
        )
        fresh_id = copying.copy(source, actor, uid="copied@forum.example.org").id

    (copy,) = polls_at(db.session.get_one(Webinar, fresh_id))
    assert (copy.question, copy.is_multiple, copy.results) == (QUESTION, True, ResultsShown.NEVER)
    assert (copy.state, copy.voters, copy.opened_at) == (PollState.DRAFT, 0, None)
    assert [(one.label, one.votes) for one in copy.options] == [(word, 0) for word in ANSWERS]
    assert numbers(poll) == (1, [1, 0, 0])


def test_polls_are_copied_into_another_webinar_of_ones_own(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    make_poll(webinar)
    target, foreign = make_webinar("Next one", organiser=organiser), make_webinar("Not mine")
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/polls/copies"

    assert browser.post(address, data={"webinar_id": str(target.id)}).status_code == 302
    assert browser.post(address, data={"webinar_id": str(foreign.id)}).status_code == 422
    assert browser.post(address, data={"webinar_id": "x"}).status_code == 422

    assert [poll.state for poll in polls_at(target)] == [PollState.DRAFT]
    assert polls_at(foreign) == []


def test_too_many_are_not_copied(webinar: Webinar, organiser: User, client_for: SignIn) -> None:
    target = make_webinar("Next one", organiser=organiser)
    for place in range(MOST_POLLS):
        make_poll(target, position=place, state=PollState.DRAFT)
    make_poll(webinar)

    answer = client_for(organiser).post(
        f"/webinars/{webinar.id}/polls/copies", data={"webinar_id": str(target.id)}
    )

    assert answer.status_code == 422
    assert len(polls_at(target)) == MOST_POLLS


def test_the_run_sheet_has_the_words(webinar: Webinar, organiser: User, client_for: SignIn) -> None:
    make_poll(webinar, state=PollState.DRAFT)

    page = client_for(organiser).get(f"/webinars/{webinar.id}/run-sheet").text

    assert QUESTION in page
    assert all(answer in page for answer in ANSWERS)


def test_the_webinar_page_leads_organisers_to_the_polls(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    page = client_for(organiser).get(f"/webinars/{webinar.id}-counting-together").text

    assert f'href="/webinars/{webinar.id}/polls"' in page


ORGANISERS_PAGES = [
    ("GET", ""),
    ("POST", ""),
    ("GET", "/{id}/edit"),
    ("POST", "/{id}/edit"),
    ("POST", "/{id}/open"),
    ("POST", "/{id}/close"),
    ("POST", "/{id}/move"),
    ("POST", "/{id}/delete"),
    ("POST", "/{id}/restore"),
    ("POST", "/copies"),
]


@pytest.mark.parametrize(("method", "place"), ORGANISERS_PAGES)
def test_only_who_manages_the_webinar_works_on_its_polls(
    app: Flask, client: FlaskClient, client_for: SignIn, method: str, place: str
) -> None:
    organiser = make_organiser()
    hidden = make_webinar(organiser=organiser, visibility=Visibility.NETWORK)
    poll = make_poll(hidden, state=PollState.DRAFT)
    address = f"/webinars/{hidden.id}/polls{place.format(id=poll.id)}"
    applicant = make_user(approved_at=None)

    statuses = {
        "visitor": client.open(address, method=method).status_code,
        "applicant": client_for(applicant).open(address, method=method).status_code,
        "member": client_for(make_user()).open(address, method=method).status_code,
        "other organiser": client_for(make_organiser()).open(address, method=method).status_code,
    }

    assert statuses == {
        "visitor": 302, "applicant": 404, "member": 403, "other organiser": 403,
    }  # fmt: skip
    assert numbers(poll) == (0, [0, 0, 0])
    for person in (organiser, make_user(role=SiteRole.ADMIN)):
        assert client_for(person).open(address, method=method).status_code in {200, 302, 422}


@pytest.mark.parametrize(("method", "place"), ORGANISERS_PAGES[2:9])
def test_a_poll_of_another_webinar_is_not_there(
    webinar: Webinar, organiser: User, client_for: SignIn, method: str, place: str
) -> None:
    other = make_poll(make_webinar(organiser=organiser), state=PollState.DRAFT)
    address = f"/webinars/{webinar.id}/polls{place.format(id=other.id)}"

    assert client_for(organiser).open(address, method=method).status_code == 404


def test_one_poll_costs_as_many_statements_as_twenty(
    webinar: Webinar,
    organiser: User,
    client_for: SignIn,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    browser = client_for(organiser)
    make_poll(webinar)
    counts = []
    for more in (0, MOST_POLLS - 1):
        for place in range(more):
            make_poll(webinar, position=place)
        browser.get(f"/webinars/{webinar.id}/polls")
        with count_statements() as statements:
            browser.get(f"/webinars/{webinar.id}/polls")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_moving_what_was_deleted_meanwhile_moves_nothing(app: Flask, organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    kept, gone = make_poll(webinar), make_poll(webinar, position=2)
    with write():
        writing.remove(gone, organiser)

    with write():
        writing.move(gone, up=True)

    assert [poll.id for poll in polls_at(webinar)] == [kept.id]
