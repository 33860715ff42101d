from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.feedback import asking
from app.feedback.enums import SurveyKind
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_feedback import answer, answers_at, make_own_question, make_past_webinar
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
FORM = {"usefulness": "4", "will_use": "yes", "remark": "More maps", "topic_wish": "Night buses"}


def page_of(webinar: Webinar, registration: Registration | None = None) -> str:
    token = f"?t={registration.token}" if registration else ""
    return f"/webinars/{webinar.id}/feedback{token}"


def test_a_guest_answers_by_the_link_and_is_thanked(app: Flask, client: FlaskClient) -> None:
    webinar = make_past_webinar()
    guest = make_registration(webinar)

    asked = client.get(page_of(webinar, guest))
    sent = client.post(f"/webinars/{webinar.id}/feedback", data=FORM | {"t": guest.token})
    thanked = client.get(sent.location)

    assert (asked.status_code, sent.status_code, thanked.status_code) == (200, 302, 200)
    assert "Nobody learns what you answered" in asked.text
    assert "You answer once." in asked.text
    assert sent.location == page_of(webinar, guest)
    assert "Thank you, your answer is in." in thanked.text
    assert "More maps" not in thanked.text
    assert asked.headers["Cache-Control"] == "no-store"
    (kept,) = answers_at(webinar)
    assert (kept.usefulness, kept.will_use, kept.remark, kept.topic_wish) == (
        4, True, "More maps", "Night buses",
    )  # fmt: skip


def test_a_member_with_a_place_answers_signed_in(app: Flask, client_for: SignIn) -> None:
    webinar, person = make_past_webinar(), make_user()
    make_registration(webinar, user_id=person.id, email=person.email)

    sent = client_for(person).post(page_of(webinar), data=FORM)

    assert sent.location == page_of(webinar)
    assert len(answers_at(webinar)) == 1


def test_sent_twice_counts_once(app: Flask, client: FlaskClient) -> None:
    webinar = make_past_webinar()
    data = FORM | {"t": make_registration(webinar).token}

    client.post(f"/webinars/{webinar.id}/feedback", data=data)
    again = client.post(f"/webinars/{webinar.id}/feedback", data=data | {"usefulness": "1"})

    assert again.status_code == 200
    assert "Thank you, your answer is in." in again.text
    assert [one.usefulness for one in answers_at(webinar)] == [4]


def test_own_questions_are_asked_and_kept_by_their_kind(app: Flask, client: FlaskClient) -> None:
    webinar = make_past_webinar()
    sound = make_own_question(webinar, "How was the sound?", SurveyKind.SCALE)
    hour = make_own_question(webinar, "Was the hour right?", SurveyKind.YES_NO, position=2)
    missing = make_own_question(webinar, "What was missing?", SurveyKind.TEXT, position=3)
    silent = make_own_question(webinar, "Anything else?", SurveyKind.TEXT, position=4)
    guest = make_registration(webinar)
    own = {f"own_{sound}": "2", f"own_{hour}": "no", f"own_{missing}": "Slides"}

    page = client.get(page_of(webinar, guest)).text
    client.post(f"/webinars/{webinar.id}/feedback", data=own | {"t": guest.token})

    assert all(word in page for word in ("How was the sound?", "Was the hour right?"))
    (kept,) = answers_at(webinar)
    assert kept.replies == {str(sound): 2, str(hour): False, str(missing): "Slides"}
    assert str(silent) not in kept.replies


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"remark": "", "usefulness": "", "will_use": "", "topic_wish": ""}, "Answer one question"),
        ({"remark": "ü" * 2001}, "Up to 2,000 characters."),
        ({"topic_wish": "x" * 301}, "Up to 300 characters."),
        ({"usefulness": "6"}, "Not a valid choice."),
        ({"will_use": "perhaps"}, "Not a valid choice."),
    ],
)
def test_a_bad_form_says_why_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    webinar = make_past_webinar()
    guest = make_registration(webinar)
    form = FORM | changes

    found = client.post(f"/webinars/{webinar.id}/feedback", data=form | {"t": guest.token})

    assert found.status_code == 422
    assert words in found.text
    assert f'name="t" value="{guest.token}"' in found.text
    assert html.escape(form["remark"]) in found.text
    assert html.escape(form["topic_wish"]) in found.text
    assert answers_at(webinar) == []
    assert not db.session.get_one(Registration, guest.id).gave_feedback


