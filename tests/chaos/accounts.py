"""A community to be put under load, and what is found of their work afterwards."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import Job, JobState
from app.core.outbox import MailState, OutboxMail
from app.core.slugs import slugify
from app.forum.models import Post
from app.notes.models import NoteRevision
from app.webinars.models import Registration
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_notes import note_at, open_notes
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

if TYPE_CHECKING:
    from tests.chaos.load import Load

MEMBERS, THREADS, WEBINARS, ITEMS = 90, 8, 3, 3
SECOND_TRY = timedelta(seconds=4)  # what failed when its part was killed waits for it
WORD = re.compile(r"(?:posted|noted)\d{6}")


@dataclass(frozen=True)
class Community:
    cookies: list[str]  # of members
    organisers: list[str]  # cookies of those who take notes
    threads: list[str]  # "7-how-we-count"
    webinars: list[int]
    notes: list[str]  # addresses of the forms
    pages: list[tuple[str, str]]

    @classmethod
    def gather(cls, app: Flask) -> Community:
        city = make_city()
        members = [make_user(city=city) for _ in range(MEMBERS)]
        topic = make_topic()
        threads = [
            make_thread(topic, members[0], f"Counting together, {n}") for n in range(THREADS)
        ]
        for thread in threads:
            for member in members[:6]:
                make_reply(thread, member)
        organisers = [make_organiser() for _ in range(ITEMS)]
        webinars = [make_webinar(organiser=organisers[n % ITEMS]) for n in range(WEBINARS)]
        return cls(
            [cookie_of(app, member) for member in members],
            [cookie_of(app, organiser) for organiser in organisers],
            [f"{thread.id}-{slugify(thread.title)}" for thread in threads],
            [webinar.id for webinar in webinars],
            [
                _form_of_notes(webinar, who)
                for webinar, who in zip(webinars, organisers, strict=True)
            ],
            _pages(topic.slug, threads, webinars),
        )


def _form_of_notes(webinar: object, organiser: User) -> str:
    make_agenda_item(webinar, "Welcome", position=1)
    note_set = open_notes(webinar, organiser)
    return f"/webinars/{note_set.webinar_id}/notes/{note_at(note_set, 1).id}/edit"


def _pages(slug: str, threads: list, webinars: list) -> list[tuple[str, str]]:
    return [
        ("home", "/"),
        ("topics", "/topics"),
        ("topic", f"/topics/{slug}"),
        ("webinars", "/webinars"),
        ("search", "/search?q=counter"),
        ("feed", "/calendars/public.ics"),
        *[("thread", f"/threads/{thread.id}-{slugify(thread.title)}") for thread in threads],
        *[("webinar", f"/webinars/{webinar.id}-counting-together") for webinar in webinars],
    ]


def cookie_of(app: Flask, user: User) -> str:
    """What the browser of somebody who signed in sends."""
    with write():
        sid = open_session(user, address="127.0.0.1")
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(_user_id=user.fs_uniquifier, _fresh=True, sid=sid, fs_paa=time.time())
        session.permanent = True
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie
    return f"{cookie.key}={cookie.value}"


@dataclass(frozen=True)
class Found:
    """`once`: the words of each kind that are in the database."""

    once: dict[str, set[str]]
    twice: set[str]
    without_mail: set[str]
    mails: int


def settle(seconds: float) -> None:
    """Wait until the workers have done what waits."""
    until = time.monotonic() + seconds
    while _waiting() and time.monotonic() < until:
        time.sleep(0.1)


def _waiting() -> int:
    db.session.rollback()
    soon = utcnow() + SECOND_TRY
    jobs = sa.and_(Job.state.in_([JobState.READY, JobState.RUNNING]), Job.run_at <= soon)
    mails = OutboxMail.state.in_([MailState.READY, MailState.SENDING])
    return sum(
        db.session.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0
        for table, which in ((Job, jobs), (OutboxMail, mails))
    )


def found(load: Load) -> Found:
    db.session.rollback()
    posts = Counter(_words(sa.select(Post.body)))
    notes = Counter(_words(sa.select(NoteRevision.body)))
    registrations = Counter(db.session.scalars(sa.select(Registration.email)))
    sent = OutboxMail.state == MailState.SENT
    mails = Counter(db.session.scalars(sa.select(OutboxMail.recipient).where(sent)))
    guests = load.accepted["registrations"]
    twice = [word for word, count in (posts + registrations).items() if count > 1]
    twice += [f"mail to {word}" for word in guests if mails[word] > 1]
    return Found(
        {"posts": set(posts), "notes": set(notes), "registrations": set(registrations)},
        set(twice),
        {f"registration of {word}" for word in guests if mails[word] != 1},
        sum(mails[word] for word in guests),
    )


def _words(bodies: sa.Select[str]) -> list[str]:
    return [word for body in db.session.scalars(bodies) for word in WORD.findall(body or "")]
