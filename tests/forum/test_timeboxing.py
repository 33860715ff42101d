"""Questions with a last day: reminders once, an end, and one reply that sums up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution
from app.forum import signals, timeboxing
from app.forum.enums import EventKind, ThreadKind
from app.forum.errors import DeadlineOutOfRange, NotAQuestion
from app.forum.models import Post, Thread, ThreadEvent
from app.topics.models import Topic
from tests.factories import make_city, make_steward, make_user
from tests.factories_forum import make_reply, make_thread, thread_page
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
LAST_DAY = date(2026, 12, 12)
END = datetime(2026, 12, 12, 22, 59, 59, tzinfo=UTC)  # the end of the day in Brussels


@pytest.fixture
def asker(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def question(topic: Topic, asker: User) -> Iterator[Thread]:
    with time_machine.travel(NOON, tick=False):
        yield make_thread(topic, asker, kind=ThreadKind.QUESTION)


def box(thread: Thread, asker: User, day: date | None = LAST_DAY) -> bool:
    with write():
        return timeboxing.set_deadline(thread, asker, day)


@contextmanager
def heard() -> Iterator[list[str]]:
    told: list[str] = []

    def half(_thread: Thread, **_: object) -> None:
        told.append("half")

    def end(_thread: Thread, **_: object) -> None:
        told.append("end")

    with signals.half_time_reached.connected_to(half), signals.time_is_up.connected_to(end):
        yield told


def kinds() -> list[EventKind]:
    return list(db.session.scalars(select(ThreadEvent.kind).order_by(ThreadEvent.id)))


def test_day_ends_where_the_asker_is(question: Thread, asker: User) -> None:
    assert box(question, asker)
    assert not box(question, asker)

    assert question.answers_by == END
    assert kinds() == [EventKind.TIME_BOXED]


@pytest.mark.parametrize("days", [-1, 91])
def test_day_is_near(question: Thread, asker: User, days: int) -> None:
    with pytest.raises(DeadlineOutOfRange):
        box(question, asker, NOON.date() + timedelta(days=days))


def test_only_questions_wait(topic: Topic, asker: User) -> None:
    with pytest.raises(NotAQuestion):
        box(make_thread(topic, asker), asker)


def test_half_time_and_end_come_once(
    question: Thread, asker: User, run_jobs: Callable[..., int]
) -> None:
    box(question, asker)
    event_id = db.session.scalars(select(ThreadEvent.id)).one()
    half = NOON + (END - NOON) / 2

    with heard() as told:
        for moment in (half - timedelta(seconds=1), half, END - timedelta(seconds=1), END):
            with time_machine.travel(moment, tick=False):
                run_jobs()
                told.append(f"{moment:%d}")
        with time_machine.travel(END + timedelta(days=1), tick=False), write():
            timeboxing.end_time(question.id, event_id)

    assert told == ["07", "half", "07", "12", "end", "12"]
    assert kinds() == [EventKind.TIME_BOXED, EventKind.TIME_IS_UP]


def test_changed_day_leaves_the_old_jobs_without_work(
    question: Thread, asker: User, run_jobs: Callable[..., int]
) -> None:
    box(question, asker)
    box(question, asker, date(2026, 12, 20))
    box(question, asker)
    box(question, asker, None)
    box(question, asker, date(2026, 12, 30))

    with heard() as told:
        for day in (8, 13, 16, 21, 31):
            with time_machine.travel(datetime(2026, 12, day, tzinfo=UTC), tick=False):
                run_jobs()
                told.append(f"day {day}")

    assert told == ["day 8", "day 13", "day 16", "half", "day 21", "end", "day 31"]


def test_solved_question_needs_no_reminder(
    question: Thread, asker: User, run_jobs: Callable[..., int]
) -> None:
    make_reply(question, make_user())
    box(question, asker)
    with write():
        question.accepted_number = 2

    with heard() as told, time_machine.travel(END, tick=False):
        run_jobs()

    assert told == ["end"]


def test_removed_thread_tells_nobody(
    question: Thread, asker: User, run_jobs: Callable[..., int]
) -> None:
    box(question, asker)
    with write():
        question.deleted_at = NOON

    with heard() as told, time_machine.travel(END, tick=False):
        run_jobs()

    assert told == []


def test_form_sets_changes_and_takes_away(
    client_for: SignIn, question: Thread, asker: User
) -> None:
    browser = client_for(asker)
    path = f"/threads/{question.id}/deadline"

    saved = browser.post(path, data={"answers_by": "12.12.2026"})
    page = browser.get(saved.location).text
    form = browser.get(path).text
    wrong = browser.post(path, data={"answers_by": "2027-12-12"})
    odd = browser.post(path, data={"answers_by": "soon"})
    browser.post(path, data={"answers_by": ""})

    assert "Answers wanted until 12 December 2026 (11 days left)." in page
    assert 'value="2026-12-12"' in form
    assert (wrong.status_code, odd.status_code) == (422, 422)
    assert "Choose a day from today to 90 days from now." in wrong.text
    assert question.answers_by is None


def test_who_sets_the_day(
    client_for: SignIn, client: FlaskClient, question: Thread, topic: Topic
) -> None:
    steward = make_user()
    make_steward(topic, steward)
    path = f"/threads/{question.id}/deadline"

    assert client.get(path).status_code == 302
    assert client_for(make_user()).get(path).status_code == 403
    assert client_for(steward).post(path, data={"answers_by": "2026-12-12"}).status_code == 302


def test_new_question_has_its_day(client_for: SignIn, topic: Topic, asker: User) -> None:
    typed = {
        "title": "Which channels still work?",
        "topic": topic.slug,
        "kind": "question",
        "audience": "topic",
        "body": "Our counters closed. What worked elsewhere?",
        "language": "en",
        "answers_by": "2026-12-12",
    }
    with time_machine.travel(NOON, tick=False):
        browser = client_for(asker)
        discussion = browser.post("/threads/new", data={**typed, "kind": "discussion"})
        late = browser.post("/threads/new", data={**typed, "answers_by": "2027-12-12"})
        started = browser.post("/threads/new", data=typed)

    assert (discussion.status_code, late.status_code) == (422, 422)
    assert 'value="2027-12-12"' in late.text
    assert started.status_code == 302
    assert db.session.scalars(select(Thread.answers_by)).all() == [END]


def contributed(question: Thread) -> None:
    make_reply(question, make_user("Cycling officer", make_city("Lund")), "Loading bays **first**.")
    make_reply(question, make_user("Data officer", make_city("York")), "Ask @person1 about kerbs.")
    box(question, db.session.get_one(User, question.author_id))


def test_consolidated_reply_begins_with_everybody(
    client_for: SignIn, question: Thread, asker: User
) -> None:
    contributed(question)
    path = f"/threads/{question.id}/consolidated-reply"
    early = client_for(asker).get(path)
    with time_machine.travel(END, tick=False):
        browser = client_for(asker)
        page = thread_page(browser, question)
        form = browser.get(path).text
        sent = browser.post(path, data={"body": "## Lund\n\nBays first.", "language": "en"})
        offered = browser.get(sent.location).text
        after = thread_page(browser, question)
        again = browser.get(path)
    with time_machine.travel(END + timedelta(minutes=1), tick=False):
        twice = browser.post(path, data={"body": "All of it again.", "language": "en"})

    assert early.status_code == 403
    assert "Time is up." in page
    assert f'href="{path}"' in page
    assert "## Lund\n\n&gt; Loading bays first.\n&gt;\n" in form
    assert f"[Post 2](/threads/{question.id}/2)" in form
    assert "## York\n\n&gt; Ask \\@person1 about kerbs." in form
    assert sent.location == f"/threads/{question.id}/overview?post=4"
    assert "## Lund\n\nBays first.</textarea>" in offered
    assert "Consolidated reply" in after
    assert question.consolidated_number == 4
    assert again.location.endswith("#post-4")
    assert twice.status_code == 422
    assert "All of it again.</textarea>" in twice.text
    assert kinds() == [EventKind.TIME_BOXED, EventKind.CONSOLIDATED]


@pytest.mark.parametrize("attribution", [Attribution.CHATHAM_HOUSE, Attribution.NETWORK])
def test_consolidated_reply_names_nobody_who_is_not_named_to_all(
    client_for: SignIn, question: Thread, asker: User, attribution: Attribution
) -> None:
    contributed(question)
    with write():
        question.attribution = attribution

    with time_machine.travel(END, tick=False):
        form = client_for(asker).get(f"/threads/{question.id}/consolidated-reply").text

    assert "## Contribution 1\n" in form
    assert "## Contribution 2\n" in form
    for name in ("Lund", "York", "Cycling officer"):
        assert name not in form


def test_hidden_contributions_are_left_out(
    client_for: SignIn, question: Thread, asker: User
) -> None:
    contributed(question)
    with write():
        found = select(Post).where(Post.thread_id == question.id, Post.number == 2)
        db.session.scalars(found).one().hidden_at = NOON

    with time_machine.travel(END, tick=False):
        form = client_for(asker).get(f"/threads/{question.id}/consolidated-reply").text

    assert "Lund" not in form


def test_others_do_not_sum_up(client_for: SignIn, question: Thread) -> None:
    contributed(question)
    with time_machine.travel(END, tick=False):
        answer = client_for(make_user()).get(f"/threads/{question.id}/consolidated-reply")

    assert answer.status_code == 403


def test_two_sum_up_at_once(
    app: Flask, client_for: SignIn, question: Thread, asker: User, topic: Topic
) -> None:
    contributed(question)
    steward = make_user()
    make_steward(topic, steward)
    path = f"/threads/{question.id}/consolidated-reply"
    with time_machine.travel(END, tick=False):
        acts = [
            (client_for(person), path, {"body": f"All of it, {person.id}.", "language": "en"})
            for person in (asker, steward)
        ]
        assert at_once(app, acts) == [302, 422]

    assert (question.consolidated_number, question.last_number) == (4, 4)
