"""The page of questions: reading, asking, voting, taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.core.enums import Attribution, Visibility
from app.questions.enums import QuestionState, Source
from app.questions.models import Question
from app.webinars.enums import RegistrationState, Status
from tests.factories import make_user
from tests.factories_live import make_desk, make_question, vote_for
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
WORDS = "How do you pay for interpreters at the counter?"


def address(webinar: Any, more: str = "") -> str:
    return f"/webinars/{webinar.id}/questions{more}"


def the_question() -> Question:
    return db.session.query(Question).one()


def test_member_asks_and_has_voted(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user()
    browser = client_for(person)

    answer = browser.post(address(webinar), data={"body": f"  {WORDS} "})

    question = the_question()
    assert answer.status_code == 303
    assert answer.location == f"{address(webinar)}#question-{question.id}"
    assert (question.body, question.asker_id, question.votes) == (WORDS, person.id, 1)
    assert (question.state, question.source) == (QuestionState.OPEN, Source.PAGE)
    page = browser.get(address(webinar)).text
    assert WORDS in page
    assert 'aria-pressed="true"' in page


def test_language_is_guessed(client_for: SignIn) -> None:
    webinar = make_webinar()

    client_for(make_user()).post(
        address(webinar), data={"body": "Wie viele Menschen arbeiten bei Ihnen in dieser Stelle?"}
    )

    assert the_question().language == "de"


def test_guest_asks_by_personal_link(client: FlaskClient) -> None:
    webinar = make_webinar()
    guest = make_registration(webinar, city_label="York")

    answer = client.post(address(webinar), data={"body": WORDS, "t": guest.token, "back": "live"})

    question = the_question()
    assert answer.location.startswith(f"/webinars/{webinar.id}/join?t={guest.token}")
    assert (question.registration_id, question.asker_id) == (guest.id, None)
    assert question.source is Source.LIVE
    page = client.get(address(webinar, f"?t={guest.token}"))
    assert "A participant, York" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert f'name="t" value="{guest.token}"' in page.text


def test_about_an_item_of_the_programme_without_name(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user("Housing officer")
    item = make_agenda_item(webinar, "Costs")
    browser = client_for(person)

    browser.post(
        address(webinar), data={"body": WORDS, "agenda_item": str(item.id), "is_unnamed": "y"}
    )

    assert the_question().agenda_item_id == item.id
    page = browser.get(address(webinar)).text
    assert "About: Costs" in page
    assert "A participant" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"body": ""}, "Write your question first."),
        ({"body": " \x00\u202e "}, "Write your question first."),
        ({"body": "x" * 1001}, "This is too long"),
        ({"body": WORDS, "agenda_item": "99"}, "Not a valid choice"),
        ({"body": WORDS, "agenda_item": "'; --"}, "Not a valid choice"),
    ],
)
def test_bad_question_is_said_beside_the_field(
    client_for: SignIn, sent: dict[str, str], said: str
) -> None:
    webinar = make_webinar()

    answer = client_for(make_user()).post(address(webinar), data=sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Question).count() == 0


def test_same_question_of_others_leads_to_a_vote(client_for: SignIn) -> None:
    webinar = make_webinar()
    first = make_question(webinar, body=WORDS)
    browser = client_for(make_user())

    answer = browser.post(address(webinar), data={"body": WORDS.upper() + "!"})
    assert answer.status_code == 422
    assert f"/questions/{first.id}/vote" in answer.text
    assert WORDS.upper() in answer.text

    browser.post(address(webinar), data={"body": WORDS.upper(), "anyway": "1"})
    assert db.session.query(Question).count() == 2


def test_same_question_twice_and_the_eleventh_are_refused(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user()
    browser = client_for(person)
    browser.post(address(webinar), data={"body": WORDS})

    again = browser.post(address(webinar), data={"body": WORDS})
    assert (again.status_code, "You have just asked this" in again.text) == (422, True)

    for number in range(9):
        make_question(webinar, person, body=f"Question {number}")
    eleventh = browser.post(address(webinar), data={"body": "One more"})
    assert (eleventh.status_code, "10 questions" in eleventh.text) == (422, True)


def test_vote_is_turned(client_for: SignIn) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    browser = client_for(make_user())
    turn = address(webinar, f"/{question.id}/vote")

    browser.post(turn)
    assert the_question().votes == 1
    assert browser.get(address(webinar)).text.count('aria-pressed="true"') == 1

    browser.post(turn, data={"back": "webinar"})
    assert the_question().votes == 0


def test_only_open_questions_take_votes(client_for: SignIn) -> None:
    webinar, browser = make_webinar(), client_for(make_user())
    other = make_question(make_webinar())
    hidden = make_question(webinar, state=QuestionState.DISMISSED)
    answered = make_question(webinar, state=QuestionState.ANSWERED)

    for question_id in (hidden.id, other.id, 9999):
        assert browser.post(address(webinar, f"/{question_id}/vote")).status_code == 404
    browser.post(address(webinar, f"/{answered.id}/vote"))
    assert "not open any more" in browser.get(address(webinar)).text
    assert {row.votes for row in db.session.query(Question)} == {0}


def test_registration_of_a_member_counts_as_the_member(client_for: SignIn, app: Any) -> None:
    webinar, person = make_webinar(), make_user()
    place = make_registration(webinar, user_id=person.id, email=person.email)
    question = make_question(webinar)
    turn = address(webinar, f"/{question.id}/vote")

    client_for(person).post(turn)
    app.test_client().post(turn, data={"t": place.token})

    assert the_question().votes == 0


def test_vote_from_before_the_account_is_known_again(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user()
    place = make_registration(webinar, email=person.email)
    question = make_question(webinar)
    vote_for(question, registration=place)

    client_for(person).post(address(webinar, f"/{question.id}/vote"))

    assert the_question().votes == 0


def test_strangers_read_and_cannot_act(client: FlaskClient, client_for: SignIn) -> None:
    webinar = make_webinar()
    question = make_question(webinar, body=WORDS)
    gone = make_registration(webinar, state=RegistrationState.CANCELLED)

    for browser, token in ((client, ""), (client_for(make_user(approved_at=None)), ""),
                           (client, gone.token)):  # fmt: skip
        assert WORDS in browser.get(address(webinar)).text
        sent = {"body": "x", "t": token}
        assert browser.post(address(webinar), data=sent).status_code == 403
        turn = address(webinar, f"/{question.id}/vote")
        assert browser.post(turn, data={"t": token}).status_code == 403
        taken = browser.post(address(webinar, f"/{question.id}/withdraw"), data={"t": token})
        assert taken.status_code == 404


def test_hidden_webinar_has_no_questions(client: FlaskClient, client_for: SignIn) -> None:
    inside = make_webinar(visibility=Visibility.NETWORK)
    draft = make_webinar(published=False)
    other = make_registration(draft)

    assert client.get(address(inside)).status_code == 404
    assert client.post(address(inside), data={"body": "x"}).status_code == 404
    assert client_for(make_user()).get(address(draft)).status_code == 404
    assert client.get(address(inside, f"?t={other.token}")).status_code == 404
    assert client.get(address(draft, f"?t={other.token}")).status_code == 404


@pytest.mark.parametrize(
    "closed",
    [
        {"status": Status.CANCELLED},
        {"starts_in": -timedelta(hours=4)},
        {"published": False},
    ],
)
def test_no_question_when_it_is_not_held(client_for: SignIn, closed: dict[str, Any]) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, **closed)
    question = make_question(webinar)
    browser = client_for(organiser)

    answer = browser.post(address(webinar), data={"body": WORDS})
    browser.post(address(webinar, f"/{question.id}/vote"))

    assert answer.status_code == 409
    assert the_question().votes == 0
    assert "takes no more questions" in answer.text


def test_closed_desk_takes_nothing(client_for: SignIn) -> None:
    webinar = make_webinar()
    make_desk(webinar, is_closed=True)

    answer = client_for(make_user()).post(address(webinar), data={"body": WORDS})

    assert answer.status_code == 409


def test_moderated_question_waits_for_its_asker_alone(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar = make_webinar()
    make_desk(webinar, is_moderated=True)
    mine = client_for(make_user())

    mine.post(address(webinar), data={"body": WORDS})

    assert the_question().state is QuestionState.WAITING
    assert "The moderators read it first" in mine.get(address(webinar)).text
    assert WORDS not in client.get(address(webinar)).text
    assert WORDS not in client_for(make_user()).get(address(webinar)).text


def test_asker_takes_it_back_and_brings_it_back(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user()
    question = make_question(webinar, person, body=WORDS)
    browser = client_for(person)
    stranger = client_for(make_user())

    away = address(webinar, f"/{question.id}/withdraw")
    assert stranger.post(away).status_code == 404
    browser.post(away)
    assert the_question().state is QuestionState.WITHDRAWN
    page = browser.get(address(webinar)).text
    assert "/bring-back" in page
    assert f'id="question-{question.id}"' not in page

    again = address(webinar, f"/{question.id}/bring-back")
    assert stranger.post(again).status_code == 404
    browser.post(again)
    assert the_question().state is QuestionState.OPEN


def test_answered_question_stays(client_for: SignIn) -> None:
    webinar, person = make_webinar(), make_user()
    question = make_question(webinar, person, state=QuestionState.ANSWERED)

    browser = client_for(person)

    browser.post(address(webinar, f"/{question.id}/withdraw"))

    assert "has its answer" in browser.get(address(webinar)).text
    assert the_question().state is QuestionState.ANSWERED


def test_list_asks_the_database_the_same_for_1_and_30(
    client_for: SignIn, count_statements: Any
) -> None:
    webinar, person = make_webinar(), make_user()
    browser, counts = client_for(person), []

    for count in (1, 29):
        for _ in range(count):
            make_question(webinar, make_user())
        browser.get(address(webinar))
        with count_statements() as statements:
            assert browser.get(address(webinar)).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("attribution", "visitor", "member"),
    [
        (Attribution.OPEN, True, True),
        (Attribution.NETWORK, False, True),
        (Attribution.CHATHAM_HOUSE, False, False),
    ],
)
def test_who_is_named_to_whom(
    client: FlaskClient,
    client_for: SignIn,
    attribution: Attribution,
    visitor: bool,
    member: bool,
) -> None:
    webinar = make_webinar(attribution=attribution)
    make_question(webinar, make_user("Parking officer"))
    guest = make_registration(webinar, name="Night bus planner", city_label="Hull", is_listed=True)
    make_question(webinar, registration=guest)
    quiet = make_registration(webinar, name="Quiet planner", city_label="Leeds")
    make_question(webinar, registration=quiet)

    seen = client.get(address(webinar)).text
    assert ("Parking officer" in seen, "A participant, Hull" in seen) == (visitor, visitor)
    assert "Night bus planner" not in seen
    inside = client_for(make_user()).get(address(webinar)).text
    assert ("Parking officer" in inside, "Night bus planner, Hull" in inside) == (member, member)
    assert ("A participant, Leeds" in inside, "Quiet planner" in inside) == (member, False)
