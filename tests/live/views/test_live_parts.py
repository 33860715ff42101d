from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.live.revisions import renew
from app.questions import moderating
from app.questions.desk import change_desk
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_desk, make_question, vote_for
from tests.factories_registrations import at, make_registration
from tests.factories_webinars import add_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def webinar(app: Flask) -> Webinar:
    return at_ten()


def at_ten(**changes: Any) -> Webinar:
    values: dict[str, Any] = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    return make_webinar("Housing", **(values | changes))


def poll(browser: FlaskClient, webinar: Webinar | int, token: str = "", tag: str = "") -> Any:
    headers = {"If-None-Match": tag} if tag else {}
    end = f"?t={token}" if token else ""
    number = webinar if isinstance(webinar, int) else webinar.id
    return browser.get(f"/webinars/{number}/live{end}", headers=headers)


def changed(webinar: Webinar) -> None:
    with write():
        renew(webinar.id)


def test_nothing_new_is_304_in_one_statement_for_a_guest(
    webinar: Webinar, client: FlaskClient, count_statements: Any
) -> None:
    number, token = webinar.id, make_registration(webinar).token
    tag = poll(client, number, token).headers["ETag"]

    with count_statements() as statements:
        answer = poll(client, number, token, tag)

    assert (answer.status_code, answer.text, answer.headers["ETag"]) == (304, "", tag)
    assert len(statements) == 1


def test_nothing_new_is_304_in_three_statements_for_a_member(
    webinar: Webinar, client_for: SignIn, count_statements: Any
) -> None:
    member = make_user()
    make_registration(webinar, email=member.email, user_id=member.id)
    number, browser = webinar.id, client_for(member)
    tag = poll(browser, number).headers["ETag"]

    with count_statements() as statements:
        answer = poll(browser, number, tag=tag)

    assert answer.status_code == 304
    assert len(statements) == 3  # the person, the webinar, whether they see it


@pytest.mark.parametrize("how_many", [1, 30])
def test_what_is_new_takes_few_statements_once_somebody_asked(
    webinar: Webinar, app: Flask, count_statements: Any, how_many: int
) -> None:
    """The texts are made for everybody; each is asked for what they voted only."""
    first, second = (make_registration(webinar).token for _ in range(2))
    for _ in range(how_many):
        make_question(webinar)
    number = webinar.id
    poll(app.test_client(), number, first)

    with count_statements() as statements:
        answer = poll(app.test_client(), number, second)

    assert answer.text.count("What does it cost") == how_many
    assert len(statements) == 3  # the webinar, own votes, own answers


def test_each_change_is_news_for_everybody(webinar: Webinar, client: FlaskClient) -> None:
    row = make_registration(webinar)
    tag = poll(client, webinar, row.token).headers["ETag"]

    changed(webinar)

    assert poll(client, webinar, row.token, tag).status_code == 200


@pytest.mark.parametrize("minute", [-16, 61, 91])
def test_the_clock_is_news_too(
    webinar: Webinar, client: FlaskClient, clock: time_machine.Traveller, minute: int
) -> None:
    """Nobody is told by a change when the door opens or shuts."""
    row = make_registration(webinar)
    tag = poll(client, webinar, row.token).headers["ETag"]
    clock.move_to(START + timedelta(minutes=minute))

    assert poll(client, webinar, row.token, tag).status_code == 200


def test_end_now_is_news_without_any_question(webinar: Webinar, client: FlaskClient) -> None:
    row = make_registration(webinar)
    tag = poll(client, webinar, row.token).headers["ETag"]
    with write():
        webinar.ended_at = START

    answer = poll(client, webinar, row.token, tag)

    assert "This webinar is over" in answer.text


def test_own_votes_are_shown_to_their_owner_only(webinar: Webinar, app: Flask) -> None:
    one, other = make_registration(webinar), make_registration(webinar)
    question = make_question(webinar)
    vote_for(question, registration=one)

    texts = [poll(app.test_client(), webinar, row.token).text for row in (one, other)]

    assert [text.count('aria-pressed="true"') for text in texts] == [1, 0]


