"""People who do the same thing at the same moment, each through their own browser."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db
from app.core.jobs import Job
from app.core.outbox import OutboxMail
from app.forum.editing import version_of
from app.forum.models import Post
from app.forum.reader_models import ThreadRead
from app.notes.models import Decision, SummaryVersion
from app.webinars.models import Registration
from tests.factories import make_topic, make_user
from tests.factories_accounts import make_applicant
from tests.factories_forum import make_replies, make_thread
from tests.factories_notes import make_notes, note_at, save
from tests.factories_registrations import work
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
Act = tuple[FlaskClient, str, dict[str, Any]]


def at_once(app: Flask, acts: Sequence[Act]) -> list[int]:
    """Post all of it at the same moment; the statuses, sorted. None may be a failure."""
    start, statuses = threading.Barrier(len(acts)), []

    def run(browser: FlaskClient, path: str, typed: dict[str, Any]) -> None:
        with app.app_context():
            start.wait()
            statuses.append(browser.post(path, data=typed).status_code)
            db.session.remove()

    threads = [threading.Thread(target=run, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(statuses) == len(acts)
    assert [status for status in statuses if status >= 500] == []
    return sorted(statuses)


def count(table: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_the_last_seat_goes_to_one(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar(capacity=1)
    path = f"/webinars/{webinar.id}/registrations"

    statuses = at_once(app, [(client_for(make_user()), path, {}) for _ in range(3)])

    states = Counter(db.session.scalars(select(Registration.state)))
    assert statuses == [302, 302, 302]
    assert states == {"confirmed": 1, "waitlisted": 2}


def test_ten_clicks_are_one_registration_and_one_mail(app: Flask, client_for: SignIn) -> None:
    person, webinar = make_user(), make_webinar()
    path = f"/webinars/{webinar.id}/registrations"

    at_once(app, [(client_for(person), path, {}) for _ in range(10)])
    work()

    assert count(Registration) == 1
    assert count(OutboxMail, OutboxMail.recipient == person.email) == 1


def test_two_sign_ups_with_one_address_are_one_account(app: Flask) -> None:
    typed = {"display_name": "Housing officer", "email": "twin@example.org",
             "password": "three quiet words"}  # fmt: skip

    statuses = at_once(app, [(app.test_client(), "/sign-up", typed) for _ in range(2)])

    assert statuses == [302, 302]
    assert count(User, User.email == "twin@example.org") == 1


def test_handles_are_given_once(app: Flask) -> None:
    typed = {"display_name": "Housing officer", "password": "three quiet words"}

    statuses = at_once(
        app,
        [(app.test_client(), "/sign-up", typed | {"email": f"n{n}@example.org"}) for n in range(3)],
    )

    assert statuses == [302, 302, 302]
    assert len(set(db.session.scalars(select(User.handle)))) == 3


def test_two_admins_approve_once(app: Flask, client_for: SignIn) -> None:
    applicant = make_applicant()
    admins = [make_user(role=SiteRole.ADMIN) for _ in range(2)]
    path = f"/admin/applicants/{applicant.id}/approve"
    typed = {"body": "", "seat_role": "voice", "title": ""}

    at_once(app, [(client_for(admin), path, typed) for admin in admins])

    assert count(Job, Job.name == "accounts.mail_approved") == 1


def test_a_reply_sent_twice_is_there_once(app: Flask, client_for: SignIn) -> None:
    thread, person = make_thread(make_topic(), make_user()), make_user()
    typed = {"body": "We kept one counter open.", "language": "en"}
    path = f"/threads/{thread.id}/posts"

    at_once(app, [(client_for(person), path, typed) for _ in range(4)])

    assert count(Post, Post.author_id == person.id) == 1


def test_of_two_edits_one_wins_and_one_keeps_its_text(app: Flask, client_for: SignIn) -> None:
    author = make_user()
    thread = make_thread(make_topic(), author)
    post = db.session.scalars(select(Post)).one()
    base = {"language": "en", "based_on": version_of(post), "reason": ""}
    path = f"/threads/{thread.id}/posts/1/edit"
    edits = [base | {"body": f"Another wording, number {n}."} for n in range(2)]

    statuses = at_once(app, [(client_for(author), path, typed) for typed in edits])

    assert statuses == [302, 409]


def test_reading_and_following_race_in_peace(app: Flask, client_for: SignIn) -> None:
    author, reader = make_user(), make_user()
    thread = make_thread(make_topic(), author)
    make_replies(thread, author, 3)
    follow = (f"/threads/{thread.id}/follow", {"level": "following"})
    unread = (f"/threads/{thread.id}/posts/2/unread", {})
    read = (f"/topics/{thread.topic.slug}/read", {})

    statuses = at_once(app, [(client_for(reader), *act) for act in (follow, unread, read) * 3])

    assert statuses == [302] * 9
    assert count(ThreadRead, ThreadRead.user_id == reader.id) == 1


def test_notes_are_published_once(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    notes = make_notes(organiser)
    save(note_at(notes, 1), "Everybody met.", organiser)
    path = f"/webinars/{notes.webinar_id}/summary"

    at_once(app, [(client_for(organiser), path, {}) for _ in range(2)])

    assert count(SummaryVersion) == 1


def test_ten_decisions_have_ten_numbers(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    notes = make_notes(organiser)
    path = f"/webinars/{notes.webinar_id}/decisions"
    typed = {"status": "adopted", "note": ""}

    at_once(
        app, [(client_for(organiser), path, typed | {"text": f"We decide {n}."}) for n in range(10)]
    )

    assert sorted(db.session.scalars(select(Decision.number))) == list(range(1, 11))


def test_moving_and_cancelling_at_once_leaves_one_truth(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    day = webinar.start_local.date().isoformat() if webinar.start_local else ""
    move = {"date": day, "start_local": "05:00", "end_local": "06:00", "tzid": webinar.tzid,
            "version": "1"}  # fmt: skip
    acts = [
        (client_for(organiser), f"/webinars/{webinar.id}/schedule", move),
        (
            client_for(organiser),
            f"/webinars/{webinar.id}/cancel",
            {"reason": "The speaker is ill."},
        ),
    ]

    statuses = at_once(app, acts)

    db.session.refresh(webinar)
    assert webinar.status == "cancelled"
    assert statuses in ([302, 302], [302, 422])
