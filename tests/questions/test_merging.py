"""One question stands for several, with everybody's vote once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.db import db, write
from app.live.attendees import attendee_of
from app.questions import asking, merging, voting
from app.questions.enums import QuestionState
from app.questions.errors import NotMergeable, NotOpen
from app.questions.models import Question, QuestionVote
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_question, vote_for
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

pytestmark = pytest.mark.usefixtures("app")


def asked(webinar: Webinar, *voters: User) -> Question:
    question = make_question(webinar)
    for person in voters:
        vote_for(question, person)
    return question


def merge(question: Question, target: Question) -> list[int]:
    with write():
        return merging.merge(db.session.get_one(Question, question.id), target.id)


def split(question: Question, came: list[int] | None = None) -> None:
    with write():
        merging.split(db.session.get_one(Question, question.id), came or [])


def turn(question: Question, person: User) -> None:
    with write():
        held = db.session.get_one(Question, question.id)
        voting.turn_vote(attendee_of(held.webinar, person, ""), held.id)


def votes(*questions: Question) -> list[int]:
    """As they stand; each is compared with its rows."""
    found = []
    for question in questions:
        db.session.refresh(question)
        rows = select(func.count()).where(QuestionVote.question_id == question.id)
        assert db.session.scalar(rows) == question.votes
        found.append(question.votes)
    return found


def test_target_holds_the_union() -> None:
    webinar, both, one, other = make_webinar(), make_user(), make_user(), make_user()
    first, second = asked(webinar, both, one), asked(webinar, both, other)

    merge(second, first)

    assert votes(first, second) == [3, 2]
    assert (second.state, second.merged_into_id) == (QuestionState.MERGED, first.id)


def test_split_gives_back_what_was() -> None:
    webinar, both = make_webinar(), make_user()
    first, second = asked(webinar, both, make_user()), asked(webinar, both, make_user())
    third = asked(webinar, both, make_user())
    merge(second, first)
    merge(third, first)

    split(second)

    assert votes(first, second, third) == [3, 2, 2]
    assert second.state is QuestionState.OPEN


def test_chain_collapses_and_comes_back() -> None:
    webinar = make_webinar()
    first, second, third = (asked(webinar, make_user()) for _ in range(3))
    merge(third, second)

    came = merge(second, first)

    assert came == [third.id]
    assert votes(first, second, third) == [3, 1, 1]
    assert third.merged_into_id == first.id

    split(second, came)

    assert votes(first, second, third) == [1, 2, 1]
    assert third.merged_into_id == second.id


def test_vote_for_a_merged_question_counts_at_its_target() -> None:
    webinar, person = make_webinar(), make_user()
    first, second = asked(webinar), asked(webinar, person)
    merge(second, first)
    turn(second, person)
    assert votes(first, second) == [0, 0]

    turn(second, person)
    assert votes(first, second) == [1, 0]

    split(second)
    assert votes(first, second) == [1, 0]


def test_account_and_its_registration_are_one_voter() -> None:
    webinar, person = make_webinar(), make_user()
    place = make_registration(webinar, user_id=person.id, email=person.email)
    first, second = asked(webinar, person), asked(webinar)
    vote_for(second, registration=place)

    merge(second, first)

    assert votes(first, second) == [1, 1]


def test_what_waited_waits_again() -> None:
    webinar = make_webinar()
    first, second = asked(webinar), make_question(webinar, state=QuestionState.WAITING)

    merge(second, first)
    split(second)

    assert db.session.get_one(Question, second.id).state is QuestionState.WAITING


def test_taking_back_the_target_frees_the_others() -> None:
    webinar = make_webinar()
    first, second = asked(webinar, make_user()), asked(webinar, make_user())
    merge(second, first)

    with write():
        asking.withdraw(db.session.get_one(Question, first.id))

    assert votes(first, second) == [1, 1]
    assert (second.state, second.merged_into_id) == (QuestionState.OPEN, None)


def test_no_question_goes_into_itself_elsewhere_or_into_what_is_not_shown() -> None:
    webinar = make_webinar()
    first = asked(webinar)
    hidden = make_question(webinar, state=QuestionState.DISMISSED)

    for target in (first, asked(make_webinar()), hidden):
        with pytest.raises(NotMergeable):
            merge(first, target)
    with pytest.raises(NotOpen):
        merge(hidden, first)
    with pytest.raises(NotOpen):
        split(first)