def test_every_guest_gets_their_own_link_into_the_forms_and_no_other(
    webinar: Webinar, app: Flask
) -> None:
    one, other = make_registration(webinar), make_registration(webinar)
    make_question(webinar)

    texts = [poll(app.test_client(), webinar, row.token).text for row in (one, other)]

    assert [one.token in text for text in texts] == [True, False]
    assert [other.token in text for text in texts] == [False, True]


def test_page_of_an_account_holds_no_personal_link(webinar: Webinar, client_for: SignIn) -> None:
    member = make_user()
    row = make_registration(webinar, email=member.email, user_id=member.id)
    browser = client_for(member)

    for text in (poll(browser, webinar).text, browser.get(f"/webinars/{webinar.id}/join").text):
        assert row.token not in text


def test_page_and_first_poll_agree(webinar: Webinar, client: FlaskClient) -> None:
    """The page carries the tag of what it shows: its first poll brings nothing twice."""
    row = make_registration(webinar)
    make_question(webinar)
    page = client.get(f"/webinars/{webinar.id}/join?t={row.token}").text

    tag = page.partition('data-live-tag="')[2].partition('"')[0]

    assert poll(client, webinar, row.token, f'"{tag}"').status_code == 304
    assert 'data-live-seconds="10"' in page


def test_forms_come_with_the_token_of_who_reads(webinar: Webinar, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        one, other = app.test_client(), app.test_client()
        row = make_registration(webinar)
        texts = [poll(browser, webinar, row.token).text for browser in (one, other)]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    tokens = [text.partition('name="csrf_token" value="')[2].partition('"')[0] for text in texts]
    assert len({*tokens} - {""}) == 2


def test_head_answers_like_get(webinar: Webinar, client: FlaskClient) -> None:
    row = make_registration(webinar)
    address = f"/webinars/{webinar.id}/live?t={row.token}"
    seen, head = client.get(address), client.head(address)

    assert (head.status_code, head.text) == (200, "")
    assert head.headers["ETag"] == seen.headers["ETag"]


def test_nobody_else_keeps_it(webinar: Webinar, client: FlaskClient, client_for: SignIn) -> None:
    row = make_registration(webinar)

    by_link = poll(client, webinar, row.token)
    by_account = poll(client_for(webinar.organisers[0].user), webinar)

    assert by_link.headers["Cache-Control"] == "no-store"
    assert by_account.headers["Cache-Control"] == "private, no-cache"
    assert by_link.headers["Referrer-Policy"] == "no-referrer"


def test_strangers_and_visitors_are_turned_away(
    webinar: Webinar, client: FlaskClient, client_for: SignIn
) -> None:
    hidden = at_ten(visibility=Visibility.NETWORK)
    gone = make_registration(webinar, state=RegistrationState.CANCELLED)

    assert poll(client, webinar).status_code == 403
    assert poll(client, webinar, gone.token).status_code == 403
    assert poll(client_for(make_user()), webinar).status_code == 403
    assert poll(client, hidden).status_code == 404
    assert client.get("/webinars/999/live").status_code == 404
    assert client.get(f"/webinars/999/live?t={gone.token}").status_code == 404


def test_organiser_sees_what_organisers_see(webinar: Webinar, client_for: SignIn) -> None:
    other = make_user()
    add_organiser(webinar, other)

    assert poll(client_for(other), webinar).status_code == 200


@pytest.mark.parametrize("token", ["%00", "%ff%fe", "a" * 10_000, "'; --", "🎥" * 20])
def test_odd_tokens_open_nothing(webinar: Webinar, client: FlaskClient, token: str) -> None:
    assert client.get(f"/webinars/{webinar.id}/live?t={token}").status_code == 403


def test_a_town_hall_behind_one_address_is_not_too_much(webinar: Webinar, app: Flask) -> None:
    """Guests with a link are counted by it; whoever tries links is counted by address."""
    rows = [make_registration(webinar) for _ in range(60)]
    office = {"REMOTE_ADDR": "198.51.100.7"}
    app.config["REQUEST_LIMITS"] = True
    try:
        seen = {
            app.test_client()
            .get(f"/webinars/{webinar.id}/live?t={row.token}", environ_base=office)
            .status_code
            for row in rows
        }
        tried = [
            app.test_client()
            .get(f"/webinars/{webinar.id}/live?t=a-token-that-is-none-{n:04}", environ_base=office)
            .status_code
            for n in range(60)
        ]
        own = [poll(app.test_client(), webinar, rows[0].token).status_code for _ in range(70)]
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert seen == {200}
    assert (tried[0], tried[-1]) == (403, 429)
    assert (own[0], own[-1]) == (200, 429)


def test_waiting_person_learns_that_a_seat_is_taken(app: Flask, clock: Any) -> None:
    webinar = at_ten(capacity=1)
    seated = make_registration(webinar)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
    clock.move_to(START + timedelta(minutes=6))
    browser = app.test_client()
    tag = poll(browser, webinar, waiting.token).headers["ETag"]

    with write():
        seated.joined_at = START

    answer = poll(browser, webinar, waiting.token, tag)
    assert "All live seats are taken" in answer.text
    db.session.rollback()


def test_own_question_that_waits_is_shown_to_its_asker_alone(webinar: Webinar, app: Flask) -> None:
    make_desk(webinar, is_moderated=True)
    mine, other = (make_registration(webinar) for _ in range(2))
    asked = {"body": "Who pays in the end?", "t": mine.token, "back": "live"}
    app.test_client().post(f"/webinars/{webinar.id}/questions", data=asked)
    question = db.session.query(Question).one()

    def seen() -> list[tuple[bool, bool]]:
        texts = [poll(app.test_client(), webinar, row.token).text for row in (mine, other)]
        words = "Your question waits for the moderators"
        return [(words in text, asked["body"] in text) for text in texts]

    assert seen() == [(True, True), (False, False)]
    page = app.test_client().get(f"/webinars/{webinar.id}/join?t={mine.token}").text
    assert "Your question waits for the moderators" in page
    with write():
        moderating.let_through(question)
    assert seen() == [(False, True), (False, True)]


def test_asker_takes_back_what_waits_and_comes_back_to_the_hour(
    webinar: Webinar, client_for: SignIn
) -> None:
    member = make_user()
    make_registration(webinar, email=member.email, user_id=member.id)
    questions = [make_question(webinar, member, state=QuestionState.WAITING) for _ in range(2)]
    browser, place = client_for(member), f"/webinars/{webinar.id}/questions/{questions[0].id}"

    before = poll(browser, webinar).text
    answer = browser.post(f"{place}/withdraw", data={"back": "live"})
    after = poll(browser, webinar).text

    assert "Your 2 questions wait for the moderators" in before
    assert f'action="{place}/withdraw"' in before
    assert answer.location.startswith(f"/webinars/{webinar.id}/join")
    assert "Your question waits for the moderators" in after


def test_own_questions_that_wait_take_no_more_statements(
    webinar: Webinar, app: Flask, count_statements: Any
) -> None:
    first, second = (make_registration(webinar) for _ in range(2))
    make_question(webinar, registration=second, state=QuestionState.WAITING)
    number, tokens = webinar.id, (first.token, second.token)
    poll(app.test_client(), number, tokens[0])

    with count_statements() as statements:
        answer = poll(app.test_client(), number, tokens[1])

    assert "Your question waits" in answer.text
    assert len(statements) == 3


def test_form_for_questions_is_there_while_they_are_taken(
    webinar: Webinar, client: FlaskClient
) -> None:
    token, actor = make_registration(webinar).token, webinar.organisers[0].user
    place = f"/webinars/{webinar.id}/join?t={token}"

    def forms() -> list[int]:
        return [text.count('id="ask"') for text in (client.get(place).text, news())]

    def news() -> str:
        return str(poll(client, webinar, token).text)

    seen = [forms()]
    for is_closed in (True, False):
        with write():
            change_desk(webinar.id, actor, is_closed=is_closed)
        seen.append(forms())

    assert seen == [[1, 1], [0, 0], [1, 1]]
