"""Publishing later, and what comes of a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
import time_machine

from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import discarding, organising, publishing
from app.webinars.enums import Status
from app.webinars.errors import (
    AlreadyCancelled,
    IsTemplate,
    NotReady,
    PlanInThePast,
    PlanTooLate,
)
from app.webinars.models import Webinar
from tests.factories_webinars import make_organiser, make_webinar

pytestmark = pytest.mark.usefixtures("app")
RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]
DAY = timedelta(days=1)


def soon(**changes: float) -> datetime:
    return (utcnow() + timedelta(**changes)).replace(second=0, microsecond=0)


def draft(**changes: object) -> Webinar:
    return make_webinar(published=False, **changes)  # type: ignore[arg-type]


def plan(webinar: Webinar, at: datetime) -> None:
    with write():
        publishing.plan_publication(webinar, at, webinar.organisers[0].user)


def work_at(moment: datetime, run_jobs: RunJobs) -> None:
    with time_machine.travel(moment, tick=False):
        run_jobs()
    db.session.expire_all()


def acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))


def test_it_is_published_at_the_planned_moment(run_jobs: RunJobs) -> None:
    webinar, at = draft(), soon(days=2)

    plan(webinar, at)
    work_at(at - timedelta(minutes=5), run_jobs)
    before = webinar.status
    work_at(at, run_jobs)

    assert (before, webinar.status) == (Status.DRAFT, Status.PUBLISHED)
    assert (webinar.published_at, webinar.publish_at) == (at, None)
    assert acts() == ["webinars.plan_publication", "webinars.publish"]


def test_a_changed_plan_takes_the_place_of_the_older(run_jobs: RunJobs) -> None:
    webinar, first, second = draft(), soon(days=1), soon(days=3)

    plan(webinar, first)
    plan(webinar, second)
    work_at(first, run_jobs)
    between = webinar.status
    work_at(second, run_jobs)

    assert (between, webinar.status) == (Status.DRAFT, Status.PUBLISHED)


def test_a_plan_that_was_withdrawn_does_nothing(run_jobs: RunJobs) -> None:
    webinar, at = draft(), soon(days=1)
    plan(webinar, at)

    for _time in range(2):
        with write():
            publishing.withdraw_plan(webinar, webinar.organisers[0].user)
    work_at(at, run_jobs)

    assert (webinar.status, webinar.publish_at) == (Status.DRAFT, None)
    assert acts() == ["webinars.plan_publication", "webinars.withdraw_plan"]


def test_what_is_missing_at_that_moment_is_mailed_to_each_organiser(
    run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar, at = draft(), soon(days=1)
    owner, second = webinar.organisers[0].user, make_organiser(locale="de")
    with write():
        organising.add_organiser(webinar, second, owner)
    plan(webinar, at)
    with write():
        db.session.get_one(Webinar, webinar.id).description = ""

    work_at(at, run_jobs)
    work_at(at + DAY, run_jobs)

    assert (webinar.status, webinar.publish_at) == (Status.DRAFT, None)
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in outbox()}  # type: ignore[attr-defined]
    assert set(mails) == {owner.email, second.email}
    assert len(outbox()) == 2
    assert "The description says in a sentence" in str(mails[owner.email])
    assert acts()[-1] == "webinars.not_published"


def test_the_job_done_twice_publishes_once(run_jobs: RunJobs) -> None:
    webinar, at = draft(), soon(days=1)
    plan(webinar, at)
    work_at(at, run_jobs)

    with write():
        publishing.publish_planned(webinar, at, None)

    assert acts().count("webinars.publish") == 1


def test_a_plan_needs_what_publishing_needs() -> None:
    with pytest.raises(NotReady):
        plan(draft(description=""), soon(days=1))


def test_a_plan_is_ahead_of_now_and_an_hour_before_the_start() -> None:
    webinar = draft()
    assert webinar.starts_at is not None

    with pytest.raises(PlanInThePast):
        plan(webinar, soon(minutes=-1))
    with pytest.raises(PlanTooLate):
        plan(webinar, webinar.starts_at - timedelta(minutes=30))


def test_a_published_one_needs_no_plan() -> None:
    webinar = make_webinar()

    plan(webinar, soon(days=1))

    assert webinar.publish_at is None


def test_a_template_and_a_cancelled_one_are_not_published() -> None:
    template, cancelled = draft(is_template=True), make_webinar(status=Status.CANCELLED)

    with pytest.raises(IsTemplate), write():
        publishing.publish(template, template.organisers[0].user)
    with pytest.raises(AlreadyCancelled), write():
        publishing.publish(cancelled, cancelled.organisers[0].user)


def test_a_draft_thrown_away_is_not_published(run_jobs: RunJobs) -> None:
    webinar, at = draft(), soon(hours=5)
    plan(webinar, at)
    with write():
        discarding.discard(webinar, webinar.organisers[0].user)

    work_at(at, run_jobs)

    assert webinar.status == Status.DRAFT