def test_odd_input_is_no_fault_of_ours(app: Flask, client: FlaskClient) -> None:
    webinar = make_past_webinar()
    own = f"own_{make_own_question(webinar, 'Why?', SurveyKind.TEXT)}"
    for odd in (b"\0\x1b[31m", b"\xff\xfe", "\u202e🚍".encode(), b"x" * 10_000):
        guest = make_registration(webinar)
        form: dict[str, Any] = {"t": guest.token, "usefulness": [b"3", odd], own: odd}
        form |= {"remark": odd, "topic_wish": odd, "will_use": odd, "own_99999": odd}
        found = client.post(f"/webinars/{webinar.id}/feedback", data=form)
        assert found.status_code in {302, 422}
    assert client.get(page_of(webinar) + "?t=%00%ff&t=x").status_code == 403
    assert client.post(page_of(webinar), data=b"\xff", content_type="text/plain").status_code == 403


@pytest.mark.parametrize(
    ("starts_in", "changes", "words", "takes"),
    [
        (timedelta(hours=1), {}, "You can give feedback from", False),
        (timedelta(hours=-3), {}, "Send my answer", True),
        (timedelta(days=-15), {}, "Feedback on this webinar is closed.", False),
        (timedelta(hours=-3), {"status": Status.CANCELLED}, "does not ask for feedback", False),
    ],
)
def test_the_page_says_how_the_survey_stands(
    app: Flask,
    client: FlaskClient,
    starts_in: timedelta,
    changes: dict[str, Any],
    words: str,
    takes: bool,
) -> None:
    webinar = make_webinar(starts_in=starts_in, **changes)
    guest = make_registration(webinar)

    page = client.get(page_of(webinar, guest))
    client.post(f"/webinars/{webinar.id}/feedback", data=FORM | {"t": guest.token})

    assert words in page.text
    assert len(answers_at(webinar)) == int(takes)


def test_a_form_that_was_open_too_long_says_so(app: Flask, client: FlaskClient) -> None:
    webinar = make_past_webinar()
    guest = make_registration(webinar)

    with time_machine.travel(utcnow() + timedelta(days=15)):
        late = client.post(f"/webinars/{webinar.id}/feedback", data=FORM | {"t": guest.token})

    assert "Feedback on this webinar is closed." in late.text
    assert answers_at(webinar) == []


def test_who_may_answer(app: Flask, client: FlaskClient, client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_past_webinar(organiser=organiser, visibility=Visibility.NETWORK)
    placed = make_registration(webinar)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
    elsewhere = make_registration(make_past_webinar())

    def status(browser: FlaskClient, token: str = "") -> tuple[int, int]:
        address = f"/webinars/{webinar.id}/feedback"
        shown = browser.get(f"{address}?t={token}").status_code
        return shown, browser.post(address, data=FORM | {"t": token}).status_code

    statuses = {
        "visitor": status(client),
        "guest": status(client, placed.token),
        "waiting": status(client, waiting.token),
        "of another webinar": status(client, elsewhere.token),
        "applicant": status(client_for(make_user(approved_at=None))),
        "member without a place": status(client_for(make_user())),
        "organiser": status(client_for(organiser)),
    }

    assert statuses == {
        "visitor": (404, 404), "guest": (200, 302), "waiting": (403, 403),
        "of another webinar": (404, 404), "applicant": (404, 404),
        "member without a place": (403, 403), "organiser": (403, 403),
    }  # fmt: skip
    assert len(answers_at(webinar)) == 1


def test_an_unwanted_survey_is_not_asked(app: Flask, client: FlaskClient) -> None:
    webinar, organiser = make_past_webinar(), make_organiser()
    guest = make_registration(webinar)
    with write():
        asking.save_survey(webinar, is_wanted=False, is_line_public=False, actor=organiser)

    assert "does not ask for feedback" in client.get(page_of(webinar, guest)).text


def test_who_answered_is_on_no_page_of_the_organisers(app: Flask, client_for: SignIn) -> None:
    """One answers, then another one instead: organisers are shown the same."""
    organiser = make_organiser()
    webinar = make_past_webinar(organiser=organiser)
    first, second = make_registration(webinar), make_registration(webinar)
    browser = client_for(organiser)
    pages = ["registrations", "registrations.csv", "feedback/results", "feedback/survey",
             "figures", "checklist"]  # fmt: skip

    def shown() -> dict[str, str]:
        answers = {page: browser.get(f"/webinars/{webinar.id}/{page}") for page in pages}
        assert {one.status_code for one in answers.values()} == {200}
        return {page: _plain(one.text) for page, one in answers.items()}

    answer(first, usefulness=2)
    before = shown()
    with write():
        db.session.get_one(Registration, first.id).gave_feedback = False
        db.session.get_one(Registration, second.id).gave_feedback = True

    assert shown() == before


def _plain(page: str) -> str:
    kept = (line for line in page.splitlines() if "csrf_token" not in line)
    return "\n".join(line for line in kept if "X-CSRFToken" not in line)
