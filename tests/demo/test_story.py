"""The demo tells its story through the activities, every page in it answers, and it goes again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import Base, db, write
from app.demo.reading import chapter
from app.forum.models import Post, Thread
from app.notes.models import Action, Decision, SummaryVersion
from app.topics.models import Topic
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Series, Webinar

MOST_PAGES = 400
MOST_ALIKE = 2  # addresses below a thread or a webinar, or with a question, of one shape
LINK = re.compile(r'(?:href|src)="([^"]+)"')

SECRETS = {
    "hidden topic": "Answers to cities that apply",
    "hidden topic's name": "Membership applications",
    "practitioners' thread": "Camera surveillance on a square",
    "practitioners' webinar": "After the crisis: which emergency measures",
    "network's thread": "Access to services when counters are closed",
    "practitioners' part of the notes": "nobody had shown it a figure",
    "room of a webinar": "meet.demo.invalid",
    "hidden post": "had printed the day on its poster",
    "private conversation": "is what took us a year",
}

READERS = {
    None: set(),
    "newcomer@demo.invalid": set(),
    "associate@demo.invalid": {"network's thread"},
    "steward@demo.invalid": {
        "network's thread",
        "practitioners' thread",
        "practitioners' webinar",
        "practitioners' part of the notes",
    },
}
CLOSED = "/topics/network-matters"  # its name is shown to everybody, what is in it is not
ON_BOTH_ENGINES = {"organiser@demo.invalid", "steward@demo.invalid"}


def person(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def count(thing: sa.ColumnElement[int] | type[Base], *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(thing).where(*where)) or 0


def crawl(browser: FlaskClient) -> dict[str, tuple[int, bytes]]:
    """Follow every link of the site from the front page. Return status and body by path."""
    waiting, seen = ["/", "/sitemap.xml", "/calendars/public.ics"], dict[str, tuple[int, bytes]]()
    alike = Counter[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or alike[shape := shape_of(path)] == MOST_ALIKE:
            continue
        alike[shape] += is_one_of_many(path)
        answer = browser.get(path)
        seen[path] = (answer.status_code, answer.data)
        if answer.status_code in {301, 302, 303, 308}:
            waiting.append(local(answer.location, path))
        elif answer.mimetype == "text/html":
            waiting += [local(link, path) for link in LINK.findall(answer.text) if ours(link)]
    return seen


def shape_of(path: str) -> str:
    """The same for pages that differ only by what they are about."""
    about = r"/\d+[^/?]*|[0-9a-f]{32}|(?<=/topics)/[^/?]+(?=[/?])"
    return re.sub(r"=[^&]*", "=", re.sub(about, "/0", path))


def is_one_of_many(path: str) -> bool:
    """Acts on single posts and seats, files, copies, narrowed lists: a few show them all."""
    return "?" in path or path.count("/") > 2


def ours(link: str) -> bool:
    parts = urlsplit(link.replace("&amp;", "&"))
    return parts.netloc in {"", "localhost"} and parts.scheme in {"", "http"} and bool(parts.path)


def local(link: str, base: str) -> str:
    parts = urlsplit(urldefrag(link.replace("&amp;", "&")).url)
    path = parts.path or urlsplit(base).path
    return f"{path}?{parts.query}" if parts.query else path


def test_the_story_is_told_whole(demo: Flask) -> None:
    story = chapter("threads")["threads"]
    posts = sum(1 + len(thread.get("replies", [])) for thread in story)
    after_webinar = 3  # what goes on, and two questions that nobody answered

    assert count(Topic) == 13
    assert count(Thread) - after_webinar == len(story) == 18
    assert count(Post) == posts + after_webinar
    by_status = {status: count(Webinar, Webinar.status == status) for status in Status}
    assert by_status == {
        Status.DRAFT: 2,
        Status.PUBLISHED: 20,
        Status.POSTPONED: 1,
        Status.CANCELLED: 1,
        Status.ARCHIVED: 4,
    }
    assert (count(Series), count(Webinar, Webinar.series_id.is_not(None))) == (2, 6)
    assert count(Webinar, Webinar.is_template) == 1
    assert count(SummaryVersion) == 13
    assert (count(Decision), count(Action)) == (21, 35)


def test_seats_and_waiting_list_come_from_registering(demo: Flask) -> None:
    states = (
        sa.select(Webinar.capacity, Registration.state, sa.func.count())
        .join(Registration.webinar)
        .group_by(Webinar.capacity, Registration.state)
    )

    assert {tuple(row) for row in db.session.execute(states)} == {
        (80, RegistrationState.CONFIRMED, 6),
        (5, RegistrationState.CONFIRMED, 5),
        (5, RegistrationState.WAITLISTED, 3),
        (30, RegistrationState.CONFIRMED, 9),
        (8, RegistrationState.PENDING_APPROVAL, 2),
        (60, RegistrationState.CONFIRMED, 10),
        (40, RegistrationState.CONFIRMED, 7),
        (None, RegistrationState.CONFIRMED, 76),
        (None, RegistrationState.ON_HOLD, 2),
    }


def test_dates_nobody_recorded_stay_unknown(demo: Flask) -> None:
    page = demo.test_client().get("/webinars").text

    assert "2020, day not recorded" in page


def test_a_full_database_is_left_alone(demo: Flask) -> None:
    again = demo.test_cli_runner().invoke(args=["demo", "load"])
    quietly = demo.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])

    assert again.exit_code == 1
    assert "not empty" in again.output
    assert (quietly.exit_code, quietly.output) == (0, "")


# What a walk through everything happens to pass is not counted as tested.
@pytest.mark.no_cover
@pytest.mark.parametrize(
    "email",
    [
        pytest.param(email, marks=[] if email in ON_BOTH_ENGINES else pytest.mark.any_engine)
        for email in (*READERS, "organiser@demo.invalid", "admin@demo.invalid")
    ],
)
def test_every_link_leads_to_a_page_and_none_to_what_is_not_theirs(
    demo: Flask, client_for: Callable[[User], FlaskClient], email: str | None
) -> None:
    browser = client_for(person(email)) if email else demo.test_client()

    pages = crawl(browser)

    broken = {path: status for path, (status, _) in pages.items() if status >= 400}
    assert {path: status for path, status in broken.items() if path != CLOSED} == {}
    assert len(pages) > 60
    if email in READERS:
        assert secrets_in(pages | searches(browser)) == READERS[email]


def searches(browser: FlaskClient) -> dict[str, tuple[int, bytes]]:
    words = ["shelter", "camera", "membership", "wording", "counters", "crisis", "finance"]
    return {f"/search?q={word}": (200, browser.get(f"/search?q={word}").data) for word in words}


def secrets_in(pages: dict[str, tuple[int, bytes]]) -> set[str]:
    return {
        name
        for name, secret in SECRETS.items()
        for path, (_, body) in pages.items()
        if secret.encode() in body
    }


def test_removing_leaves_nothing_of_the_demo(demo: Flask) -> None:
    answer = demo.test_cli_runner().invoke(args=["demo", "remove"])

    assert answer.exit_code == 0, answer.output
    left = {
        table.name: rows
        for table in Base.metadata.sorted_tables
        if (rows := db.session.scalar(sa.select(sa.func.count()).select_from(table)))
    }
    assert set(left) <= {"audit_entry", "generation", "job", "periodic_slot", "worker_heartbeat"}


def test_removing_keeps_what_real_people_wrote(demo: Flask) -> None:
    with write() as session:
        official = session.scalars(sa.select(User).where(User.email == "official@demo.invalid"))
        real = official.one()
        real.is_demo = False
        thread = session.scalars(sa.select(Thread).where(Thread.author_id != real.id)).first()
        assert thread
        thread.is_demo, thread.author_id, topic_id = False, real.id, thread.topic_id

    demo.test_cli_runner().invoke(args=["demo", "remove"])

    assert db.session.scalars(sa.select(User.email)).all() == ["official@demo.invalid"]
    assert db.session.scalars(sa.select(Thread.topic_id)).all() == [topic_id]
    assert db.session.scalars(sa.select(Topic.is_demo)).all() == [False]
