"""Numbers stay as they were when what they are counted from is deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import perform
from app.statistics import freezing
from app.statistics.figuring import figures_of
from app.statistics.models import WebinarFigures
from app.webinars.models import Registration, Webinar
from tests.factories import make_city
from tests.factories_statistics import make_held, make_whole

CLEAN = ("statistics.freeze", "webinars.forget_answers")


def do(*names: str) -> None:
    for name in names:
        with write():
            perform(name, {})


def frozen() -> list[int]:
    kept = sa.select(WebinarFigures.webinar_id).where(WebinarFigures.frozen_at.is_not(None))
    return list(db.session.scalars(kept.order_by(WebinarFigures.webinar_id)))


def test_numbers_are_the_same_before_and_after_people_are_deleted(app: Flask) -> None:
    webinar = make_whole(make_city().id)
    before = figures_of(webinar)

    with time_machine.travel(utcnow() + timedelta(days=340)):
        do(*CLEAN)
        assert frozen() == [webinar.id]
    with time_machine.travel(utcnow() + timedelta(days=400)):
        do(*CLEAN)
        with write() as session:
            session.execute(sa.delete(Registration))
        db.session.rollback()

        assert figures_of(db.session.get_one(Webinar, webinar.id)) == before


def test_a_webinar_of_ten_months_ago_is_still_counted(app: Flask) -> None:
    make_held()
    make_held(published=False)

    with time_machine.travel(utcnow() + timedelta(days=300)):
        do(*CLEAN)

        assert frozen() == []


def test_what_was_frozen_once_stays(app: Flask) -> None:
    webinar = make_whole()
    with time_machine.travel(utcnow() + timedelta(days=340)):
        do("statistics.freeze")
        first = freezing.frozen_at(webinar.id)
        with write() as session:
            session.execute(sa.delete(Registration))
    with time_machine.travel(utcnow() + timedelta(days=341)):
        do("statistics.freeze", "statistics.freeze_more")

    assert (freezing.frozen_at(webinar.id), frozen()) == (first, [webinar.id])
    assert figures_of(webinar).attended == 5


def test_years_of_webinars_are_kept_in_portions(app: Flask) -> None:
    made = [make_held(starts_in=timedelta(days=-400)).id for _ in range(5)]
    more = []
    for _portion in range(3):
        with write():
            more.append(freezing.freeze_old(at_once=2))

    assert more == [True, True, False]
    assert frozen() == sorted(made)


def test_the_rest_follows_in_another_job(app: Flask, run_jobs: Callable[..., int]) -> None:
    first = make_held(starts_in=timedelta(days=-400))
    columns = [column.key for column in sa.inspect(Webinar).columns if column.key != "id"]
    same = {name: getattr(first, name) for name in columns}
    copies = [same | {"uid": f"copy{number}"} for number in range(freezing.AT_ONCE)]
    with write() as session:
        session.execute(sa.insert(Webinar), copies)
    do("statistics.freeze")
    run_jobs()

    assert len(frozen()) == freezing.AT_ONCE + 1
