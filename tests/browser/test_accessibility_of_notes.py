"""What the accessibility statement promises, on the pages of notes, decisions and actions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User
from app.core.db import db
from app.notes import promising
from app.notes.models import Action, Note, NoteSet
from app.webinars.models import Registration, Webinar
from tests.browser.barriers import barriers, barriers_here

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

OpenAs = Callable[[str], Page]


def at(title: str) -> str:
    found = db.session.scalars(sa.select(Webinar.id).where(Webinar.title.like(title))).one()
    return f"/webinars/{found}"


def section(title: str, heading: str) -> int:
    here = sa.select(Note.id).join(Note.note_set).join(NoteSet.webinar)
    return db.session.scalars(here.where(Webinar.title.like(title), Note.heading == heading)).one()


@pytest.fixture
def draft(demo: Flask) -> str:
    return at("After the citizens%")


@pytest.fixture
def in_review(demo: Flask) -> str:
    return at("Automated decisions%")


@pytest.fixture
def published(demo: Flask) -> str:
    """In two versions."""
    return at("Money as evidence%")


def test_whoever_takes_notes_meets_no_barrier(draft: str, open_as: OpenAs) -> None:
    part = f"{draft}/notes/{section('After the citizens%', 'Next steps')}"
    page = open_as("official")

    assert list(barriers(page, f"{draft}/notes", f"{part}/edit", f"{part}/history")) == []


def test_an_organiser_who_agrees_with_others_meets_no_barrier(
    draft: str, in_review: str, published: str, open_as: OpenAs
) -> None:
    page = open_as("organiser")

    assert list(
        barriers(
            page,
            f"{in_review}/notes", f"{draft}/notes/takers",
            f"{published}/summary", f"{published}/summary/changes",
        )
    ) == []  # fmt: skip


def test_whoever_was_there_proposes_without_barrier(in_review: str, open_as: OpenAs) -> None:
    page = open_as("official.york")
    assert list(barriers(page, f"{in_review}/notes", "/actions?mine=1", "/cities/york")) == []

    page.goto(f"{in_review}/notes")
    page.get_by_role("link", name="Propose a correction").first.click()
    page.get_by_role("textbox").first.wait_for()

    assert list(barriers_here(page)) == []


def test_whoever_comes_from_a_reminder_meets_no_barrier(
    demo: Flask, browser_for: Callable[..., Page]
) -> None:
    owner = sa.select(User).where(User.email == "civil@demo.invalid")
    promised = sa.select(Action).where(Action.text.contains("Collect letters"))
    person = db.session.scalars(owner).one()
    promise = promising.link_token(db.session.scalars(promised).one(), person)
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    stop = f"/promises/{promising.stop_token(person)}/stop"
    assert list(barriers(page, f"/promises/{promise}", stop)) == []


def test_a_guest_who_was_there_meets_no_barrier(
    in_review: str, browser_for: Callable[..., Page]
) -> None:
    guest = sa.select(Registration.token).where(Registration.email == "guest.data@demo.invalid")
    own = f"/registrations/{db.session.scalars(guest).one()}"
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    assert list(barriers(page, f"{own}/review")) == []


def test_a_visitor_who_looks_things_up_meets_no_barrier(
    published: str, browser_for: Callable[..., Page]
) -> None:
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    assert list(
        barriers(
            page,
            f"{published}/summary", "/decisions", "/actions?city=graz", "/knowledge",
            "/topics/indicators-and-monitoring/summaries",
        )
    ) == []  # fmt: skip
