"""The demo's live hour is now, whenever it is looked at; another webinar is in its week after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.certificates.models import Certificate
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.rate_limit import RateCount
from app.demo import renewing
from app.network.naming import city_name
from app.polls import forgetting
from app.polls.enums import PollState
from app.polls.models import QuickPoll
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.statistics.covering import reach_of
from app.statistics.figuring import figures_of
from app.webinars.enums import Phase, Status
from app.webinars.models import Registration, Webinar
from app.webinars.phases import phase
from tests.databases import Database

SignIn = Callable[[User], FlaskClient]
LIVE, AFTER = "Heat in the city: who gets help first?", "A bed for everybody in winter%"


def webinar(title: str) -> Webinar:
    db.session.rollback()
    return db.session.scalars(sa.select(Webinar).where(Webinar.title.like(title))).one()


def polls() -> list[QuickPoll]:
    return list(db.session.scalars(sa.select(QuickPoll).order_by(QuickPoll.id)))


def questions(of: Webinar) -> list[tuple[QuestionState, int | None, bool]]:
    found = db.session.scalars(
        sa.select(Question).filter_by(webinar_id=of.id).order_by(Question.id)
    )
    return [(one.state, one.answered_minute, one.is_now) for one in found]


@pytest.fixture
def just_told(demo: Flask, rows: Database) -> Iterator[None]:
    """A run of all tests tells the demo once, and may be long."""
    told = datetime.fromtimestamp(rows.demo.stat().st_mtime, UTC)
    with time_machine.travel(told):
        yield


@pytest.fixture
def tomorrow(demo: Flask) -> Iterator[None]:
    """The demo was loaded a day and three hours ago."""
    with time_machine.travel(utcnow() + timedelta(hours=27)):
        yield


def test_a_webinar_is_live_now(demo: Flask, just_told: None) -> None:
    live = webinar(LIVE)

    assert phase(live, utcnow()) is Phase.LIVE
    assert live.ends_at is not None
    assert live.ends_at - utcnow() > timedelta(minutes=60)
    assert questions(live) == [
        (QuestionState.ANSWERED, 10, False),
        (QuestionState.ANSWERED, 15, False),
        (QuestionState.OPEN, None, True),
        (QuestionState.OPEN, None, False),
        (QuestionState.OPEN, None, False),
        (QuestionState.WAITING, None, False),
    ]
    assert [(one.state, one.voters) for one in polls()] == [
        (PollState.CLOSED, 7), (PollState.OPEN, 4),
    ]  # fmt: skip


def test_the_official_may_enter(demo: Flask, client_for: SignIn) -> None:
    official = db.session.scalars(sa.select(User).filter_by(email="official@demo.invalid")).one()
    live = webinar(LIVE)
    browser = client_for(official)

    page = browser.get(f"/webinars/{live.id}/join").text

    assert "What do you do for people who do not open the door to the city?" in page
    assert "Where would you begin?" in page
    assert "meet.demo.invalid" not in page
    assert "meet.demo.invalid/heat" in browser.post(f"/webinars/{live.id}/join").text


def test_a_webinar_is_in_its_week_after(demo: Flask) -> None:
    after = webinar(AFTER)

    figures = figures_of(after)
    reach = reach_of([figures])

    assert (figures.attended, figures.expected, figures.usefulness) == (10, 11, 4.0)
    assert [city_name(city) for city in reach.missing] == ["Lund", "Middelburg"]
    assert db.session.scalar(sa.select(Certificate.minutes)) == 75
    threads = sa.select(Question.thread_id).filter_by(webinar_id=after.id, state="open")
    assert all(db.session.scalars(threads).all())
    assert [state for state, *_ in questions(after)].count(QuestionState.OPEN) == 2


def test_nothing_of_the_story_is_held_against_anybody(demo: Flask) -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RateCount)) == 0


def test_the_live_hour_is_now_again_the_next_day(demo: Flask, tomorrow: None) -> None:
    before, came = webinar(LIVE), sa.select(sa.func.min(Registration.joined_at))
    joined = came.where(Registration.webinar_id == before.id)
    start, first, asked = before.starts_at, db.session.scalar(joined), questions(before)
    with write():
        forgetting.forget_votes()
    assert [one.state for one in polls()] == [PollState.CLOSED, PollState.CLOSED]

    answer = demo.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])

    live = webinar(LIVE)
    assert (answer.exit_code, answer.output) == (0, "")
    assert phase(live, utcnow()) is Phase.LIVE
    assert questions(live) == asked
    assert [one.state for one in polls()] == [PollState.CLOSED, PollState.OPEN]
    assert all(one.forgotten_at is None for one in polls() if one.state is PollState.OPEN)
    moved = (live.starts_at or utcnow()) - (start or utcnow())
    assert db.session.scalar(joined) == first + moved  # type: ignore[operator]


def test_an_hour_that_runs_is_left_alone(demo: Flask, just_told: None) -> None:
    before = webinar(LIVE).starts_at
    with time_machine.travel(utcnow() + timedelta(minutes=20)):
        demo.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])

    assert webinar(LIVE).starts_at == before


@pytest.mark.parametrize(
    "changes", [{"is_demo": False}, {"title": "Ours"}, {"status": Status.CANCELLED}]
)
def test_what_is_not_the_demos_any_more_stays(
    demo: Flask, tomorrow: None, changes: dict[str, object]
) -> None:
    live = webinar(LIVE)
    before, webinar_id = live.starts_at, live.id
    with write():
        for name, value in changes.items():
            setattr(live, name, value)

    demo.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])

    assert not renewing.is_over()
    db.session.rollback()
    assert db.session.get_one(Webinar, webinar_id).starts_at == before


def test_an_hour_that_an_organiser_ended_begins_anew(demo: Flask) -> None:
    with write():
        webinar(LIVE).ended_at = utcnow()

    demo.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])

    assert phase(webinar(LIVE), utcnow()) is Phase.LIVE
