"""What the accessibility statement promises, on the pages of webinars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User
from app.attendance import importing
from app.attendance.models import AttendanceReport
from app.certificates.models import Certificate
from app.core.db import db, write
from app.datepolls import polling
from app.materials.models import Material
from app.polls.writing import PollTexts
from app.polls.writing import write as write_poll
from app.questions.models import Question
from app.webinars import calendar_keys, transferring
from app.webinars.enums import FeedKind, TransferSource
from app.webinars.models import Registration, Speaker, Webinar
from tests.browser.barriers import barriers, barriers_here
from tests.factories_answers import make_question
from tests.factories_datepolls import make_slot
from tests.factories_mailbox import come_in, reply_file
from tests.factories_notes import open_notes, publish, save
from tests.factories_webinars import make_webinar

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

OpenAs = Callable[[str], Page]


def webinar(title: str) -> Webinar:
    found = sa.select(Webinar).where(Webinar.title.like(title))
    return db.session.scalars(found.order_by(Webinar.starts_at)).first() or pytest.fail(title)


def person(name: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == f"{name}@demo.invalid")).one()


def registration(title: str, name: str = "official") -> Registration:
    here = Registration.webinar_id == webinar(title).id
    email = Registration.email == f"{name}@demo.invalid"
    return db.session.scalars(sa.select(Registration).where(here, email)).one()


@pytest.fixture
def coming(demo: Flask) -> str:
    """A webinar that people registered for, with a question and mail about it."""
    found = webinar("Counting together%")
    make_question(found)
    come_in(reply_file("other-organizer"))
    return f"/webinars/{found.id}"


@pytest.fixture
def draft(demo: Flask) -> str:
    """A draft for which a date is looked for."""
    organiser = person("organiser")
    closed = {"published": False, "visibility": "network"}
    made = make_webinar("A day together", organiser=organiser, **closed)
    slots = [make_slot(day) for day in (10, 12, 14)]
    with write():
        closes_at = slots[0].starts_at - timedelta(days=3)
        polling.ask(made, slots, closes_at, "Please think of your colleagues.", organiser)
    return f"/webinars/{made.id}"


def test_whoever_registered_meets_no_barrier(coming: str, open_as: OpenAs) -> None:
    seat, speaker = registration("Counting together%"), _speaker()
    own = f"/registrations/{seat.token}"
    moved = f"/registrations/{registration('Rights in the city%').token}"
    series = webinar("Housing hour 1").series_id
    page = open_as("official")

    assert list(
        barriers(
            page,
            coming, own, f"{own}/cancel", f"{own}/colleague", f"{own}/reminders/stop",
            f"/seats/{_offered(seat)}", f"{coming}/join", moved, f"/speakers/{speaker}",
            f"/series/{series}", f"/series/{series}/registrations", "/webinars",
        )
    ) == []  # fmt: skip


def _speaker() -> str:
    here = Speaker.webinar_id == webinar("Counting together%").id
    return db.session.scalars(sa.select(Speaker).where(here)).all()[0].token


def _offered(seat: Registration) -> str:
    with write():
        who, source = "colleague@stad.example", TransferSource.LINK
        return transferring.offer_seat(seat, who, "Housing officer", source).token


def test_a_member_with_calendars_and_polls_meets_no_barrier(draft: str, open_as: OpenAs) -> None:
    with write():
        calendar_keys.renew(person("official"), FeedKind.MINE)

    found = barriers(open_as("official"), "/settings/calendars", "/dates", f"{draft}/dates")

    assert list(found) == []


def test_an_organiser_who_prepares_meets_no_barrier(draft: str, open_as: OpenAs) -> None:
    page = open_as("organiser")

    assert list(
        barriers(
            page,
            draft, f"{draft}/preflight", f"{draft}/publish-later", f"{draft}/dates",
            f"{draft}/dates/ask", f"{draft}/series", f"{draft}/organisers", f"{draft}/edit",
            "/webinars/templates", "/webinars?mine=1",
        )
    ) == []  # fmt: skip


def test_an_organiser_of_people_meets_no_barrier(coming: str, open_as: OpenAs) -> None:
    seat, page = registration("Counting together%").id, open_as("organiser")
    called_off = f"/webinars/{webinar('Open meeting on the guide%').id}"
    postponed = f"/webinars/{webinar('Rights in the city%').id}"

    assert list(
        barriers(
            page,
            coming, f"{coming}/checklist", f"{coming}/run-sheet",
            f"{coming}/registration-questions",
            f"{coming}/speakers", f"{coming}/registrations", f"{coming}/mail",
            f"{coming}/registrations/{seat}/end", f"{coming}/postpone", f"{coming}/cancel",
            called_off, f"{called_off}/restore", postponed, f"{postponed}/schedule",
        )
    ) == []  # fmt: skip


def test_the_look_before_a_move_has_no_barrier(coming: str, open_as: OpenAs) -> None:
    page = open_as("organiser")
    assert list(barriers(page, f"{coming}/schedule")) == []

    page.get_by_label("Start", exact=True).fill("12:00")
    page.get_by_label("End", exact=True).fill("13:00")
    page.get_by_role("button", name="See who receives what").click()
    page.get_by_role("button", name="Move it and tell them").wait_for()

    assert list(barriers_here(page)) == []


def test_the_office_reads_mail_without_barrier(coming: str, open_as: OpenAs) -> None:
    assert list(barriers(open_as("admin"), "/admin/mail", "/admin")) == []


@pytest.fixture
def live(demo: Flask) -> str:
    """The webinar whose hour is now."""
    return f"/webinars/{webinar('Heat in the city%').id}"


@pytest.fixture
def past(demo: Flask) -> str:
    """The one in its week after."""
    return f"/webinars/{webinar('A bed for everybody%').id}"


def test_a_member_in_the_live_hour_meets_no_barrier(live: str, open_as: OpenAs) -> None:
    called_off = f"/webinars/{webinar('Open meeting on the guide%').id}"
    postponed = f"/webinars/{webinar('Rights in the city%').id}"
    early = f"/webinars/{webinar('Counting together%').id}"
    page = open_as("official")

    assert list(
        barriers(
            page,
            live, f"{live}/join", f"{live}/questions", f"{early}/join", f"{early}/questions",
            f"{called_off}/join", f"{postponed}/join",
        )
    ) == []  # fmt: skip


def test_a_guest_in_the_live_hour_meets_no_barrier(
    live: str, browser_for: Callable[..., Page]
) -> None:
    token = registration("Heat in the city%", "guest.parks").token
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    assert list(barriers(page, f"{live}/join?t={token}", f"{live}/questions?t={token}")) == []
    stranger = browser_for(color_scheme="light", reduced_motion="reduce")
    assert list(barriers(stranger, live)) == []
    stranger.goto(f"{live}/join")
    assert list(barriers_here(stranger)) == []


def test_an_organiser_of_the_live_hour_meets_no_barrier(live: str, open_as: OpenAs) -> None:
    mine = Question.webinar_id == webinar("Heat in the city%").id
    question = db.session.scalars(sa.select(Question.id).where(mine, Question.is_now)).one()
    with write():
        texts = PollTexts("What next?", ["A visit", "A text"])
        poll = write_poll(webinar("Heat in the city%"), texts, person("organiser")).id

    assert list(
        barriers(
            open_as("organiser"),
            f"{live}/join", f"{live}/moderate", f"{live}/moderate/{question}", f"{live}/room",
            f"{live}/polls", f"{live}/polls/{poll}/edit", f"{live}/attendance",
        )
    ) == []  # fmt: skip


def test_whoever_was_there_meets_no_barrier_in_the_week_after(past: str, open_as: OpenAs) -> None:
    code = db.session.scalars(sa.select(Certificate.code)).one()

    assert list(
        barriers(
            open_as("official"),
            past, f"{past}/join", f"{past}/questions", f"{past}/feedback", f"{past}/certificate",
            f"/certificates/{code}", f"{past}/transcript?language=en", "/statistics",
        )
    ) == []  # fmt: skip


def test_a_guest_meets_no_barrier_in_the_week_after(
    past: str, browser_for: Callable[..., Page]
) -> None:
    seat = registration("A bed for everybody%", "guest.shelter")
    _summarise()
    page = browser_for(color_scheme="light", reduced_motion="reduce")
    pages = [f"{past}/{name}?t={seat.token}" for name in ("join", "feedback", "certificate")]

    found = barriers(page, past, *pages, f"/registrations/{seat.token}/summary")

    assert list(found) == []


def _summarise() -> None:
    organiser = person("organiser")
    notes = open_notes(webinar("A bed for everybody%"), organiser)
    for note in notes.notes:
        save(note, "Small places, and neighbours who are asked first.", organiser)
    publish(notes, organiser)


def test_an_organiser_of_the_week_after_meets_no_barrier(past: str, open_as: OpenAs) -> None:
    report = db.session.scalars(sa.select(AttendanceReport.id)).one()
    material = db.session.scalars(sa.select(Material.id)).one()

    assert list(
        barriers(
            open_as("organiser"),
            past, f"{past}/attendance", f"{past}/attendance/reports/{report}",
            f"{past}/attendance/reports/new", f"{past}/attendance/uploads/{_upload()}",
            f"{past}/materials", f"{past}/materials/{material}", f"{past}/recording",
            f"{past}/feedback/results", f"{past}/feedback/survey", f"{past}/figures",
            f"{past}/coverage", f"{past}/moderate", "/statistics", "/statistics?year=1999",
        )
    ) == []  # fmt: skip


def _upload() -> int:
    """A report that was sent and not saved yet, with somebody nobody knows."""
    of = webinar("A bed for everybody%")
    day = f"{of.start_local:%Y-%m-%d}"
    row = f"iPhone,,{day} 14:05:00,{day} 14:40:00,35,Yes"
    text = f"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n{row}"
    with write():
        return importing.keep_upload(of, "second-report.csv", text, person("organiser")).id
