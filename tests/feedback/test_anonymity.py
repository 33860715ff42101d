"""Nothing in the database, and nothing that is written beside it, ties an answer to a person."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.db import Base, db, write
from app.core.jobs import Job
from app.core.outbox import OutboxMail
from app.core.rate_limit import RateCount
from app.feedback import answering
from app.feedback.models import FeedbackAnswer
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_feedback import answer, answers_at, answers_by, make_past_webinar
from tests.factories_registrations import make_registration

TELLING = ("user", "registration", "person", "member", "city", "email", "name", "token", "author",
           "created", "at", "time", "moment", "date", "ip", "address", "language", "agent",
           "session", "browser", "request", "order", "position", "number")  # fmt: skip
SECRET = "only the night bus brings me home"


def test_no_column_of_an_answer_names_a_person_a_place_or_a_moment(app: Flask) -> None:
    """Read from the database itself, not from the models."""
    columns = sa.inspect(db.engine).get_columns("feedback_answer")

    assert {column["name"] for column in columns} == {
        "id", "webinar_id", "usefulness", "will_use", "remark", "topic_wish", "replies",
    }  # fmt: skip
    words = {word for column in columns for word in column["name"].split("_")}
    assert words.isdisjoint(TELLING)
    assert [column["name"] for column in columns if isinstance(column["type"], sa.DateTime)] == []


def test_an_answer_points_to_its_webinar_only_and_nothing_points_to_it(app: Flask) -> None:
    inspector = sa.inspect(db.engine)

    keys = inspector.get_foreign_keys("feedback_answer")

    assert [(key["constrained_columns"], key["referred_table"]) for key in keys] == [
        (["webinar_id"], "webinar")
    ]
    pointing = [
        table
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
        if key["referred_table"] == "feedback_answer"
    ]
    assert pointing == []
    assert inspector.get_indexes("feedback_answer")[0]["column_names"] == ["webinar_id"]
    assert FeedbackAnswer.__table__.c.id.autoincrement is False


def test_a_registration_says_only_that_somebody_answered(app: Flask) -> None:
    words = [
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "feedback" in column.name
    ]

    assert words == ["gave_feedback"]
    assert isinstance(Registration.__table__.c.gave_feedback.type, sa.Boolean)


def test_each_answer_gives_all_answers_new_keys(app: Flask) -> None:
    webinar = make_past_webinar()
    answers_by(webinar, [{"usefulness": number} for number in (1, 2, 3)])
    before = {one.id for one in answers_at(webinar)}

    answer(make_registration(webinar), usefulness=4)

    after = {one.id for one in answers_at(webinar)}
    assert len(after) == 4
    assert after.isdisjoint(before)


def test_the_place_of_a_row_is_not_the_order_of_answering(app: Flask) -> None:
    """Were rows only added, the newest would lie last each of the 26 times that we look."""
    webinar = make_past_webinar()
    people = [make_registration(webinar) for _ in range(30)]
    last, first = 0, 0
    for number, person in enumerate(people):
        answer(person, remark=str(number))
        lying = _as_they_lie(webinar)
        last += number > 3 and lying[-1] == str(number)
        first += number > 3 and lying[0] == str(number)

    assert last < 20
    assert first < 20
    assert sorted(lying, key=int) == [str(number) for number in range(30)]
    assert lying != sorted(lying, key=int)


def test_keys_tell_no_order(app: Flask) -> None:
    webinar = make_past_webinar()

    answers_by(webinar, [{"remark": str(number)} for number in range(12)])

    by_key = [one.remark for one in sorted(answers_at(webinar), key=lambda one: one.id)]
    assert by_key != [str(number) for number in range(12)]
    assert all(0 <= one.id < 2**62 for one in answers_at(webinar))


def test_all_answers_come_from_one_transaction(app: Flask) -> None:
    """So the transaction that marked a person is that of every answer, or of none."""
    webinar = make_past_webinar()
    answers_by(webinar, [{"remark": str(number)} for number in range(6)])

    if db.engine.dialect.name == "postgresql":
        xmins = "SELECT DISTINCT xmin::text FROM feedback_answer"
        assert len(db.session.execute(sa.text(xmins)).all()) == 1
        joined = sa.text(
            "SELECT r.id, count(*) FROM registration r JOIN feedback_answer a"
            " ON a.xmin::text = r.xmin::text GROUP BY r.id"
        )
        assert [row[1] for row in db.session.execute(joined)] == [6]
    else:
        rowids = sa.text("SELECT rowid, id FROM feedback_answer ORDER BY rowid")
        rows = db.session.execute(rowids).all()
        assert [row[0] for row in rows] == list(range(1, 7))
        assert all(row[0] != row[1] for row in rows)


def test_whoever_answers_alone_elsewhere_moves_no_other_webinars_answers(app: Flask) -> None:
    webinar, other = make_past_webinar(), make_past_webinar()
    answers_by(webinar, [{"usefulness": 3}] * 3)
    before = {one.id for one in answers_at(webinar)}

    answers_by(other, [{"usefulness": 5}])

    assert {one.id for one in answers_at(webinar)} == before


def test_no_job_no_mail_no_audit_line_and_no_log_carries_an_answer(
    app: Flask,
    client_for: Callable[[User], Any],
    client: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    webinar = make_past_webinar()
    person, guest = make_user(), make_registration(webinar)
    make_registration(webinar, user_id=person.id, email=person.email)
    browser = client_for(person)
    tables: list[type[Base]] = [Job, OutboxMail, AuditEntry, RateCount]
    before = [_rows(table) for table in tables]
    form = {"remark": SECRET, "usefulness": "2", "will_use": "no", "topic_wish": SECRET}

    with caplog.at_level(logging.DEBUG):
        sent = browser.post(f"/webinars/{webinar.id}/feedback", data=form)
        again = client.post(f"/webinars/{webinar.id}/feedback", data=form | {"t": guest.token})

    assert (sent.status_code, again.status_code) == (302, 302)
    assert [_rows(table) for table in tables] == before
    logged = json.dumps([[record.getMessage(), repr(record.__dict__)] for record in caplog.records])
    assert SECRET not in logged
    assert [one.remark for one in answers_at(webinar)] == [SECRET, SECRET]
    assert _rows_with(SECRET) == ["feedback_answer"]


def test_a_fault_while_saving_says_nothing_of_the_answer(app: Flask) -> None:
    """The words of an error come into the log beside the request and its time."""
    nowhere = {"webinar_id": 4_711, "usefulness": 1, "will_use": None, "remark": SECRET}
    row = nowhere | {"id": 1, "topic_wish": SECRET, "replies": {}}

    with pytest.raises(IntegrityError) as fault, write():
        answering._insert([row])

    assert SECRET not in str(fault.value)


def _as_they_lie(webinar: Webinar) -> list[str]:
    """In the order in which the database keeps the rows."""
    db.session.rollback()
    place = "ctid" if db.engine.dialect.name == "postgresql" else "rowid"
    lying = sa.text(f"SELECT remark FROM feedback_answer WHERE webinar_id = :id ORDER BY {place}")
    return [row[0] for row in db.session.execute(lying, {"id": webinar.id})]


def _rows(table: type[Base]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _rows_with(words: str) -> list[str]:
    """The tables in which these words stand, whatever the column."""
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table)).all()
        if any(words in str(value) for row in rows for value in row):
            found.append(table.name)
    return found
