from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.webinars import asking
from app.webinars.enums import QuestionKind, RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_answers import answers_to, make_answer, make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

SignIn = Callable[[User], FlaskClient]


def row(number: int, **values: str) -> dict[str, str]:
    """One row as a browser sends it."""
    told = {"label": "", "kind": "text", "choices": ""} | values
    return {f"rows-{number}-{name}": value for name, value in told.items()}


def organiser_of(webinar: Webinar, client_for: SignIn) -> FlaskClient:
    return client_for(webinar.organisers[0].user)


def desk(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}/registration-questions"


def labels(webinar: Webinar) -> list[str]:
    db.session.rollback()
    return [one.label for one in db.session.scalars(asking.questions_at(webinar.id))]


def registered(webinar: Webinar) -> list[Registration]:
    db.session.rollback()
    mine = db.select(Registration).where(Registration.webinar_id == webinar.id)
    return list(db.session.scalars(mine.order_by(Registration.id)))


def test_organiser_asks_three_things(client_for: SignIn) -> None:
    webinar = make_webinar()
    browser = organiser_of(webinar, client_for)
    address = desk(webinar)

    page = browser.get(address)
    answer = browser.post(
        address,
        data=row(0, label="Why?", is_required="y")
        | row(1, label="Which part?", kind="choice", choices=" Law \r\nBudget\r\n\r\nLaw")
        | row(2, label="First time?", kind="yes_no"),
    )

    assert page.text.count('type="checkbox" ') == 3
    assert answer.headers["Location"] == address
    rows = db.session.scalars(asking.questions_at(webinar.id)).all()
    assert [(one.label, one.kind.value, one.choices, one.is_required) for one in rows] == [
        ("Why?", "text", [], True),
        ("Which part?", "choice", ["Law", "Budget"], False),
        ("First time?", "yes_no", [], False),
    ]
    assert "Which part?" in browser.get(address).text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"label": "x" * 201}, "Up to 200 characters."),
        ({"label": "Odd 🎥", "kind": "number"}, "Choose one from the list."),
        ({"label": "Odd 🎥", "kind": "choice", "choices": "One"}, "Write two answers or more"),
        (
            {"label": "Odd 🎥", "kind": "choice", "choices": "\n".join(map(str, range(21)))},
            "Write 20 answers at most.",
        ),
        (
            {"label": "Odd 🎥", "kind": "choice", "choices": "a\n" + "x" * 101},
            "Each answer has up to 100 characters.",
        ),
    ],
)
def test_wrong_row_comes_back_as_typed(
    client_for: SignIn, values: dict[str, str], words: str
) -> None:
    webinar = make_webinar()

    answer = organiser_of(webinar, client_for).post(
        desk(webinar),
        data=row(0, **values) | row(1, label="Łódź?"),
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert ("Łódź?" in answer.text, values["label"] in answer.text) == (True, True)
    assert labels(webinar) == []


def test_more_rows_lose_nothing(client_for: SignIn) -> None:
    webinar = make_webinar()

    answer = organiser_of(webinar, client_for).post(
        desk(webinar),
        data=row(0, label="Half a quest") | {"more": "Add"},
    )

    assert answer.status_code == 200
    assert "Half a quest" in answer.text
    assert 'name="rows-3-label"' in answer.text
    assert labels(webinar) == []


@pytest.mark.parametrize(
    "data",
    [
        b"rows-0-label=%ff%fe&rows-0-kind=text",
        b"rows-x-label=a&rows-99999999999-label=b",
        b"rows-0-label=a&rows-0-label=b&rows-0-id=-1&rows-0-kind=",
        b"rows-0-id=999999999&rows-0-label=%00%0d%0a",
        b"",
    ],
)
def test_broken_forms_are_no_fault(client_for: SignIn, data: bytes) -> None:
    webinar = make_webinar()

    answer = organiser_of(webinar, client_for).post(
        desk(webinar),
        data=data,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in {302, 422}


def test_answered_question_ends_and_can_be_asked_again(client_for: SignIn) -> None:
    webinar = make_webinar()
    question, person = make_question(webinar, "Why?"), make_registration(webinar)
    make_answer(person, question, "To learn")
    browser, address = (
        organiser_of(webinar, client_for),
        desk(webinar),
    )

    assert "One person answered." in browser.get(address).text
    browser.post(address, data=row(0, id=str(question.id)))
    page = browser.get(address)
    assert ("Asked no longer" in page.text, labels(webinar)) == (True, [])
    assert "To learn" in browser.get(f"/webinars/{webinar.id}/registrations").text
    browser.post(f"{address}/{question.id}/again")

    assert labels(webinar) == ["Why?"]


def test_too_many_are_refused_with_words(client_for: SignIn) -> None:
    webinar = make_webinar()
    for number in range(10):
        make_question(webinar, f"Question {number}", position=number)
    ended = make_question(webinar, "Old", position=11, ended_at=webinar.created_at)
    browser, address = (
        organiser_of(webinar, client_for),
        desk(webinar),
    )

    answer = browser.post(address, data=row(0, label="One more"))
    browser.post(f"{address}/{ended.id}/again")

    assert answer.status_code == 422
    assert "Ask 10 questions at most." in answer.text
    assert "Ask 10 questions at most." in browser.get(address).text
    assert len(labels(webinar)) == 10


def ask_all(webinar: Webinar) -> dict[str, int]:
    kinds: dict[str, dict[str, Any]] = {
        "Why?": {"kind": QuestionKind.TEXT, "is_required": True},
        "Which part?": {"kind": QuestionKind.CHOICE, "choices": ["Law", "Budget"]},
        "First time?": {"kind": QuestionKind.YES_NO, "is_required": True},
    }
    made = [
        make_question(webinar, label, position=number, **values)
        for number, (label, values) in enumerate(kinds.items())
    ]
    return {question.label: question.id for question in made}


def test_member_answers_in_the_ticket(client_for: SignIn) -> None:
    webinar = make_webinar("Housing")
    ids = ask_all(webinar)
    member = client_for(make_user())

    page = member.get(f"/webinars/{webinar.id}-housing")
    answer = member.post(
        f"/webinars/{webinar.id}/registrations",
        data={f"question_{ids['Why?']}": "To learn", f"question_{ids['First time?']}": "no",
              f"question_{ids['Which part?']}": "Budget"},
    )  # fmt: skip

    assert [label in page.text for label in ids] == [True] * 3
    assert answer.status_code == 302
    (person,) = registered(webinar)
    assert answers_to(person) == {"Why?": "To learn", "Which part?": "Budget", "First time?": "no"}


def test_guest_is_told_beside_each_field_and_keeps_what_was_typed(client: FlaskClient) -> None:
    webinar = make_webinar()
    ids = ask_all(webinar)
    guest = {
        "name": "Housing officer",
        "email": "guest@demo.invalid",
        "city": "Łódź",
        "consent": "y",
    }

    wrong = client.post(
        f"/webinars/{webinar.id}/registrations",
        data=guest | {f"question_{ids['Why?']}": "  ", f"question_{ids['Which part?']}": "Tax"},
    )
    right = client.post(
        f"/webinars/{webinar.id}/registrations",
        data=guest | {f"question_{ids['Why?']}": "🎥", f"question_{ids['First time?']}": "yes"},
    )

    assert wrong.status_code == 422
    assert wrong.text.count("The organisers need an answer to this.") == 4  # summary and field
    assert wrong.text.count("Choose one from the list.") == 2
    assert f'id="question_{ids["Why?"]}-error"' in wrong.text
    assert "Łódź" in wrong.text
    assert right.status_code == 302
    (person,) = registered(webinar)
    assert person.state == RegistrationState.PENDING_EMAIL
    assert answers_to(person) == {"Why?": "🎥", "First time?": "yes"}


def test_stranger_cannot_change_answers_of_somebody_with_a_place(client: FlaskClient) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Why?")
    person = make_registration(webinar, email="known@demo.invalid")
    make_answer(person, question, "Mine")

    client.post(
        f"/webinars/{webinar.id}/registrations",
        data={"name": "Somebody", "email": "known@demo.invalid", "consent": "y",
              f"question_{question.id}": "Not mine"},
    )  # fmt: skip

    assert answers_to(person) == {"Why?": "Mine"}


def test_new_question_is_on_the_kept_page_at_once(client: FlaskClient, client_for: SignIn) -> None:
    webinar, member = make_webinar("Housing"), client_for(make_user())
    address = f"/webinars/{webinar.id}-housing"
    assert ["Why?" in who.get(address).text for who in (client, member)] == [False, False]

    organiser_of(webinar, client_for).post(desk(webinar), data=row(0, label="Why?"))

    assert ["Why?" in who.get(address).text for who in (client, member)] == [True, True]
