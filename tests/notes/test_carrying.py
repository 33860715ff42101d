"""Open actions go on to the next session."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.worker import run_due_jobs
from app.notes import carrying, deciding, unpublishing, writing
from app.notes.deciding import Owner
from app.notes.enums import ActionState
from app.notes.models import Action, Note, NoteSet
from app.webinars import copying, scheduling
from app.webinars.enums import Status
from app.webinars.models import AgendaItem, Series, Webinar
from app.webinars.scheduling import new_uid
from tests.factories import make_group, make_topic
from tests.factories_notes import note_at, open_notes, publish, save
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

TITLE = "Open actions from earlier sessions"
run_jobs = functools.partial(run_due_jobs, raising=True)


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def series(organiser: User) -> Series:
    now = utcnow()
    with write() as session:
        made = Series(title="Office hour", created_by_id=organiser.id, created_at=now,
                      updated_at=now)  # fmt: skip
        session.add(made)
    return made


def session_of(series: Series | None, organiser: User, days: int, **changes: Any) -> Webinar:
    webinar = make_webinar(
        f"Session in {days} days",
        organiser=organiser,
        starts_in=timedelta(days=days),
        series_id=series.id if series else None,
        **changes,
    )
    make_agenda_item(webinar, "Welcome", position=1)
    make_agenda_item(webinar, "Numbers", position=2, minutes=20)
    db.session.refresh(webinar)
    return webinar


def promised(webinar: Webinar, organiser: User, *days: int | None, closed: bool = False) -> NoteSet:
    """Notes with actions due on these days of March, and texts, not published yet."""
    notes = open_notes(webinar, organiser)
    for note in notes.notes:
        save(note, "Written.", organiser)
    with write():
        writing.describe(note_at(notes, 2), is_for_practitioners=closed, is_treated=True)
        for number, day in enumerate(days):
            promise(notes, f"Count {number}", day)
    return notes


def promise(notes: NoteSet, words: str, day: int | None = 1, note: Note | None = None) -> Action:
    due = date(2027, 3, day) if day else None
    return deciding.promise(notes, words, Owner(label="the office"), due, note)


def programme(webinar: Webinar) -> list[tuple[int, str, str]]:
    db.session.expire_all()
    return [(item.position, item.title, item.detail) for item in webinar.agenda]


def words(found: list[Action]) -> list[str]:
    return [action.text for action in found]


def test_open_actions_of_earlier_sessions_come_soonest_first(
    organiser: User, series: Series
) -> None:
    first, second, third = (session_of(series, organiser, days) for days in (-20, -10, 10))
    publish(promised(first, organiser, 20), organiser)
    notes = promised(second, organiser, 28, 4)
    with write():
        done = promise(notes, "Done")
    publish(notes, organiser)
    with write():
        deciding.finish(done, done.lock_version)

    assert [a.due_on for a in carrying.open_actions_before(third)] == [
        date(2027, 3, 4), date(2027, 3, 20), date(2027, 3, 28)
    ]  # fmt: skip
    assert [a.due_on for a in carrying.open_actions_before(second)] == [date(2027, 3, 20)]
    assert carrying.open_actions_before(first) == []


def test_no_more_than_thirty_go_on(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    publish(promised(before, organiser, *range(1, 32)), organiser)

    assert len(carrying.open_actions_before(following)) == 30


def test_what_is_not_published_does_not_go_on(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    notes = promised(before, organiser, 1)
    assert carrying.open_actions_before(following) == []
    publish(notes, organiser)
    with write():
        promise(notes, "Recorded after it was published")

    assert words(carrying.open_actions_before(following)) == ["Count 0"]


def test_practitioners_part_does_not_go_on(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    notes = promised(before, organiser, closed=True)
    with write():
        promise(notes, "Closed", note=note_at(notes, 2))
        promise(notes, "Open", note=note_at(notes, 1))
    publish(notes, organiser)

    assert words(carrying.open_actions_before(following)) == ["Open"]


def test_nothing_goes_on_to_people_who_may_not_read_it(organiser: User, series: Series) -> None:
    group = make_group(organiser)
    closed = {"visibility": Visibility.CLOSED, "group_id": group.id}
    hidden_topic = make_topic("secret", visibility=Visibility.HIDDEN)
    publish(promised(session_of(series, organiser, -9, **closed), organiser, 1), organiser)
    network = session_of(series, organiser, -8, visibility=Visibility.NETWORK)
    publish(promised(network, organiser, 2), organiser)
    in_topic = session_of(series, organiser, -7, topic_id=hidden_topic.id)
    publish(promised(in_topic, organiser, 3), organiser)
    publish(promised(session_of(series, organiser, -6), organiser, 4), organiser)

    def days(**changes: Any) -> list[int]:
        session = session_of(series, organiser, 5, **changes)
        return [a.due_on.day for a in carrying.open_actions_before(session) if a.due_on]

    assert days() == [4]
    assert days(visibility=Visibility.NETWORK) == [2, 4]
    assert days(**closed) == [1, 2, 4]
    assert days(topic_id=hidden_topic.id) == [3, 4]


def test_next_session_gets_one_item_after_the_welcome(organiser: User, series: Series) -> None:
    before, later, following = (session_of(series, organiser, days) for days in (-5, 20, 10))
    publish(promised(before, organiser, 28, 4), organiser)
    run_jobs()

    assert programme(following) == [
        (1, "Welcome", ""),
        (2, TITLE, f"A-{utcnow().year}-002, A-{utcnow().year}-001"),
        (3, "Numbers", ""),
    ]
    assert following.agenda[1].minutes == carrying.MINUTES
    assert len(programme(later)) == 2
    assert (following.sequence, following.changed_at) == (0, None)


def test_item_is_the_first_where_nobody_is_welcomed(organiser: User, series: Series) -> None:
    before = session_of(series, organiser, -5)
    following = make_webinar(organiser=organiser, series_id=series.id, language="de")
    make_agenda_item(following, "Zahlen", position=1, minutes=None)
    publish(promised(before, organiser, 1), organiser)
    run_jobs()

    assert [title for _, title, _ in programme(following)][1:] == ["Zahlen"]
    assert (following.agenda[0].carries_actions, following.agenda[0].minutes) == (True, None)


def test_item_follows_what_becomes_of_the_actions(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    notes = promised(before, organiser, 1)
    publish(notes, organiser)
    run_jobs()
    with write():
        item = db.session.get_one(AgendaItem, following.agenda[1].id)
        item.title, item.minutes = "What became of it", 12
        another = promise(notes, "Another", 2)
    publish(notes, organiser, "One more action")
    run_jobs()
    year = utcnow().year
    assert programme(following)[1] == (2, "What became of it", f"A-{year}-001, A-{year}-002")
    assert following.agenda[1].minutes == 12
    version = following.lock_version

    with write():
        deciding.finish(another, another.lock_version)
    run_jobs()
    assert programme(following)[1][2] == f"A-{year}-001"
    assert following.lock_version == version + 1

    with write():
        first = db.session.get_one(Action, another.id - 1)
        deciding.drop(first, first.lock_version)
    run_jobs()
    assert [title for _, title, _ in programme(following)] == ["Welcome", "Numbers"]
    assert [position for position, _, _ in programme(following)] == [1, 2]


def test_item_goes_with_the_summary_that_is_taken_back(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    notes = promised(before, organiser, 1)
    for again in ("", "Published again"):
        publish(notes, organiser, again)
        run_jobs()
        assert len(programme(following)) == 3

        with write():
            unpublishing.unpublish(
                db.session.get_one(NoteSet, notes.id), "A name stood in it", organiser
            )
        run_jobs()
        assert len(programme(following)) == 2


def test_a_second_item_goes(organiser: User, series: Series) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    for _ in range(2):
        make_agenda_item(following, TITLE, position=3, carries_actions=True)
    publish(promised(before, organiser, 1), organiser)
    run_jobs()

    assert [title for _, title, _ in programme(following)] == ["Welcome", "Numbers", TITLE]


def test_item_moves_on_when_another_session_is_the_next(organiser: User, series: Series) -> None:
    before, following, later = (session_of(series, organiser, days) for days in (-5, 5, 15))
    publish(promised(before, organiser, 1), organiser)
    run_jobs()
    with write():
        scheduling.cancel(db.session.get_one(Webinar, following.id), "The room burnt", organiser)
    run_jobs()

    assert TITLE in [title for _, title, _ in programme(later)]


def test_sessions_that_began_and_drafts_thrown_away_get_none(
    organiser: User, series: Series
) -> None:
    before = session_of(series, organiser, -5)
    begun = session_of(series, organiser, 0)
    gone = session_of(series, organiser, 3, status=Status.DRAFT, deleted_at=utcnow())
    draft = session_of(series, organiser, 4, published=False)
    publish(promised(before, organiser, 1), organiser)
    run_jobs()

    assert [len(programme(one)) for one in (begun, gone, draft)] == [2, 2, 3]


def test_copy_takes_the_open_actions_along(organiser: User) -> None:
    before = session_of(None, organiser, -5)
    make_agenda_item(before, "Carried on", position=3, carries_actions=True, detail="A-2020-001")
    db.session.refresh(before)
    notes = promised(before, organiser, 1)
    with write():
        writing.describe(note_at(notes, 3), is_for_practitioners=False, is_treated=False)
    publish(notes, organiser)

    fresh = copied(before, organiser)
    run_jobs()
    again = copied(fresh, organiser)
    run_jobs()

    number = f"A-{utcnow().year}-001"
    assert programme(fresh) == [(1, "Welcome", ""), (2, "Numbers", ""), (3, "Carried on", number)]
    assert programme(again) == programme(fresh)


def test_copy_of_a_template_and_templates_take_nothing_along(organiser: User) -> None:
    before = session_of(None, organiser, -5)
    publish(promised(before, organiser, 1), organiser)
    with write():
        like = db.session.get_one(Webinar, before.id)
        template = copying.save_as_template(like, organiser, uid=new_uid("demo.invalid"))
    fresh = copied(template, organiser)
    run_jobs()

    assert [len(programme(one)) for one in (template, fresh)] == [2, 2]
    assert carrying.open_actions_before(fresh) == []


def copied(webinar: Webinar, organiser: User) -> Webinar:
    with write():
        like = db.session.get_one(Webinar, webinar.id)
        fresh = copying.copy(like, organiser, uid=new_uid("demo.invalid"))
        fresh.sorts_at = fresh.starts_at = utcnow() + timedelta(days=30)
    return fresh


def test_programme_is_the_same_for_one_and_for_thirty_actions_in_statements(
    organiser: User, series: Series, count_statements: Callable[[], Any]
) -> None:
    before, following = session_of(series, organiser, -5), session_of(series, organiser, 5)
    notes = promised(before, organiser, 1)
    counts = []
    for version in range(2):
        publish(notes, organiser, "More" if version else "")
        with count_statements() as statements:
            carrying.open_actions_before(following)
        counts.append(len(statements))
        with write():
            for number in range(29):
                promise(notes, f"More {number}")

    assert counts[0] == counts[1]


def test_two_publications_at_once_make_one_item(
    app: Flask, organiser: User, series: Series
) -> None:
    first, second, following = (session_of(series, organiser, days) for days in (-9, -5, 5))
    sets = [promised(one, organiser, 1) for one in (first, second)]
    ready = threading.Barrier(2)

    def go(note_set_id: int) -> None:
        with app.app_context():
            notes = db.session.get_one(NoteSet, note_set_id)
            actor = db.session.get_one(User, organiser_id)
            ready.wait(10)
            publish(notes, actor)
            with write():
                carrying.carry(db.session.get_one(Webinar, notes.webinar_id))
            db.session.remove()

    organiser_id = organiser.id
    ids = [notes.id for notes in sets]
    db.session.rollback()
    threads = [threading.Thread(target=go, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    year = utcnow().year
    assert programme(following)[1][2] == f"A-{year}-001, A-{year}-002"
    assert len(programme(following)) == 3
    assert db.session.query(Action).filter_by(state=ActionState.OPEN).count() == 2
