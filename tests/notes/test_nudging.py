"""Late summaries: organisers hear of them after three days and after seven, once each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.notes import jobs, nudging, reviewing
from app.notes.models import NoteSet
from app.webinars.enums import Status
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, open_notes, publish, save
from tests.factories_webinars import add_organiser, make_agenda_item, make_organiser, make_webinar

Outbox = Callable[[], list[EmailMessage]]
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


def make_late(organiser: User, days: float = 3.5, agenda: bool = True, **changes: Any) -> Webinar:
    """It ended so many days ago."""
    starts_in = timedelta(days=-days)
    webinar = make_webinar(organiser=organiser, starts_in=starts_in, **changes)
    if agenda:
        make_agenda_item(webinar, "Welcome", position=1)
    return webinar


def nudge(at: datetime | None = None) -> None:
    with time_machine.travel(at or utcnow()), write():
        jobs.nudge()


def late() -> list[tuple[int, int]]:
    return [(webinar.id, days) for webinar, days in nudging.late_webinars()]


@pytest.mark.parametrize(
    ("days", "found"),
    [(0.5, []), (2.9, []), (3.2, [3]), (6.9, [3]), (7.2, [7]), (13.5, [7]), (14.5, []), (90, [])],
)
def test_it_is_late_after_three_days_and_after_seven(
    organiser: User, days: float, found: list[int]
) -> None:
    make_late(organiser, days)

    assert [step for _webinar, step in late()] == found


@pytest.mark.parametrize(
    "changes", [{"status": Status.CANCELLED}, {"status": Status.DRAFT}, {"is_demo": True},
                {"status": Status.POSTPONED}, {"agenda": False}]
)  # fmt: skip
def test_nobody_waits_for_the_summary_of_these(organiser: User, changes: dict[str, Any]) -> None:
    make_late(organiser, **changes)

    assert late() == []


def test_each_organiser_is_told_twice_at_most(organiser: User, outbox: Outbox) -> None:
    webinar = make_late(organiser)
    other, gone = make_user("Other organiser"), make_user("Gone", active=False)
    for person in (other, gone):
        add_organiser(webinar, person)
    ended = webinar.ends_at
    assert ended is not None
    counts = []
    for days in (2, 3.1, 4, 6, 7.1, 8, 13):
        nudge(ended + timedelta(days=days))
        counts.append(len(outbox()))

    assert counts == [0, 2, 2, 2, 4, 4, 4]
    told = {str(mail["To"].addresses[0].addr_spec) for mail in outbox()}
    assert told == {organiser.email, other.email}
    body = outbox()[0].get_body(("plain",))
    assert body is not None
    assert f"/webinars/{webinar.id}/notes" in str(body.get_content())


def test_who_was_never_told_is_told_once_of_seven_days(organiser: User, outbox: Outbox) -> None:
    make_late(organiser, 8)
    for _again in range(2):
        nudge()

    assert [str(mail["Subject"]) for mail in outbox()] == [
        "The summary is not published yet: Counting together"
    ]


def test_what_is_published_is_not_late(organiser: User, outbox: Outbox) -> None:
    webinar = make_late(organiser)
    note_set = open_notes(webinar, organiser)
    save(note_at(note_set, 1), "Everybody met.", organiser)
    before = late()
    publish(note_set, organiser)
    nudge()

    assert (before, late(), outbox()) == ([(webinar.id, 3)], [], [])


def test_review_gives_more_time(organiser: User) -> None:
    webinar = make_late(organiser, 2)
    note_set = open_notes(webinar, organiser)
    with write():
        reviewing.open_review(note_set, 4, organiser)
    found = []
    for days in (5, 8, 11):
        with time_machine.travel(utcnow() + timedelta(days=days)):
            found.append([step for _webinar, step in late()])

    assert found == [[], [3], [3]]


def test_mail_speaks_the_language_of_who_gets_it(app: Flask, outbox: Outbox) -> None:
    make_late(make_organiser(locale="de"))
    nudge()

    assert outbox()[0]["Content-Language"] == "de"


@pytest.mark.parametrize("count", [1, 30])
def test_looking_takes_the_same_few_statements(
    organiser: User, count_statements: Callable[[], Any], count: int
) -> None:
    for _number in range(count):
        make_late(organiser)
    db.session.rollback()
    db.session.expunge_all()

    with count_statements() as statements:
        found = [nudging.people_to_nudge(webinar) for webinar, _days in nudging.late_webinars()]

    assert (len(found), len(statements)) == (count, 3)


def expected(note_set: NoteSet) -> date | None:
    return nudging.expected_on(note_set.webinar, note_set)


def test_summary_is_expected_after_five_working_days(organiser: User) -> None:
    with time_machine.travel(NOW, tick=False):  # a Monday
        note_set = make_notes(organiser, items=(), starts_in=timedelta(days=-3))

    assert expected(note_set) == date(2026, 11, 6)
    assert nudging.expected_on(note_set.webinar, None) == date(2026, 11, 6)


def test_summary_is_expected_at_the_end_of_the_review(organiser: User) -> None:
    with time_machine.travel(NOW, tick=False):
        note_set = make_notes(organiser, items=(), starts_in=timedelta(days=-3))
        with write():
            reviewing.open_review(note_set, 9, organiser)

    assert expected(note_set) == date(2026, 11, 11)


def test_what_is_there_is_not_expected(organiser: User) -> None:
    note_set = make_notes(organiser, items=())
    publish(note_set, organiser)

    assert expected(note_set) is None


def test_page_of_the_webinar_says_when(organiser: User, client: FlaskClient) -> None:
    """Kept pages too: what changes the day renews them."""
    with time_machine.travel(NOW, tick=False):
        note_set = make_notes(organiser, starts_in=timedelta(days=-3))
        save(note_at(note_set, 1), "Everybody met.", organiser)
        webinar = note_set.webinar
        address = f"/webinars/{webinar.id}-counting-together"
        pages = [client.get(address).text]
        with write():
            reviewing.open_review(note_set, 9, organiser)
        pages.append(client.get(address).text)
        publish(note_set, organiser)
        pages.append(client.get(address).text)

    said = [re.findall(r"The summary is expected by ([^.]*)\.", page) for page in pages]
    assert said == [["6 November 2026"], ["11 November 2026"], []]


@pytest.mark.parametrize("changes", [{"agenda": False}, {"days": 30}])
def test_page_promises_nothing_that_nobody_will_keep(
    organiser: User, client: FlaskClient, changes: dict[str, Any]
) -> None:
    webinar = make_late(organiser, **changes)

    page = client.get(f"/webinars/{webinar.id}-counting-together").text

    assert "The summary is expected" not in page
