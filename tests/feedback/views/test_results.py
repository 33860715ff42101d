from __future__ import annotations

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
from app.core.enums import Visibility
from app.feedback.enums import SurveyKind
from app.feedback.models import Survey, SurveyQuestion
from app.webinars import copying
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_feedback import answers_by, make_own_question, make_past_webinar
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
SAID: dict[str, Any] = {
    "usefulness": 2,
    "will_use": False,
    "remark": "Ask the night shift",
}


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_past_webinar(organiser=organiser)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_below_five_nothing_is_shown(
    webinar: Webinar, organiser: User, client_for: SignIn, count: int
) -> None:
    answers_by(webinar, [SAID] * count)
    browser = client_for(organiser)

    page = browser.get(f"/webinars/{webinar.id}/feedback/results")

    assert f"{count} of at least 5 answers" in page.text
    assert SAID["remark"] not in page.text
    assert "<table" not in page.text
    assert "on average" not in page.text
    assert browser.get(f"/webinars/{webinar.id}/feedback/results.csv").status_code == 404


def test_five_answers_are_shown_as_numbers_and_texts(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    answers_by(webinar, [SAID] * 5)
    browser = client_for(organiser)

    page = browser.get(f"/webinars/{webinar.id}/feedback/results")
    table = browser.get(f"/webinars/{webinar.id}/feedback/results.csv")

    assert "2 of 5 on average." in page.text
    assert page.text.count(SAID["remark"]) == 5
    assert "100 %" in page.text
    assert "Answered by fewer than five" in page.text  # the wish for a topic
    assert "shown at 5, 10, 15 answers" in page.text
    assert page.headers["Cache-Control"] == table.headers["Cache-Control"] == "no-store"
    assert table.text.count(SAID["remark"]) == 5
    assert table.headers["Content-Disposition"].endswith('-feedback.csv"')


def test_the_sixth_answer_hides_all_until_there_are_ten_or_the_end(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    answers_by(webinar, [SAID] * 6)
    address = f"/webinars/{webinar.id}/feedback/results"

    page = client_for(organiser).get(address).text
    with time_machine.travel(utcnow() + timedelta(days=14)):
        closed = client_for(organiser).get(address).text

    assert "Results are shown again when there are 10 answers" in page
    assert SAID["remark"] not in page
    assert closed.count(SAID["remark"]) == 6
    assert "The survey is closed." in closed


def test_organisers_say_what_is_asked_besides(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    coming = make_webinar(organiser=organiser)
    browser = client_for(organiser)
    address = f"/webinars/{coming.id}/feedback/survey"
    rows = {"rows-0-label": "How was the sound?", "rows-0-kind": "scale",
            "rows-1-label": "What was missing?", "rows-1-kind": "text"}  # fmt: skip

    assert browser.post(address, data=rows | {"is_line_public": "y"}).status_code == 302
    saved = _questions(coming)
    assert [(one.label, one.kind) for one in saved] == [
        ("How was the sound?", SurveyKind.SCALE),
        ("What was missing?", SurveyKind.TEXT),
    ]
    survey = db.session.get_one(Survey, coming.id)
    assert (survey.is_wanted, survey.is_line_public) == (False, True)

    again = {"rows-0-id": saved[1].id, "rows-0-label": "Missing?", "rows-0-kind": "yes_no"}
    browser.post(address, data=again | {"is_wanted": "y"})
    assert [(one.id, one.label, one.kind) for one in _questions(coming)] == [
        (saved[1].id, "Missing?", SurveyKind.YES_NO)
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"rows-0-label": "x" * 201}, "Up to 200 characters."),
        ({"rows-0-label": "Kind?", "rows-0-kind": "essay"}, "Choose one from the list."),
    ],
)
def test_a_bad_survey_says_why_and_keeps_what_was_typed(
    organiser: User, client_for: SignIn, typed: dict[str, str], words: str
) -> None:
    coming = make_webinar(organiser=organiser)

    found = client_for(organiser).post(f"/webinars/{coming.id}/feedback/survey", data=typed)

    assert found.status_code == 422
    assert words in found.text
    assert typed["rows-0-label"] in found.text
    assert _questions(coming) == []


