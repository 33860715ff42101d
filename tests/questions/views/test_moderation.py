"""The moderator's screen and what is pressed on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.core.enums import Attribution
from app.live.revisions import revision_of
from app.questions.enums import QuestionState
from app.questions.models import Question, QuestionDesk
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_desk, make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
LIVE = -timedelta(minutes=20)
UNDO = re.compile(r'<form class="cluster" method="post" action="([^"]+)">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def organiser(app: Any) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_webinar(organiser=organiser, starts_in=LIVE)


@pytest.fixture
def desk(client_for: SignIn, organiser: User) -> FlaskClient:
    return client_for(organiser)


def place(webinar: Webinar, *more: object) -> str:
    return "/".join(map(str, (f"/webinars/{webinar.id}/moderate", *more)))


def press_undo(browser: FlaskClient, webinar: Webinar) -> None:
    """The newest one in the status line."""
    said = browser.get(place(webinar)).text.split("data-status>")[1].split("<h1")[0]
    address, inside = UNDO.findall(said)[-1]
    fields = {name: value for name, value in FIELD.findall(inside) if name != "csrf_token"}
    assert browser.post(address, data=fields).status_code == 303


def stands(question: Question) -> tuple[QuestionState, bool]:
    db.session.refresh(question)
    return question.state, question.is_now


def test_by_votes_with_what_is_answered_now_first(desk: FlaskClient, webinar: Webinar) -> None:
    make_question(webinar, body="Third", votes=1)
    make_question(webinar, body="Second", votes=9)
    make_question(webinar, body="First", is_now=True)
    make_question(webinar, body="Last", state=QuestionState.ANSWERED, answered_minute=4, votes=30)

    page = desk.get(place(webinar)).text

    places = [page.index(f">{word}<") for word in ("First", "Second", "Third", "Last")]
    assert places == sorted(places)
    assert "Answered in minute 4" in page
    assert 'data-live-seconds="5"' in page


def test_only_one_is_answered_now(desk: FlaskClient, webinar: Webinar) -> None:
    first, second = make_question(webinar), make_question(webinar)

    desk.post(place(webinar, first.id, "now"))
    desk.post(place(webinar, second.id, "now"))
    assert (stands(first)[1], stands(second)[1]) == (False, True)

    press_undo(desk, webinar)
    assert (stands(first)[1], stands(second)[1]) == (True, False)


def test_not_now_and_back(desk: FlaskClient, webinar: Webinar) -> None:
    question = make_question(webinar, is_now=True)

    desk.post(place(webinar, question.id, "later"))
    assert stands(question) == (QuestionState.OPEN, False)
    press_undo(desk, webinar)
    assert stands(question) == (QuestionState.OPEN, True)


def test_chatham_house_names_nobody_to_moderators_either(
    desk: FlaskClient, organiser: User
) -> None:
    webinar = make_webinar(
        organiser=organiser, starts_in=LIVE, attribution=Attribution.CHATHAM_HOUSE
    )
    for state in QuestionState:
        make_question(webinar, make_user("Night bus planner"), state=state)

    for path in (place(webinar), place(webinar, 2), f"/webinars/{webinar.id}/questions"):
        assert "Night bus planner" not in desk.get(path).text, path


def test_answered_keeps_the_minute(desk: FlaskClient, webinar: Webinar, organiser: User) -> None:
    question = make_question(webinar, is_now=True)

    desk.post(place(webinar, question.id, "answered"))
    assert stands(question) == (QuestionState.ANSWERED, False)
    assert question.answered_minute in {20, 21}
    assert question.answered_by_id == organiser.id

    press_undo(desk, webinar)
    assert stands(question) == (QuestionState.OPEN, True)


def test_reopened_and_back_keeps_its_minute(desk: FlaskClient, webinar: Webinar) -> None:
    question = make_question(webinar, state=QuestionState.ANSWERED, answered_minute=3,
                             answered_at=webinar.starts_at)  # fmt: skip

    desk.post(place(webinar, question.id, "reopen"))
    assert stands(question)[0] is QuestionState.OPEN
    press_undo(desk, webinar)
    assert (stands(question)[0], question.answered_minute) == (QuestionState.ANSWERED, 3)


def test_what_waits_is_let_through_and_sent_back(desk: FlaskClient, webinar: Webinar) -> None:
    question = make_question(webinar, state=QuestionState.WAITING)

    desk.post(place(webinar, question.id, "open"))
    assert stands(question)[0] is QuestionState.OPEN
    press_undo(desk, webinar)
    assert stands(question)[0] is QuestionState.WAITING


@pytest.mark.parametrize("before", [QuestionState.WAITING, QuestionState.OPEN])
def test_dismissed_with_a_reason_and_back(
    desk: FlaskClient, client_for: SignIn, webinar: Webinar, before: QuestionState
) -> None:
    asker = make_user()
    question = make_question(webinar, asker, state=before)

    without = desk.post(place(webinar, question.id, "dismiss"), data={"reason": "  "})
    assert (without.status_code, stands(question)[0]) == (422, before)

    desk.post(place(webinar, question.id, "dismiss"), data={"reason": "Not about counting."})
    assert stands(question)[0] is QuestionState.DISMISSED
    mine = client_for(asker).get(f"/webinars/{webinar.id}/questions").text
    assert "Not about counting." in mine

    press_undo(desk, webinar)
    assert stands(question)[0] is before


def test_dismissed_one_is_shown_after_all_and_back(desk: FlaskClient, webinar: Webinar) -> None:
    question = make_question(webinar, state=QuestionState.DISMISSED, reason="Off the topic")

    desk.post(place(webinar, question.id, "open"))
    press_undo(desk, webinar)

    assert (stands(question)[0], question.reason) == (QuestionState.DISMISSED, "Off the topic")


def test_merge_split_and_undo(desk: FlaskClient, webinar: Webinar) -> None:
    first, second = make_question(webinar), make_question(webinar)

    bad = desk.post(place(webinar, second.id, "merge"), data={"target": str(second.id)})
    assert bad.status_code == 422
    desk.post(place(webinar, second.id, "merge"), data={"target": str(first.id)})
    assert stands(second)[0] is QuestionState.MERGED
    press_undo(desk, webinar)
    assert stands(second)[0] is QuestionState.OPEN
    press_undo(desk, webinar)
    assert stands(second)[0] is QuestionState.MERGED


def test_written_answer_is_shown_and_taken_away(
    desk: FlaskClient, client: FlaskClient, webinar: Webinar
) -> None:
    question = make_question(webinar)
    empty = desk.post(place(webinar, question.id, "answer"), data={"answer": ""})
    assert empty.status_code == 422

    desk.post(place(webinar, question.id, "answer"), data={"answer": "By **phone**."})
    assert stands(question)[0] is QuestionState.ANSWERED
    assert "<strong>phone</strong>" in client.get(f"/webinars/{webinar.id}/questions").text

    press_undo(desk, webinar)
    assert (stands(question)[0], question.answer) == (QuestionState.OPEN, "")


def test_desk_is_closed_moderated_and_back(desk: FlaskClient, webinar: Webinar) -> None:
    desk.post(place(webinar, "desk"), data={"is_closed": "yes"})
    assert db.session.get_one(QuestionDesk, webinar.id).is_closed
    press_undo(desk, webinar)
    assert not db.session.get_one(QuestionDesk, webinar.id).is_closed

    desk.post(place(webinar, "desk"), data={"is_moderated": "yes"})
    assert db.session.get_one(QuestionDesk, webinar.id).is_moderated
    assert desk.post(place(webinar, "desk"), data={"x": "y"}).status_code == 303


def test_speaker_answers_and_does_not_moderate(client: FlaskClient, webinar: Webinar) -> None:
    token = make_speaker(webinar, token="speaker-token-of-fair-length").token
    question = make_question(webinar)
    waiting = make_question(webinar, body="Still waiting", state=QuestionState.WAITING)

    page = client.get(f"{place(webinar)}?t={token}").text
    assert "Still waiting" not in page
    assert "is_moderated" not in page
    client.post(place(webinar, question.id, "answer"), data={"answer": "Yes.", "t": token})
    assert stands(question)[0] is QuestionState.ANSWERED
    client.post(place(webinar, question.id, "reopen"), data={"t": token})
    assert stands(question)[0] is QuestionState.OPEN

    sent = {"t": token, "reason": "x", "target": str(question.id), "is_closed": "yes"}
    for act in ("dismiss", "merge"):
        answer = client.post(place(webinar, question.id, act), data=sent)
        assert answer.status_code in {403, 404}, act
    assert client.post(place(webinar, waiting.id, "open"), data=sent).status_code == 404
    assert client.post(place(webinar, "desk"), data=sent).status_code == 403


def test_nobody_else_moderates(client: FlaskClient, client_for: SignIn, webinar: Webinar) -> None:
    question = make_question(webinar)
    guest = make_registration(webinar)

    for browser, token in ((client, ""), (client_for(make_user()), ""), (client, guest.token)):
        for path in (place(webinar), place(webinar, "live"), place(webinar, question.id)):
            assert browser.get(f"{path}?t={token}").status_code == 403
        for act in ("now", "answered", "dismiss", "merge", "answer"):
            path = place(webinar, question.id, act)
            sent = {"t": token, "reason": "x", "answer": "x", "target": "1"}
            assert browser.post(path, data=sent).status_code == 403, act


def test_two_moderators_at_one_question(desk: FlaskClient, webinar: Webinar) -> None:
    """Whoever is late is told so, and nothing is lost."""
    question = make_question(webinar)
    desk.post(place(webinar, question.id, "answered"))

    late = desk.post(place(webinar, question.id, "dismiss"), data={"reason": "Off the topic"})

    assert late.status_code == 303
    assert "not open any more" in desk.get(place(webinar)).text
    assert stands(question)[0] is QuestionState.ANSWERED


def test_polled_part_says_304_until_something_changes(
    desk: FlaskClient, webinar: Webinar, count_statements: Any
) -> None:
    question = make_question(webinar)
    first = desk.get(place(webinar, "live"))
    assert (first.status_code, first.text.count("data-item")) == (200, 1)
    asked = {"If-None-Match": first.headers["ETag"]}

    assert desk.get(place(webinar, "live"), headers=asked).status_code == 304
    desk.post(place(webinar, question.id, "now"))

    assert revision_of(webinar.id) == 1
    assert desk.get(place(webinar, "live"), headers=asked).status_code == 200


@pytest.mark.parametrize("nonsense", ["", "x" * 21_000, "\x00", "<script>", "💡" * 300])
def test_nonsense_never_breaks_it(desk: FlaskClient, webinar: Webinar, nonsense: str) -> None:
    question = make_question(webinar)

    for act in ("dismiss", "answer", "merge", "split", "now"):
        sent = {"reason": nonsense, "answer": nonsense, "target": nonsense, "came": nonsense}
        status = desk.post(place(webinar, question.id, act), data=sent).status_code
        assert status in {303, 422}, act
    assert desk.post(place(webinar, question.id, "nothing")).status_code in {404, 405}
    assert desk.post(place(webinar, 9999, "now")).status_code == 404
    assert desk.get(place(webinar, 9999)).status_code == 404


def test_screen_asks_the_database_the_same_for_1_and_30(
    desk: FlaskClient, webinar: Webinar, count_statements: Any
) -> None:
    make_desk(webinar)
    counts = []
    for count in (1, 29):
        for _ in range(count):
            make_question(webinar, make_user())
        desk.get(place(webinar))
        with count_statements() as statements:
            assert desk.get(place(webinar)).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
