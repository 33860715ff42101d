"""Series: sessions that are webinars of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars import discarding, scheduling, series
from app.webinars.details import WebinarDetails, details_of
from app.webinars.enums import Repeat, Status
from app.webinars.errors import IsTemplate, NoSessions
from app.webinars.models import Series, Webinar
from app.webinars.queries import sessions_visible_to
from app.webinars.series_days import days_of, slots_on
from app.webinars.times import Slot, slot
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

pytestmark = pytest.mark.usefixtures("app")
ANY: Callable[[Any], bool] = lambda _session: True  # noqa: E731


def weekly(count: int, first: Slot | None = None) -> list[Slot]:
    start = (utcnow() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    local = start.replace(tzinfo=None)
    first = first or slot(local, local + timedelta(hours=1), "Europe/Brussels")
    days: list[date] = days_of(first.start_local.date(), Repeat.WEEKLY, count)
    return slots_on(days, first)


def uids(count: int) -> list[str]:
    return [scheduling.new_uid("forum.example.org") for _ in range(count)]


def three_sessions(title: str = "Housing hour {n}") -> list[Webinar]:
    details = WebinarDetails(title=title, description="An hour about housing.")
    organiser = make_organiser()
    with write():
        return series.schedule_series(details, weekly(3), organiser, uids=uids(3))


def slot_of(webinar: Webinar) -> Slot:
    assert webinar.start_local
    assert webinar.end_local
    return slot(webinar.start_local, webinar.end_local, webinar.tzid)


def test_each_session_is_a_webinar_of_its_own() -> None:
    sessions = three_sessions()

    assert [one.title for one in sessions] == ["Housing hour 1", "Housing hour 2", "Housing hour 3"]
    assert len({one.uid for one in sessions}) == 3
    assert [one.status for one in sessions] == [Status.DRAFT] * 3
    assert len({one.series_id for one in sessions}) == 1
    assert sessions[0].series is not None
    assert sessions[0].series.title == "Housing hour"
    starts = [one.starts_at for one in sessions]
    assert starts == sorted(starts)  # type: ignore[type-var]


def test_a_webinar_becomes_the_first_session_and_twice_is_once() -> None:
    webinar = make_webinar("Office hour")
    actor = webinar.organisers[0].user

    for _time in range(2):
        with write():
            series.extend(webinar, weekly(3, slot_of(webinar))[1:], actor, uids=uids(2))

    assert webinar.series_id is not None
    found = series.sessions(webinar.series_id)
    assert [one.title for one in found] == ["Office hour"] * 3
    assert [one.status for one in found] == [Status.PUBLISHED, Status.DRAFT, Status.DRAFT]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Series)) == 1


def test_a_series_is_no_single_session_and_no_template() -> None:
    organiser, template = make_organiser(), make_webinar(published=False, is_template=True)

    with pytest.raises(NoSessions), write():
        series.schedule_series(WebinarDetails(title="One"), weekly(2)[:1], organiser, uids=uids(1))
    with pytest.raises(IsTemplate), write():
        series.extend(template, weekly(2), organiser, uids=uids(2))


def test_all_that_are_ready_are_published_and_the_others_named() -> None:
    first, second, third = three_sessions()
    with write():
        db.session.get_one(Webinar, second.id).description = ""

    with write():
        refused = series.publish_all(first.series_id or 0, first.organisers[0].user, ANY)

    assert [one.status for one in (first, second, third)] == [
        Status.PUBLISHED,
        Status.DRAFT,
        Status.PUBLISHED,
    ]
    assert len(refused) == 1
    assert refused[0].startswith("Housing hour 2: ")


def test_the_words_of_all_following_change_and_nothing_else() -> None:
    first, second, third = three_sessions("Housing hour")
    actor = first.organisers[0].user
    with write():
        db.session.get_one(Webinar, third.id).title = "The last housing hour"
        db.session.get_one(Webinar, third.id).capacity = 12
    starts = [one.starts_at for one in (first, second, third)]
    words = details_of(second, title="Rent hour", description="About rent.", capacity=99)

    with write():
        changed = series.update_following(second, words, actor, ANY, title_was="Housing hour")

    assert changed == 1
    assert (first.title, first.description) == ("Housing hour", "An hour about housing.")
    assert (third.title, third.description, third.capacity) == (
        "The last housing hour",
        "About rent.",
        12,
    )
    assert starts == [one.starts_at for one in (first, second, third)]


def test_what_is_cancelled_or_over_or_not_theirs_is_not_reworded() -> None:
    first, second, third = three_sessions("Housing hour")
    actor = first.organisers[0].user
    with write():
        db.session.get_one(Webinar, second.id).status = Status.CANCELLED
    words = details_of(first, description="New words.")

    with write():
        changed = series.update_following(
            first, words, actor, lambda one: one.id != third.id, title_was="Housing hour"
        )

    assert changed == 0
    assert {one.description for one in (second, third)} == {"An hour about housing."}


def test_a_series_exists_for_whoever_sees_a_session() -> None:
    first, second, _third = three_sessions()
    with write():
        db.session.get_one(Webinar, second.id).status = Status.PUBLISHED
        db.session.get_one(Webinar, second.id).visibility = Visibility.NETWORK

    def seen(viewer: Any) -> list[int]:
        found = db.session.scalars(sessions_visible_to(viewer, first.series_id or 0))
        return [one.id for one in found]

    assert seen(None) == []
    assert seen(make_user()) == [second.id]
    assert len(seen(first.organisers[0].user)) == 3


def test_a_session_thrown_away_is_not_in_the_series() -> None:
    first, second, third = three_sessions()
    actor = first.organisers[0].user

    with write():
        discarding.discard(second, actor)

    assert [one.id for one in series.sessions(first.series_id or 0)] == [first.id, third.id]
