"""Numbers of webinars: right, without names, in the same few statements for one and for many."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from app.core.db import db, write
from app.statistics.figures import ELSEWHERE, Figures, Turnout, added, from_json, to_json
from app.statistics.figuring import figures_by_webinar, figures_of
from app.statistics.reaching import recording_opened, summary_opened
from app.webinars.models import Registration
from tests.factories import make_city
from tests.factories_registrations import make_registration
from tests.factories_statistics import (
    CAME,
    add_feedback,
    add_people,
    make_held,
    make_whole,
)

Count = Callable[[], AbstractContextManager[list[str]]]


def test_everything_is_counted(app: Flask) -> None:
    graz = make_city().id
    webinar = make_whole(graz)

    figures = figures_of(webinar)

    assert figures == Figures(
        registered=8, confirmed=5, waitlisted_most=4, expected=6, attended=5, reached=7,
        withdrawn=2, readers=2,
        cities={graz: Turnout(4, 4, 4), ELSEWHERE: Turnout(2, 1, 3)},
        languages={"en": Turnout(3, 2, 4), "de": Turnout(3, 3, 3)},
        questions_asked=4, questions_answered=2, question_votes=12,
        polls=2, poll_voters=14,
        feedback_answers=5, feedback_rated=5, feedback_stars=20,
        reminders_sent=1, reminders_bounced=1,
    )  # fmt: skip
    assert (figures.no_show, figures.rate, figures.usefulness) == (1, 83, 4.0)


def test_nothing_comes_of_a_webinar_without_people(app: Flask) -> None:
    figures = figures_of(make_held(waitlisted_most=0))

    assert figures == Figures()
    assert (figures.rate, figures.usefulness) == (None, None)


@pytest.mark.parametrize(("answers", "days", "told"), [
    (4, 2, 0), (5, 2, 5), (6, 2, 0), (10, 2, 10), (4, 20, 0), (6, 20, 6),
])  # fmt: skip
def test_answers_are_no_number_where_the_results_are_not_shown(
    app: Flask, answers: int, days: int, told: int
) -> None:
    webinar = make_held(starts_in=timedelta(days=-days))
    add_feedback(webinar, answers)

    figures = figures_of(webinar)

    assert (figures.feedback_answers, figures.feedback_stars) == (told, 4 * told)


def test_stars_of_fewer_than_five_are_no_mean(app: Flask) -> None:
    webinar = make_held()
    add_feedback(webinar, 4)
    add_feedback(webinar, 1, usefulness=None)

    figures = figures_of(webinar)

    assert (figures.feedback_answers, figures.usefulness) == (5, None)


def test_one_and_three_hundred_people_take_the_same_statements(
    app: Flask, count_statements: Count
) -> None:
    few, many = make_held(), make_held()
    add_people(few, 1, city_id=make_city().id, **CAME)
    add_people(many, 300, city_id=make_city("Lund").id, **CAME)
    counts = []
    for webinars in ([few], [few, many]):
        db.session.rollback()
        known = [(webinar.id, webinar.waitlisted_most) for webinar in webinars]
        assert known
        with count_statements() as statements:
            found = figures_by_webinar(webinars)
        counts.append(len(statements))

    assert counts == [8, 8]
    assert (found[few.id].attended, found[many.id].attended) == (1, 300)


def test_sums_add_up_and_come_back_from_what_is_kept(app: Flask) -> None:
    graz = make_city().id
    one, other = figures_of(make_whole(graz)), figures_of(make_whole(graz, waitlisted_most=9))

    both = added([one, other])

    assert (both.registered, both.waitlisted_most) == (16, 9)
    assert both.cities[graz] == Turnout(8, 8, 8)
    assert from_json(to_json(one)) == one
    assert from_json({"registered": 3, "unknown": 1}) == Figures(registered=3)
    assert added([]) == Figures()


def test_followed_links_count_and_reach_the_city(app: Flask) -> None:
    graz = make_city().id
    webinar, other = make_held(), make_held()
    registration = make_registration(webinar, city_id=graz)
    for _time in range(2):
        with write():
            summary_opened(webinar.id, db.session.get_one(Registration, registration.id))
            summary_opened(other.id, registration)
            recording_opened(webinar.id)
    with write():
        summary_opened(webinar.id)

    figures = figures_of(webinar)

    assert (figures.summary_opened, figures.recording_opened, figures.readers) == (3, 2, 1)
    assert figures.cities == {graz: Turnout(1, 0, 1)}
    assert figures_of(other).summary_opened == 2


def test_no_name_and_no_address_is_in_figures(app: Flask) -> None:
    webinar = make_held()
    name = secrets.token_hex(8)
    add_people(webinar, 1, name=name, email=f"{name}@demo.invalid", city_label=name, **CAME)

    assert name not in str(to_json(figures_of(webinar)))
