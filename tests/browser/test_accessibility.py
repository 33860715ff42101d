"""What the accessibility statement promises, on the pages people use most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import Seat, User
from app.core.db import db, write
from app.forum import editing
from app.forum.models import Post, Tag, Thread
from app.forum.posting import text_of
from app.messages import reporting
from app.messages.enums import ReportReason
from app.messages.models import Message, Participant
from app.notes.models import Note, NoteSet
from app.webinars.models import Registration, Webinar
from tests.browser.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]


@pytest.fixture
def places(demo: Flask) -> dict[str, str]:
    """Addresses of the demo community, by what they show."""
    coming, past = _webinar("Counting together%"), _webinar("%session 1%")
    section = db.session.scalars(
        sa.select(Note).join(NoteSet).where(NoteSet.webinar_id == past).order_by(Note.position)
    ).first()
    seat = db.session.scalars(sa.select(Registration).where(Registration.email.like("guest@%")))
    assert section
    return {
        "coming": f"/webinars/{coming}",
        "past": f"/webinars/{past}",
        "section": f"/webinars/{past}/notes/{section.id}",
        "seat": f"/registrations/{seat.one().token}",
        "thread": _thread("What did being%"),
        "question": _thread("Before an eviction%"),
        "solved": _thread("How small can%"),
        "locked": _thread("Equality data%"),
        "over": _thread("Access to services%"),
        "summed": _thread("Which FRA element%"),
    }


def _webinar(title: str) -> int:
    return db.session.scalars(sa.select(Webinar.id).where(Webinar.title.like(title))).one()


def _thread(title: str) -> str:
    found = db.session.scalars(sa.select(Thread.id).where(Thread.title.like(title))).one()
    return f"/threads/{found}"


def _person(name: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == f"{name}@demo.invalid")).one()


def test_a_visitor_meets_no_barrier(
    places: dict[str, str], browser_for: Callable[..., Page]
) -> None:
    page = browser_for(color_scheme="light", reduced_motion="reduce")

    assert list(
        barriers(
            page,
            "/", "/topics", "/webinars", places["coming"], places["past"],
            f"{places['coming']}/registrations/new", places["seat"], f"{places['past']}/summary",
            "/knowledge", "/cities", "/cities/york", "/sign-in", "/sign-up",
            "/threads?show=solved", "/topics/covid-19-responses", places["thread"],
            f"{places['thread']}/print", f"{places['summed']}/overview/history",
            "/search?q=housing&type=threads",
        )
    ) == []  # fmt: skip


def test_an_official_meets_no_barrier(
    places: dict[str, str], open_as: Callable[[str], Page]
) -> None:
    question, post = places["question"], f"{places['question']}/posts/{_edited(places['question'])}"
    page = open_as("official")

    assert list(
        barriers(
            page,
            "/", "/threads", "/topics/covid-19-responses?show=unanswered", places["thread"],
            question, places["solved"], "/threads/new?kind=question", f"{post}/edit",
            f"{post}/history", f"{post}/bookmark", "/bookmarks", "/drafts", "/notifications",
            "/messages", f"/messages/{_conversation()}", f"/messages/{_conversation()}/2/report",
            "/messages/new", "/settings", "/settings/feeds", "/settings/security",
            "/search?q=counters",
        )
    ) == []  # fmt: skip


def _edited(thread: str) -> int:
    """The number of a post of the official in this thread that has a history now."""
    with write() as session:
        author = _person("official")
        mine = sa.select(Post).where(Post.author_id == author.id)
        post = session.scalars(mine.where(Post.thread_id == _id(thread))).one()
        text = text_of(f"{post.body}\n\nAnd one sentence more, long enough to leave a mark." * 2)
        editing.edit_post(post, author, text, editing.version_of(post), "One sentence more")
        return post.number


def _id(thread: str) -> int:
    return int(thread.removeprefix("/threads/"))


def _conversation() -> int:
    own = sa.select(Participant.conversation_id).where(
        Participant.user_id == _person("official").id
    )
    return db.session.scalars(own.order_by(Participant.conversation_id)).first() or 0


def test_a_steward_meets_no_barrier(places: dict[str, str], open_as: Callable[[str], Page]) -> None:
    thread, topic = places["thread"], "/topics/covid-19-responses"
    tag = db.session.scalars(sa.select(Tag.id).where(Tag.slug == "counters-and-services")).one()
    page = open_as("steward")

    assert list(
        barriers(
            page,
            places["locked"], f"{thread}/move", f"{thread}/split", f"{thread}/merge",
            f"{thread}/merge?target={_id(places['summed'])}", f"{thread}/rename",
            f"{thread}/tags", f"{thread}/attribution", f"{thread}/hidden",
            f"{thread}/posts/3/hide", f"{thread}/posts/3/edit", f"{thread}/overview",
            f"{places['question']}/deadline", f"{places['over']}/consolidated-reply",
            f"{topic}/tags", f"{topic}/tags/{tag}",
        )
    ) == []  # fmt: skip


def test_an_organiser_meets_no_barrier(
    places: dict[str, str], open_as: Callable[[str], Page]
) -> None:
    page = open_as("organiser")

    assert list(
        barriers(
            page,
            places["thread"], "/webinars/new", f"{places['coming']}/schedule",
            f"{places['coming']}/cancel", f"{places['coming']}/registrations",
            f"{places['past']}/notes", f"{places['section']}/edit", "/members",
        )
    ) == []  # fmt: skip


def test_the_network_office_meets_no_barrier(
    places: dict[str, str], open_as: Callable[[str], Page]
) -> None:
    seat = db.session.scalars(sa.select(Seat.id).where(Seat.user_id == _person("official").id))
    handover, report = f"/seats/{seat.one()}/handover", f"/messages/reports/{_reported()}"
    page = open_as("admin")

    assert list(barriers(page, "/messages/reports", report, handover)) == []


def _reported() -> int:
    with write() as session:
        message = session.scalars(sa.select(Message).order_by(Message.id)).first()
        assert message
        made = reporting.report(message, _person("official"), ReportReason.OTHER, "See post 2")
        return made.id
