"""Two moderators answer, merge and undo while fifty people vote and take votes back, at once.

Whoever is first: each question counts its own rows, nobody votes twice, and what others were
merged into holds the votes of all of them.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.live.revisions import revision_of
from app.questions.enums import QuestionState
from app.questions.models import Question, QuestionVote
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import add_organiser, make_organiser, make_webinar
from tests.hostile.seat_rush import Act, at_once

SignIn = Callable[[User], FlaskClient]

QUESTIONS, MEMBERS, GUESTS, VOTES_EACH, ACTS_EACH = 6, 16, 30, 2, 8
PRESSES = ("now", "later", "answered", "reopen", "open")


def post(browser: FlaskClient, path: str, **sent: str) -> None:
    """Whatever the moderators were faster with is said in a sentence, never by a fault.

    On a busy machine fifty at once may wait ten seconds for a connection; nothing of theirs was
    done then, and they come again.
    """
    answer = browser.post(path, data=sent)
    if answer.status_code == 503:
        answer = browser.post(path, data=sent)
    assert answer.status_code in {303, 422}, (path, sent, answer.status_code)


def votes_by(browser: FlaskClient, token: str, webinar_id: int, chosen: list[int]) -> Act:
    def act() -> None:
        for question_id in chosen:
            post(browser, f"/webinars/{webinar_id}/questions/{question_id}/vote", t=token)

    return act


def moderates(browser: FlaskClient, webinar_id: int, ids: list[int], dice: random.Random) -> Act:
    """Half of what is done is merging and splitting."""

    def act() -> None:
        for _ in range(ACTS_EACH):
            place = f"/webinars/{webinar_id}/moderate/{dice.choice(ids)}"
            kind = dice.random()
            if kind < 0.35:
                post(browser, f"{place}/merge", target=str(dice.choice(ids)))
            elif kind < 0.6:
                came = dice.sample(ids, 2)
                post(browser, f"{place}/split", came=",".join(map(str, came)))
            elif kind < 0.7:
                post(browser, f"{place}/answer", answer="In the second half of the recording.")
            else:
                post(browser, f"{place}/{dice.choice(PRESSES)}")

    return act


def crowd(app: Flask, client_for: SignIn, webinar: Webinar) -> list[tuple[FlaskClient, str]]:
    """Members by account; guests by link; some who have both and come by either."""
    people: list[tuple[FlaskClient, str]] = []
    for number in range(MEMBERS):
        person = make_user()
        people.append((client_for(person), ""))
        if number % 4 == 0:
            place = make_registration(webinar, user_id=person.id, email=person.email)
            people.append((app.test_client(), place.token))
    guests = [make_registration(webinar) for _ in range(GUESTS)]
    return people + [(app.test_client(), guest.token) for guest in guests]


def everything_adds_up(webinar_id: int) -> bool:
    questions = {
        row.id: row
        for row in db.session.scalars(select(Question).where(Question.webinar_id == webinar_id))
    }
    voters: dict[int, list[Any]] = defaultdict(list)
    own: dict[int, set[Any]] = defaultdict(set)
    for vote in db.session.scalars(select(QuestionVote)):
        voters[vote.question_id].append(voter(vote))
        if vote.via_id is None:
            own[vote.question_id].add(voter(vote))
    for question in questions.values():
        here = voters[question.id]
        assert question.votes == len(here), question.id
        assert not [one for one, times in Counter(here).items() if times > 1], question.id
        merged = [row.id for row in questions.values() if row.merged_into_id == question.id]
        assert set(here) == own[question.id].union(*(own[one] for one in merged)), question.id
        is_merged = question.merged_into_id is not None
        assert is_merged == (question.state is QuestionState.MERGED), question.id
        assert not (is_merged and merged), question.id
    assert sum(row.is_now for row in questions.values()) <= 1
    return True


def voter(vote: QuestionVote) -> tuple[str, int | None]:
    return ("user", vote.user_id) if vote.user_id else ("registration", vote.registration_id)


@pytest.mark.parametrize("seed", range(3))
def test_votes_are_right_whoever_is_first(app: Flask, client_for: SignIn, seed: int) -> None:
    dice = random.Random(seed)
    organiser, colleague = make_organiser(), make_organiser()
    webinar = make_webinar(organiser=organiser)
    add_organiser(webinar, colleague)
    webinar_id = webinar.id
    ids = [make_question(webinar, body=f"Question {number}").id for number in range(QUESTIONS)]
    people = crowd(app, client_for, webinar)
    assert len(people) >= 50

    moderators = [client_for(person) for person in (organiser, colleague)]
    acts = [moderates(one, webinar_id, ids, random.Random(dice.random())) for one in moderators]
    acts += [
        votes_by(browser, token, webinar_id, dice.choices(ids, k=VOTES_EACH))
        for browser, token in people
    ]
    at_once(app, acts)

    assert everything_adds_up(webinar_id)
    assert db.session.query(QuestionVote).count() > 0
    assert revision_of(webinar_id) > 0
    checked = app.test_cli_runner().invoke(args=["questions", "recount", "--check"])
    assert checked.output == "0 numbers differ.\n"
