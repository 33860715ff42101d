"""Draft, publish, move, change, cancel."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.jobs import Job
from app.webinars import organising, publishing, scheduling
from app.webinars.chronicling import record_past
from app.webinars.details import PLAIN_FIELDS, WebinarDetails
from app.webinars.enums import DatePrecision, Phase, RegistrationState, Status
from app.webinars.errors import (
    AlreadyCancelled,
    AlreadyOver,
    NotPublished,
    NotReady,
    ReasonMissing,
    ShortNotice,
    StaleWebinar,
    TooSoon,
)
from app.webinars.models import Registration, Webinar, WebinarOrganiser
from app.webinars.phases import phase
from app.webinars.signals import (
    webinar_cancelled,
    webinar_changed,
    webinar_published,
    webinar_updated,
)
from app.webinars.speakers import SpeakerRow
from app.webinars.times import Slot, slot
from tests.factories import make_user
from tests.factories_webinars import ROOM, make_organiser, make_webinar

pytestmark = pytest.mark.usefixtures("app")
BRUSSELS = "Europe/Brussels"


def on(days: int, hour: int = 14) -> Slot:
    start = (utcnow() + timedelta(days=days)).replace(
        hour=hour, minute=0, second=0, microsecond=0, tzinfo=None
    )
    return slot(start, start + timedelta(minutes=75), BRUSSELS)


def details_of(webinar: Webinar, **changes: Any) -> WebinarDetails:
    return WebinarDetails(**({name: getattr(webinar, name) for name in PLAIN_FIELDS} | changes))


def organiser_of(webinar: Webinar) -> User:
    return webinar.organisers[0].user


def make_registration(webinar: Webinar, state: RegistrationState) -> None:
    person = make_user()
    with write() as session:
        session.add(
            Registration(
                webinar_id=webinar.id,
                email=person.email,
                name=person.display_name,
                language="en",
                timezone=BRUSSELS,
                state=state,
                token=person.handle,
                created_at=utcnow(),
                queued_at=utcnow(),
            )
        )


def acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))


def jobs() -> list[str]:
    """All but reminders, what speakers are told and notes, which have rooms of their own."""
    others = ["webinars.remind", "webinars.tell_speakers", "notes.carry"]
    queued = sa.select(Job.name).where(Job.name.not_in(others)).order_by(Job.id)
    return list(db.session.scalars(queued))


def test_a_new_webinar_is_a_draft_of_its_organiser() -> None:
    organiser = make_organiser()

    with write():
        webinar = scheduling.schedule(
            WebinarDetails(title="Counting together", room_url=ROOM),
            on(7),
            organiser,
            uid=scheduling.new_uid("forum.example.org"),
        )

    assert (webinar.status, webinar.sequence, webinar.lock_version) == (Status.DRAFT, 0, 1)
    assert webinar.uid.startswith("webinar-")
    assert webinar.uid.endswith("@forum.example.org")
    assert [seat.user_id for seat in webinar.organisers] == [organiser.id]
    assert (webinar.starts_at, webinar.sorts_at) == (on(7).starts_at, on(7).starts_at)
    assert acts() == ["webinars.schedule"]


def test_publishing_opens_it_and_says_so() -> None:
    webinar = make_webinar(published=False)
    told: list[Any] = []

    with webinar_published.connected_to(told.append), write():
        publishing.publish(webinar, organiser_of(webinar))

    assert (webinar.status, webinar.sequence) == (Status.PUBLISHED, 0)
    assert webinar.published_at is not None
    assert told == [webinar]
    assert acts() == ["webinars.publish"]


def test_publishing_twice_is_once() -> None:
    webinar = make_webinar(published=False)

    for _time in range(2):
        with write():
            publishing.publish(webinar, organiser_of(webinar))

    assert acts() == ["webinars.publish"]


@pytest.mark.parametrize(
    ("starts_in", "changes"),
    [
        (timedelta(days=7), {"title": ""}),
        (timedelta(days=7), {"description": ""}),
        (timedelta(minutes=50), {}),
        (timedelta(days=-1), {}),
    ],
)
def test_what_is_not_ready_is_not_published(starts_in: timedelta, changes: dict[str, Any]) -> None:
    webinar = make_webinar(published=False, starts_in=starts_in, **changes)

    with pytest.raises(NotReady), write():
        publishing.publish(webinar, organiser_of(webinar))

    assert webinar.status == Status.DRAFT


def test_a_cancelled_webinar_is_not_published_again() -> None:
    webinar = make_webinar(status=Status.CANCELLED)

    with pytest.raises(AlreadyCancelled), write():
        publishing.publish(webinar, organiser_of(webinar))


def test_moving_raises_the_sequence_and_tells() -> None:
    webinar = make_webinar()
    uid = webinar.uid
    fields: list[Any] = []

    def hear(_webinar: Webinar, fields_changed: list[Any] = fields, **said: Any) -> None:
        fields_changed.extend(said["fields"])

    with webinar_changed.connected_to(hear), write():
        moved = scheduling.reschedule(webinar, on(9), organiser_of(webinar), version=1)

    assert moved is True
    assert (webinar.uid, webinar.sequence, webinar.lock_version) == (uid, 1, 2)
    assert (webinar.starts_at, webinar.start_local) == (on(9).starts_at, on(9).start_local)
    assert webinar.changed_at is not None
    assert fields == ["starts_at", "ends_at"]
    assert jobs() == ["webinars.tell_change"]
    assert acts() == ["webinars.reschedule"]


def test_the_same_time_changes_nothing() -> None:
    webinar = make_webinar()
    same = slot(webinar.start_local, webinar.end_local, webinar.tzid)  # type: ignore[arg-type]

    with write():
        moved = scheduling.reschedule(webinar, same, organiser_of(webinar), version=1)

    assert (moved, webinar.sequence, webinar.lock_version, acts()) == (False, 0, 1, [])


def test_the_same_moment_in_another_zone_is_not_mailed() -> None:
    webinar = make_webinar()
    start, end = webinar.start_local, webinar.end_local
    assert start
    assert end

    with write():
        same_moment = slot(start, end, "Europe/Paris")
        scheduling.reschedule(webinar, same_moment, organiser_of(webinar), version=1)

    assert (webinar.tzid, webinar.sequence, jobs()) == ("Europe/Paris", 0, [])


def test_a_stale_page_does_not_move_it() -> None:
    webinar = make_webinar()
    with write():
        scheduling.reschedule(webinar, on(9), organiser_of(webinar), version=1)

    with pytest.raises(StaleWebinar), write():
        scheduling.reschedule(webinar, on(10), organiser_of(webinar), version=1)

    assert webinar.starts_at == on(9).starts_at


def test_a_new_start_needs_an_hour_of_notice() -> None:
    webinar = make_webinar()
    start = (utcnow() + timedelta(minutes=30)).replace(second=0, microsecond=0, tzinfo=None)
    soon = slot(start, start + timedelta(hours=1), "UTC")

    with pytest.raises(TooSoon), write():
        scheduling.reschedule(webinar, soon, organiser_of(webinar), version=1)


def test_short_notice_asks_first_and_names_the_people() -> None:
    webinar = make_webinar(starts_in=timedelta(hours=5))
    make_registration(webinar, RegistrationState.CONFIRMED)
    make_registration(webinar, RegistrationState.CONFIRMED)
    make_registration(webinar, RegistrationState.CANCELLED)

    with pytest.raises(ShortNotice) as asked, write():
        scheduling.reschedule(webinar, on(9), organiser_of(webinar), version=1)
    with write():
        moved = scheduling.reschedule(
            webinar, on(9), organiser_of(webinar), version=1, is_sure=True
        )

    assert asked.value.field == "is_sure"
    assert "2 people are told" in asked.value.message
    assert moved is True


def test_a_later_end_needs_no_question() -> None:
    webinar = make_webinar(starts_in=timedelta(hours=5))
    make_registration(webinar, RegistrationState.CONFIRMED)
    start, end = webinar.start_local, webinar.end_local
    assert start
    assert end

    with write():
        longer = slot(start, end + timedelta(minutes=15), webinar.tzid)
        moved = scheduling.reschedule(webinar, longer, organiser_of(webinar), version=1)

    assert moved is True


@pytest.mark.parametrize(
    ("status", "starts_in", "refusal"),
    [
        (Status.DRAFT, timedelta(days=7), NotPublished),
        (Status.CANCELLED, timedelta(days=7), AlreadyCancelled),
        (Status.PUBLISHED, timedelta(days=-2), AlreadyOver),
    ],
)
def test_what_cannot_be_moved(
    status: Status, starts_in: timedelta, refusal: type[DomainError]
) -> None:
    webinar = make_webinar(status=status, starts_in=starts_in)

    with pytest.raises(refusal), write():
        scheduling.reschedule(webinar, on(9), organiser_of(webinar), version=1)


def test_two_organisers_moving_at_once_move_it_once(app: Flask) -> None:
    webinar = make_webinar()
    webinar_id, actor_id = webinar.id, organiser_of(webinar).id
    targets = [on(9), on(10)]
    db.session.rollback()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def move(target: Slot) -> None:
        with app.app_context():
            mine, actor = db.session.get(Webinar, webinar_id), db.session.get(User, actor_id)
            assert mine
            assert actor
            together.wait(10)
            try:
                with write():
                    scheduling.reschedule(mine, target, actor, version=1)
                outcomes.append("moved")
            except StaleWebinar:
                outcomes.append("stale")

    threads = [threading.Thread(target=move, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    db.session.expire_all()
    assert sorted(outcomes) == ["moved", "stale"]
    assert (webinar.sequence, webinar.lock_version) == (1, 2)
    assert webinar.starts_at in {target.starts_at for target in targets}


def test_a_new_title_is_mailed() -> None:
    webinar = make_webinar()
    updated: list[Any] = []

    def hear(_webinar: Webinar, fields: list[str]) -> None:
        updated.extend(fields)

    with webinar_updated.connected_to(hear), write():
        details = details_of(webinar, title="Counting better")
        scheduling.update_details(webinar, details, organiser_of(webinar), version=1)

    assert (webinar.title, webinar.sequence) == ("Counting better", 1)
    assert (updated, jobs()) == (["title"], ["webinars.tell_change"])


def test_a_new_description_is_not_mailed() -> None:
    webinar = make_webinar()

    with write():
        details = details_of(webinar, description="More.", capacity=20)
        scheduling.update_details(webinar, details, organiser_of(webinar), version=1)

    assert (webinar.description, webinar.capacity) == ("More.", 20)
    assert (webinar.sequence, webinar.lock_version, webinar.changed_at) == (0, 2, None)
    assert "webinars.tell_change" not in jobs()


def test_a_stale_edit_changes_nothing() -> None:
    webinar = make_webinar()
    with write():
        details = details_of(webinar, description="First.")
        scheduling.update_details(webinar, details, organiser_of(webinar), version=1)

    late = details_of(webinar, description="Second.")
    with pytest.raises(StaleWebinar), write():
        scheduling.update_details(webinar, late, organiser_of(webinar), version=1)

    assert webinar.description == "First."


def test_a_draft_is_moved_by_editing_it() -> None:
    webinar = make_webinar(published=False)

    with write():
        scheduling.update_details(
            webinar, details_of(webinar), organiser_of(webinar), version=1, slot=on(20)
        )

    assert (webinar.starts_at, webinar.sequence) == (on(20).starts_at, 0)


def test_a_published_one_is_not_moved_by_editing_it() -> None:
    webinar = make_webinar()
    before = webinar.starts_at

    with write():
        scheduling.update_details(
            webinar, details_of(webinar), organiser_of(webinar), version=1, slot=on(20)
        )

    assert webinar.starts_at == before


def test_a_cancelled_one_is_not_edited() -> None:
    webinar = make_webinar(status=Status.CANCELLED)

    with pytest.raises(AlreadyCancelled), write():
        scheduling.update_details(webinar, details_of(webinar), organiser_of(webinar), version=1)


def test_cancelling_twice_tells_once() -> None:
    webinar = make_webinar()
    told: list[Any] = []

    with webinar_cancelled.connected_to(told.append):
        for expected in (True, False):
            with write():
                done = scheduling.cancel(webinar, "The speaker is ill.", organiser_of(webinar))
            assert done is expected

    assert (webinar.status, webinar.sequence) == (Status.CANCELLED, 1)
    assert webinar.cancel_reason == "The speaker is ill."
    assert (told, jobs()) == ([webinar], ["webinars.tell_cancelled"])
    assert acts() == ["webinars.cancel"]


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_cancelling_needs_a_reason(reason: str) -> None:
    webinar = make_webinar()

    with pytest.raises(ReasonMissing), write():
        scheduling.cancel(webinar, reason, organiser_of(webinar))


def test_a_draft_is_not_cancelled() -> None:
    webinar = make_webinar(published=False)

    with pytest.raises(NotPublished), write():
        scheduling.cancel(webinar, "No time.", organiser_of(webinar))


def test_what_took_place_is_not_cancelled() -> None:
    webinar = make_webinar(starts_in=timedelta(days=-3))

    with pytest.raises(AlreadyOver), write():
        scheduling.cancel(webinar, "Too late.", organiser_of(webinar))


def test_an_organiser_is_added_once() -> None:
    webinar = make_webinar()
    second = make_organiser()

    for _time in range(2):
        with write():
            organising.add_organiser(webinar, second, organiser_of(webinar))

    seats = sa.select(WebinarOrganiser).where(WebinarOrganiser.user_id == second.id)
    assert len(db.session.scalars(seats).all()) == 1


@pytest.mark.parametrize(
    ("when", "precision", "sorts_at"),
    [
        (2020, DatePrecision.YEAR, datetime(2020, 1, 1, tzinfo=UTC)),
        (date(2020, 6, 12), DatePrecision.DAY, datetime(2020, 6, 11, 22, tzinfo=UTC)),
        (
            slot(datetime(2020, 6, 12, 14), datetime(2020, 6, 12, 15, 15), "Europe/Vienna"),  # noqa: DTZ001
            DatePrecision.MINUTE,
            datetime(2020, 6, 12, 12, tzinfo=UTC),
        ),
    ],
)
def test_the_past_is_recorded_as_exactly_as_it_is_known(
    when: Slot | date | int, precision: DatePrecision, sorts_at: datetime
) -> None:
    details = WebinarDetails(title="Introduction", speakers=(SpeakerRow("Human rights officer"),))

    with write():
        webinar = record_past(
            details,
            when,
            make_organiser_inside(),
            uid="webinar-past@forum.example.org",
            source_url="https://example.org/889",
            remark="The split into sessions is ours.",
        )

    assert (webinar.date_precision, webinar.sorts_at) == (precision, sorts_at)
    assert (webinar.year, webinar.status) == (2020, Status.ARCHIVED)
    assert phase(webinar, utcnow()) == Phase.ENDED
    assert [speaker.name for speaker in webinar.speakers] == ["Human rights officer"]
    assert (jobs(), acts()) == ([], ["webinars.record_past"])


def make_organiser_inside() -> User:
    """An organiser made in the running block."""
    organiser = User(
        email="organiser@demo.invalid",
        handle="organiser",
        display_name="Network office",
        fs_uniquifier="organiser",
        active=True,
        created_at=utcnow(),
    )
    db.session.add(organiser)
    db.session.flush()
    return organiser
