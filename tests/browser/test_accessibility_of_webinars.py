"""What the accessibility statement promises, on the pages of webinars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User
from app.core.db import db, write
from app.datepolls import polling
from app.webinars import calendar_keys, transferring
from app.webinars.enums import FeedKind, TransferSource
from app.webinars.models import Registration, Speaker, Webinar
from tests.browser.barriers import barriers, barriers_here
from tests.factories_answers import make_question
from tests.factories_datepolls import make_slot
from tests.factories_mailbox import come_in, reply_file
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
