"""What ends: a running webinar, a draft nobody wants, what happened long ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import archiving, discarding, ending, scheduling
from app.webinars.details import details_of
from app.webinars.enums import Phase, Status
from app.webinars.errors import NotRunning, OnlyDrafts, ReadOnly
from app.webinars.lines import schedule
from app.webinars.models import Webinar
from app.webinars.phases import is_over, phase
from app.webinars.queries import drafts_of, webinars_visible_to
from tests.factories_webinars import make_webinar

pytestmark = pytest.mark.usefixtures("app")
RunJobs = Callable[..., int]
RUNNING = timedelta(minutes=-10)


def end(webinar: Webinar) -> None:
    with write():
        ending.end_now(webinar, webinar.organisers[0].user)


def test_an_ended_webinar_is_over_at_once() -> None:
    webinar = make_webinar(starts_in=RUNNING)
    before = phase(webinar, utcnow())

    end(webinar)
    first = webinar.ended_at
    end(webinar)

    assert (before, phase(webinar, utcnow())) == (Phase.LIVE, Phase.ENDED)
    assert is_over(webinar, utcnow())
    assert webinar.ended_at == first


def test_it_moves_to_what_took_place() -> None:
    webinar = make_webinar(starts_in=RUNNING)

    end(webinar)

    found = schedule(None, utcnow(), 1, None, mine=False)
    assert ([line.id for line in found.coming], [line.id for line in found.over]) == (
        [],
        [webinar.id],
    )


def test_the_room_is_opened_again_while_it_could_be_open() -> None:
    webinar = make_webinar(starts_in=RUNNING)
    end(webinar)
    assert webinar.ends_at is not None

    with write():
        ending.reopen(webinar, webinar.organisers[0].user)
    assert phase(webinar, utcnow()) == Phase.LIVE
    end(webinar)
    late = webinar.ends_at + timedelta(minutes=31)
    with time_machine.travel(late, tick=False), pytest.raises(NotRunning), write():
        ending.reopen(webinar, webinar.organisers[0].user)


@pytest.mark.parametrize("starts_in", [timedelta(hours=2), timedelta(days=-1)])
def test_only_what_runs_is_ended(starts_in: timedelta) -> None:
    webinar = make_webinar(starts_in=starts_in)

    with pytest.raises(NotRunning):
        end(webinar)


def test_what_ended_ninety_days_ago_is_archived_and_read_only() -> None:
    old = make_webinar(starts_in=timedelta(days=-91))
    cancelled = make_webinar(starts_in=timedelta(days=-91), status=Status.CANCELLED)
    young = make_webinar(starts_in=timedelta(days=-89))

    for expected in (1, 0):
        with write():
            assert archiving.archive_old() == expected

    assert [one.status for one in (old, cancelled, young)] == [
        Status.ARCHIVED,
        Status.CANCELLED,
        Status.PUBLISHED,
    ]
    actor = old.organisers[0].user
    with pytest.raises(ReadOnly), write():
        scheduling.update_details(old, details_of(old), actor, version=2)
    with pytest.raises(ReadOnly), write():
        scheduling.cancel(old, "Never mind.", actor)
    assert old.id in [one.id for one in db.session.scalars(webinars_visible_to(None))]


def test_a_draft_thrown_away_comes_back_within_a_day(run_jobs: RunJobs) -> None:
    webinar = make_webinar(published=False)
    actor = webinar.organisers[0].user

    for _time in range(2):
        with write():
            discarding.discard(webinar, actor)
    hidden = list(db.session.scalars(drafts_of(actor)))
    with write():
        discarding.take_back(webinar, actor)
    with time_machine.travel(utcnow() + timedelta(days=2), tick=False):
        run_jobs()

    assert hidden == []
    assert list(db.session.scalars(drafts_of(actor))) == [webinar]


def test_after_a_day_it_is_gone(run_jobs: RunJobs) -> None:
    webinar = make_webinar(published=False)
    with write():
        discarding.discard(webinar, webinar.organisers[0].user)

    with time_machine.travel(utcnow() + timedelta(hours=25), tick=False):
        run_jobs()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Webinar)) == 0


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.CANCELLED, Status.ARCHIVED])
def test_only_drafts_are_thrown_away(status: Status) -> None:
    webinar = make_webinar(status=status)

    with pytest.raises(OnlyDrafts), write():
        discarding.discard(webinar, webinar.organisers[0].user)
