"""Who sees a question, by where it stands, in every place that could show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.live.attendees import attendee_of
from app.questions.enums import QuestionState, Source
from app.questions.models import Question
from app.questions.queries import questions_visible_to
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_live import make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]

WAITING, OPEN, ANSWERED = QuestionState.WAITING, QuestionState.OPEN, QuestionState.ANSWERED
DISMISSED, MERGED = QuestionState.DISMISSED, QuestionState.MERGED
WITHDRAWN = QuestionState.WITHDRAWN
ALL = {WAITING, OPEN, ANSWERED, DISMISSED, MERGED}
SHOWN = {OPEN, ANSWERED}


def words(state: QuestionState) -> str:
    return f"Is this one {state.value}-like?"


class Hall:
    """A webinar with one question in each state, and somebody of each role."""

    def __init__(self, app: Any, client_for: SignIn) -> None:
        self.organiser, self.asker, member = make_organiser(), make_user(), make_user()
        self.webinar = make_webinar(organiser=self.organiser)
        self.guest = make_registration(self.webinar)
        speaker = make_speaker(self.webinar, token="speaker-token-of-fair-length")
        for state in QuestionState:
            make_question(self.webinar, self.asker, body=words(state), state=state)
        visitor = app.test_client()
        self.roles: dict[str, tuple[FlaskClient, str]] = {
            "visitor": (visitor, ""),
            "applicant": (client_for(make_user(approved_at=None)), ""),
            "member": (client_for(member), ""),
            "guest": (visitor, self.guest.token),
            "speaker": (visitor, speaker.token),
            "asker": (client_for(self.asker), ""),
            "organiser": (client_for(self.organiser), ""),
        }

    def seen(self, role: str, path: str) -> set[QuestionState] | None:
        """The states whose words stand on the page; None: it is not for them."""
        browser, token = self.roles[role]
        mark = "&" if "?" in path else "?"
        answer = browser.get(f"{path}{mark}t={token}" if token else path)
        if answer.status_code == 301:
            answer = browser.get(answer.location)
        if answer.status_code in {302, 403, 404}:
            return None
        assert answer.status_code == 200, (role, path)
        return {state for state in QuestionState if words(state) in answer.text}


@pytest.fixture
def hall(app: Any, client_for: SignIn) -> Hall:
    return Hall(app, client_for)


EVERYBODY = ("visitor", "applicant", "member", "guest", "speaker", "asker", "organiser")


def test_page_of_questions(hall: Hall) -> None:
    seen = {role: hall.seen(role, f"/webinars/{hall.webinar.id}/questions") for role in EVERYBODY}

    assert seen == dict.fromkeys(EVERYBODY, SHOWN) | {"asker": ALL}


def test_page_of_the_webinar_shows_the_same_to_all(hall: Hall) -> None:
    for role in EVERYBODY:
        assert hall.seen(role, f"/webinars/{hall.webinar.id}") == SHOWN, role


@pytest.mark.parametrize("part", ["", "/live"])
def test_screen_of_the_moderators(hall: Hall, part: str) -> None:
    path = f"/webinars/{hall.webinar.id}/moderate{part}"

    seen = {role: hall.seen(role, path) for role in EVERYBODY}

    hosts = {"speaker": SHOWN, "organiser": ALL}
    assert seen == dict.fromkeys(EVERYBODY) | hosts


def test_part_that_is_polled(hall: Hall) -> None:
    path = f"/webinars/{hall.webinar.id}/live"

    for role in EVERYBODY:
        assert (hall.seen(role, path) or set()) <= SHOWN, role


def test_hour_itself(hall: Hall) -> None:
    """In time: the join page and its polled part, by account and by link."""
    start = utcnow().replace(microsecond=0) - timedelta(minutes=20)
    with write() as session:
        webinar = session.get_one(Webinar, hall.webinar.id)
        webinar.starts_at, webinar.ends_at = start, start + timedelta(hours=1)

    for role in ("guest", "speaker", "organiser"):
        for part in ("join", "live"):
            path = f"/webinars/{hall.webinar.id}/{part}"
            assert hall.seen(role, path) == SHOWN, (role, part)
    browser, token = hall.roles["guest"]
    page = browser.get(f"/webinars/{hall.webinar.id}/join?t={token}").text
    assert f'action="/webinars/{hall.webinar.id}/questions"' in page
    voted = db.session.query(Question).filter_by(state=OPEN).one()
    browser.post(
        f"/webinars/{hall.webinar.id}/questions/{voted.id}/vote", data={"t": token, "back": "live"}
    )
    fresh = browser.get(f"/webinars/{hall.webinar.id}/live?t={token}").text
    assert 'aria-pressed="true"' in fresh


def test_nothing_elsewhere_shows_what_is_not_shown(hall: Hall) -> None:
    webinar = hall.webinar
    paths = [
        "/webinars",
        f"/webinars/{webinar.id}/calendar.ics",
        f"/webinars/{webinar.id}/join",
        "/calendars/public.ics",
        "/search?q=Is+this+one",
        "/",
    ]
    for role in EVERYBODY:
        for path in paths:
            assert (hall.seen(role, path) or set()) <= SHOWN, (role, path)


def test_rule_says_what_the_pages_show(hall: Hall) -> None:
    def visible(viewer: User | None, token: str = "") -> set[QuestionState]:
        webinar = db.session.get_one(Webinar, hall.webinar.id)
        found = questions_visible_to(attendee_of(webinar, viewer, token))
        return {row.state for row in db.session.scalars(found)}

    assert visible(None) == SHOWN
    assert visible(None, hall.guest.token) == SHOWN
    assert visible(hall.asker) == ALL | {WITHDRAWN}
    assert visible(hall.organiser) == ALL


def test_question_whose_post_is_gone_for_good_is_gone(hall: Hall) -> None:
    with write() as session:
        for row in session.query(Question):
            row.source, row.post_id = Source.THREAD, None

    for role in EVERYBODY:
        assert not hall.seen(role, f"/webinars/{hall.webinar.id}/questions"), role
        assert not hall.seen(role, f"/webinars/{hall.webinar.id}"), role


def test_kept_page_of_the_webinar_follows_every_change(
    client: FlaskClient, client_for: SignIn
) -> None:
    """Votes, questions, answers and the closed desk are on it with the next look."""
    webinar = make_webinar()
    browser = client_for(make_user())
    path = client.get(f"/webinars/{webinar.id}").location
    ask = f"/webinars/{webinar.id}/questions"
    assert "Ask the first one; speakers read them the day before." in browser.get(path).text
    assert "Register or sign in to ask" in client.get(path).text

    browser.post(ask, data={"body": "Who pays for the interpreters?", "back": "webinar"})
    question = db.session.query(Question).one()
    for reader in (client, browser):
        assert "Who pays for the interpreters?" in reader.get(path).text
    assert 'aria-pressed="true"' in browser.get(path).text
    assert 'aria-pressed="false"' in client_for(make_user()).get(path).text
    assert "aria-pressed" not in client.get(path).text.split('id="questions"')[1]

    browser.post(f"{ask}/{question.id}/vote", data={"back": "webinar"})
    assert 'aria-pressed="false"' in browser.get(path).text
    assert "0 people want to know this" in client.get(path).text

    browser.post(f"{ask}/{question.id}/withdraw")
    for reader in (client, browser):
        assert "Who pays for the interpreters?" not in reader.get(path).text


def test_top_five_and_the_way_to_all(client: FlaskClient) -> None:
    webinar = make_webinar()
    for number in range(7):
        make_question(webinar, body=f"Question of rank {number}", votes=20 - number)

    page = client.get(client.get(f"/webinars/{webinar.id}").location).text

    assert [f"Question of rank {number}" in page for number in range(7)] == [True] * 5 + [False] * 2
    assert "See all 7 questions" in page


def test_registration_of_another_webinar_opens_nothing(client: FlaskClient) -> None:
    webinar = make_webinar()
    other: Registration = make_registration(make_webinar())

    answer = client.post(f"/webinars/{webinar.id}/questions", data={"body": "x", "t": other.token})

    assert answer.status_code == 403
