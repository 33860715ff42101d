"""flask questions recount."""

from __future__ import annotations

from flask import Flask

from app.core.db import db, write
from app.questions.models import Question
from tests.factories import make_user
from tests.factories_live import make_question, vote_for
from tests.factories_webinars import make_webinar


def test_says_and_mends_what_differs(app: Flask) -> None:
    webinar = make_webinar()
    right, wrong = make_question(webinar), make_question(webinar)
    for question in (right, wrong):
        vote_for(question, make_user())
    with write() as session:
        session.get_one(Question, wrong.id).votes = 7
    runner = app.test_cli_runner()

    checked = runner.invoke(args=["questions", "recount", "--check"])
    assert checked.exit_code == 1
    assert checked.output == f"question {wrong.id}: votes is 7, counted 1\n1 numbers differ.\n"

    assert runner.invoke(args=["questions", "recount"]).exit_code == 0
    db.session.rollback()
    assert (db.session.get_one(Question, wrong.id).votes, right.votes) == (1, 1)
    assert runner.invoke(args=["questions", "recount", "--check"]).exit_code == 0
