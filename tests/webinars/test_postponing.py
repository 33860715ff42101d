"""Putting a webinar off and giving it a new date; bringing back what was cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import postponing, restoring, scheduling
from app.webinars.enums import RegistrationState, Status
from app.webinars.errors import (
    AlreadyOver,
    CannotRestore,
    NotPostponed,
    NotPublished,
    ReasonMissing,
    StaleWebinar,
    TooSoon,
)
from app.webinars.models import Webinar
from app.webinars.times import Slot, slot
from tests.factories_registrations import event_of, mails_to, methods_and_sequences, register
from tests.factories_webinars import make_webinar

pytestmark = pytest.mark.usefixtures("app")
RunJobs = Callable[..., int]
CONFIRMED, ON_HOLD = RegistrationState.CONFIRMED, RegistrationState.ON_HOLD


def later(days: int) -> Slot:
    start = (utcnow() + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    local = start.replace(tzinfo=None)
    return slot(local, local + timedelta(hours=1), "Europe/Brussels")


def actor(webinar: Webinar) -> Any:
    return webinar.organisers[0].user


def put_off(webinar: Webinar, reason: str = "The hall is flooded.") -> bool:
    with write():
        return postponing.postpone(webinar, reason, actor(webinar))


def test_people_keep_their_seats_and_the_entry_goes_and_comes_back(run_jobs: RunJobs) -> None:
    webinar = make_webinar(capacity=1)
    seated, waiting = register(webinar), register(webinar)
    run_jobs()

    put_off(webinar)
    run_jobs()
    held = seated.state
    with write():
        postponing.give_new_date(webinar, later(30), actor(webinar), version=2)
    run_jobs()

    assert (held, seated.state) == (ON_HOLD, CONFIRMED)
    assert waiting.state == RegistrationState.WAITLISTED
    told = methods_and_sequences(seated.email)
    assert told == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    events = [event_of(mail) for mail in mails_to(seated.email)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert events[2]["DTSTART"].dt == later(30).starts_at


def test_putting_off_twice_is_once() -> None:
    webinar = make_webinar()

    assert [put_off(webinar), put_off(webinar)] == [True, False]
    assert (webinar.status, webinar.sequence) == (Status.POSTPONED, 1)
    assert webinar.postpone_reason == "The hall is flooded."


def test_reasons_states_and_versions_are_checked() -> None:
    webinar, draft = make_webinar(), make_webinar(published=False)
    over = make_webinar(starts_in=timedelta(days=-2))

    with pytest.raises(ReasonMissing):
        put_off(webinar, "  ")
    with pytest.raises(NotPublished):
        put_off(draft)
    with pytest.raises(AlreadyOver):
        put_off(over)
    with pytest.raises(NotPostponed), write():
        postponing.give_new_date(webinar, later(9), actor(webinar), version=1)
    put_off(webinar)
    with pytest.raises(StaleWebinar), write():
        postponing.give_new_date(webinar, later(9), actor(webinar), version=1)
    with pytest.raises(TooSoon), write():
        postponing.give_new_date(webinar, later(-9), actor(webinar), version=2)
    assert webinar.status == Status.POSTPONED


def test_the_new_date_may_come_after_the_old_one_has_passed() -> None:
    webinar = make_webinar(starts_in=timedelta(days=-2), status=Status.POSTPONED)

    with write():
        postponing.give_new_date(webinar, later(9), actor(webinar), version=1)

    assert (webinar.status, webinar.starts_at) == (Status.PUBLISHED, later(9).starts_at)


def test_a_postponed_one_can_be_cancelled() -> None:
    webinar = make_webinar()
    put_off(webinar)

    with write():
        assert scheduling.cancel(webinar, "There will be no new date.", actor(webinar))

    assert webinar.status == Status.CANCELLED


def test_a_cancelled_one_comes_back_once_before_its_start(run_jobs: RunJobs) -> None:
    webinar = make_webinar()
    seated = register(webinar)
    run_jobs()
    with write():
        scheduling.cancel(webinar, "By mistake.", actor(webinar))
    run_jobs()

    with write():
        first = restoring.restore(webinar, actor(webinar))
    with write():
        second = restoring.restore(webinar, actor(webinar))
    run_jobs()

    assert (first, second) == (True, False)
    assert (webinar.status, webinar.cancel_reason) == (Status.PUBLISHED, "")
    told = methods_and_sequences(seated.email)
    assert told == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    with write():
        scheduling.cancel(webinar, "Now really.", actor(webinar))
    with pytest.raises(CannotRestore), write():
        restoring.restore(webinar, actor(webinar))


def test_after_its_start_it_stays_cancelled() -> None:
    webinar = make_webinar(status=Status.CANCELLED, starts_in=timedelta(minutes=-1))

    assert not restoring.can_be_restored(webinar)
    with pytest.raises(CannotRestore), write():
        restoring.restore(webinar, actor(webinar))


def test_each_act_is_in_the_audit_log() -> None:
    webinar = make_webinar()
    put_off(webinar)
    with write():
        postponing.give_new_date(webinar, later(9), actor(webinar), version=2)
    with write():
        scheduling.cancel(webinar, "No.", actor(webinar))
    with write():
        restoring.restore(webinar, actor(webinar))

    acts = db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == [
        "webinars.postpone",
        "webinars.give_new_date",
        "webinars.cancel",
        "webinars.restore",
    ]