def test_questions_stay_once_people_can_answer(
    webinar: Webinar, organiser: User, client_for: SignIn
) -> None:
    make_own_question(webinar, "How was the sound?", SurveyKind.SCALE)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/feedback/survey"

    page = browser.get(address).text
    settings = browser.post(address, data={"is_wanted": "y", "is_line_public": "y"})
    late = browser.post(address, data={"rows-0-label": "Another?", "rows-0-kind": "text"})

    assert "How was the sound?" in page
    assert "rows-0-label" not in page
    assert settings.status_code == 302
    assert late.status_code == 422
    assert "The survey is open, so its questions stay" in late.text
    assert "Another?" in late.text
    assert [one.label for one in _questions(webinar)] == ["How was the sound?"]
    assert db.session.get_one(Survey, webinar.id).is_line_public


def test_a_copy_of_a_webinar_asks_the_same(webinar: Webinar, organiser: User) -> None:
    make_own_question(webinar, "How was the sound?", SurveyKind.SCALE)
    with write() as session:
        session.add(Survey(webinar_id=webinar.id, is_wanted=False, is_line_public=True))

    with write():
        source = db.session.get_one(Webinar, webinar.id)
        actor = db.session.get_one(User, organiser.id)
        fresh = copying.copy(source, actor, uid="copied@forum.example.org")
        fresh_id = fresh.id

    copied = db.session.get_one(Survey, fresh_id)
    assert (copied.is_wanted, copied.is_line_public) == (False, True)
    assert [one.label for one in _questions(db.session.get_one(Webinar, fresh_id))] == [
        "How was the sound?"
    ]


@pytest.mark.parametrize(
    ("method", "place"),
    [("GET", "results"), ("GET", "results.csv"), ("GET", "survey"), ("POST", "survey")],
)
def test_only_who_manages_the_webinar_sees_results(
    app: Flask, client: FlaskClient, client_for: SignIn, method: str, place: str
) -> None:
    organiser = make_organiser()
    hidden = make_past_webinar(organiser=organiser, visibility=Visibility.NETWORK)
    people = answers_by(hidden, [SAID] * 5)
    address = f"/webinars/{hidden.id}/feedback/{place}"

    def status(browser: FlaskClient, **more: Any) -> int:
        return browser.open(address, method=method, **more).status_code

    statuses = {
        "visitor": status(client),
        "who answered": status(client, query_string={"t": people[0].token}),
        "applicant": status(client_for(make_user(approved_at=None))),
        "member": status(client_for(make_user())),
        "other organiser": status(client_for(make_organiser())),
    }

    assert statuses == {
        "visitor": 302, "who answered": 302, "applicant": 404, "member": 403,
        "other organiser": 403,
    }  # fmt: skip
    for person in (organiser, make_user(role=SiteRole.ADMIN)):
        assert status(client_for(person)) in {200, 302}


def test_the_public_line_stands_on_the_page_and_goes_again(
    webinar: Webinar, organiser: User, client: FlaskClient, client_for: SignIn
) -> None:
    answers_by(webinar, [{"usefulness": value} for value in (5, 5, 4, 4, 4)])
    address = f"/webinars/{webinar.id}/feedback/survey"
    page, line = f"/webinars/{webinar.id}-counting-together", "4.4 of 5, 5 answers"

    with time_machine.travel(utcnow() + timedelta(days=15), tick=False):
        browser = client_for(organiser)
        shown = [line in client.get(page).text]
        for wanted in ({"is_line_public": "y"}, {}):
            browser.post(address, data={"is_wanted": "y"} | wanted)
            shown.append(line in client.get(page).text)

    assert shown == [False, True, False]


def _questions(webinar: Webinar) -> list[SurveyQuestion]:
    db.session.rollback()
    here = db.session.query(SurveyQuestion).filter_by(webinar_id=webinar.id)
    return list(here.order_by(SurveyQuestion.position))
