from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import db, write
from app.webinars import asking
from app.webinars.asking import QuestionRow
from app.webinars.enums import QuestionKind
from app.webinars.errors import TooManyQuestions
from app.webinars.models import Webinar
from app.webinars.place_models import RegistrationQuestion
from tests.factories_answers import answers_to, make_answer, make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

TEXT, CHOICE, YES_NO = QuestionKind.TEXT, QuestionKind.CHOICE, QuestionKind.YES_NO


def ask(webinar: Webinar, *rows: QuestionRow) -> None:
    with write():
        asking.replace_questions(webinar, rows, webinar.organisers[0].user)


def asked(webinar: Webinar) -> list[RegistrationQuestion]:
    db.session.rollback()
    return list(db.session.scalars(asking.questions_at(webinar.id)))


def ended(webinar: Webinar) -> list[str]:
    db.session.rollback()
    found = db.session.scalars(asking.every_question_at(webinar.id))
    return [question.label for question in found if question.ended_at]


def test_questions_are_asked_in_the_order_of_the_rows(app: Flask) -> None:
    webinar = make_webinar()

    ask(
        webinar,
        QuestionRow("Which part?", CHOICE, ("Law", "Budget"), is_required=True),
        QuestionRow(""),
        QuestionRow("First time?", YES_NO, ("passed over",)),
    )

    assert [(q.label, q.kind, q.choices, q.is_required) for q in asked(webinar)] == [
        ("Which part?", CHOICE, ["Law", "Budget"], True),
        ("First time?", YES_NO, [], False),
    ]


def test_rows_change_the_questions_that_they_name(app: Flask) -> None:
    webinar = make_webinar()
    first, second = make_question(webinar, "One"), make_question(webinar, "Two", position=2)

    ask(webinar, QuestionRow("Two, better", id=second.id), QuestionRow("One", id=first.id))

    assert [(q.id, q.label) for q in asked(webinar)] == [
        (second.id, "Two, better"),
        (first.id, "One"),
    ]


def test_question_that_no_row_names_stays(app: Flask) -> None:
    """Another organiser wrote it meanwhile."""
    webinar = make_webinar()
    make_question(webinar, "Theirs")

    ask(webinar, QuestionRow("Mine"))

    assert {q.label for q in asked(webinar)} == {"Theirs", "Mine"}


def test_question_without_answers_is_deleted(app: Flask) -> None:
    webinar = make_webinar()
    question = make_question(webinar)

    ask(webinar, QuestionRow("", id=question.id))

    assert (asked(webinar), ended(webinar)) == ([], [])


def test_question_with_answers_ends_and_keeps_them(app: Flask) -> None:
    webinar = make_webinar()
    question, person = make_question(webinar, "Why?"), make_registration(webinar)
    make_answer(person, question, "To learn")

    ask(webinar, QuestionRow("", id=question.id))

    assert (asked(webinar), ended(webinar)) == ([], ["Why?"])
    assert answers_to(person) == {"Why?": "To learn"}
    with write():
        asking.ask_again(webinar, question.id, webinar.organisers[0].user)
    assert ([q.label for q in asked(webinar)], ended(webinar)) == (["Why?"], [])


def test_answered_question_asked_in_another_way_is_another_one(app: Flask) -> None:
    webinar = make_webinar()
    question, person = make_question(webinar, "Law?"), make_registration(webinar)
    make_answer(person, question, "Some")

    ask(webinar, QuestionRow("Law?", YES_NO, id=question.id))

    assert [(q.id == question.id, q.kind) for q in asked(webinar)] == [(False, YES_NO)]
    assert ended(webinar) == ["Law?"]


def test_eleventh_question_is_refused(app: Flask) -> None:
    webinar = make_webinar()
    for number in range(10):
        make_question(webinar, f"Question {number}", position=number)

    with pytest.raises(TooManyQuestions):
        ask(webinar, QuestionRow("One more"))

    assert len(asked(webinar)) == 10


def test_questions_of_another_webinar_are_out_of_reach(app: Flask) -> None:
    webinar, other = make_webinar(), make_webinar()
    theirs, person = make_question(other, "Theirs"), make_registration(webinar)

    ask(webinar, QuestionRow("", id=theirs.id))
    with write():
        asking.save_answers(person, {theirs.id: "Not asked", 10**8: "Nothing"})
        asking.ask_again(webinar, theirs.id, webinar.organisers[0].user)

    assert [q.label for q in asked(other)] == ["Theirs"]
    assert answers_to(person) == {}


def test_answers_are_kept_changed_and_taken_back(app: Flask) -> None:
    webinar = make_webinar()
    one, two = make_question(webinar, "One"), make_question(webinar, "Two", position=2)
    person = make_registration(webinar)

    told = []
    for replies in ({one.id: "a", two.id: ""}, {one.id: "b", two.id: "c"}, {one.id: ""}, {}):
        with write():
            asking.save_answers(person, replies)
        told.append(answers_to(person))

    assert told == [{"One": "a"}, {"One": "b", "Two": "c"}, {"Two": "c"}, {"Two": "c"}]


def test_sessions_that_ask_alike_are_asked_once(app: Flask) -> None:
    first, second = make_webinar(), make_webinar()
    rows = [make_question(first, "One"), make_question(first, "Two"), make_question(second, "One")]
    questions = list(db.session.scalars(asking.questions_in([first.id, second.id])))

    once = asking.once_each(questions)
    told = asking.spread({rows[0].id: "a", rows[1].id: "b"}, questions)

    assert sorted(question.label for question in once) == ["One", "Two"]
    assert told == {rows[0].id: "a", rows[1].id: "b", rows[2].id: "a"}


def test_yes_and_no_are_read_in_words(app: Flask) -> None:
    question = make_question(make_webinar(), kind=YES_NO)

    words = [asking.answer_words(question, text) for text in ("yes", "no", "")]

    assert words == ["Yes", "No", ""]
