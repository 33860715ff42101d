"""Summaries by mail for followers who asked for them: who gets one, how often, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.notes import publishing, telling_followers
from app.notes.jobs import send_summary, send_to_follower
from app.notes.models import NoteSet, SummaryVersion
from app.notes.unpublishing import unpublish
from app.topics.models import Topic
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from tests.factories import make_group, make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic("housing")


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(topic: Topic, organiser: User) -> NoteSet:
    notes = make_notes(organiser, topic_id=topic.id, starts_in=timedelta(days=-2))
    save(note_at(notes, 1), "Decision: Count together", organiser)
    return notes


def follow(topic: Topic, person: User, level: FollowLevel = FollowLevel.FOLLOWING) -> User:
    with write():
        follow_topic(topic.id, person, level)
    return person


def follower(topic: Topic, **changes: object) -> User:
    return follow(topic, make_user(**({"wants_summary_mails": True} | changes)))


def again(note_set: NoteSet, actor: User, note: str, tells_everybody: bool) -> SummaryVersion:
    with write():
        return publishing.publish(note_set, actor, note, tells_everybody=tells_everybody)


def take_back(note_set: NoteSet) -> None:
    admin = make_user(role=SiteRole.ADMIN)
    with write():
        unpublish(note_set, "Too early", admin)


def told(outbox: Outbox) -> list[tuple[str, str]]:
    return sorted((mail["To"].addresses[0].addr_spec, str(mail["Subject"])) for mail in outbox())


def text_of(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "\n".join(parts).replace("\r\n", "\n")


def test_who_follows_and_asked_for_it_gets_one_mail(
    topic: Topic, note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    ada = follower(topic)
    follower(topic, wants_summary_mails=False)
    follower(topic, approved_at=None)
    follow(topic, make_user(wants_summary_mails=True), FollowLevel.MUTED)
    make_user(wants_summary_mails=True)
    with write() as session:
        session.get_one(User, organiser.id).wants_summary_mails = True
    follow(topic, organiser)
    version = publish(note_set, organiser)
    run_jobs()
    with write():
        send_to_follower(ada.id, version.id)

    assert told(outbox) == [(ada.email, "The summary is there: Counting together")]
    words = text_of(outbox()[0])
    assert words.count("Count together") == 2
    assert f"http://localhost/webinars/{note_set.webinar_id}/summary\n" in words
    assert ("What changed" in words, "key=" in words) == (False, False)


def test_who_is_registered_gets_that_mail_alone(
    topic: Topic, note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    by_account, by_address, ended, left = [follower(topic) for _ in range(4)]
    webinar = note_set.webinar
    place = make_registration(webinar, user=by_account, joined_at=utcnow())
    make_registration(webinar, email=by_address.email.lower(), joined_at=utcnow())
    make_registration(webinar, user=ended, wants_reminders=False)
    make_registration(webinar, user=left, state=RegistrationState.CANCELLED)
    publish(note_set, organiser)
    run_jobs()

    assert [to for to, _ in told(outbox)] == sorted([place.email, by_address.email, left.email])


@pytest.mark.parametrize("change", ["unpublished", "hidden", "stopped"])
def test_a_mail_that_is_not_right_any_more_is_not_sent(
    topic: Topic,
    note_set: NoteSet,
    organiser: User,
    run_jobs: RunJobs,
    outbox: Outbox,
    change: str,
) -> None:
    ada, inner = follower(topic), make_group()
    version = publish(note_set, organiser)
    if change == "unpublished":
        take_back(note_set)
    else:
        with write() as session:
            session.get_one(User, ada.id).wants_summary_mails = change != "stopped"
            if change == "hidden":
                webinar = session.get_one(Webinar, note_set.webinar_id)
                webinar.visibility, webinar.group_id = Visibility.HIDDEN, inner.id
    run_jobs()
    with write():
        send_to_follower(ada.id, version.id)

    assert told(outbox) == []


@pytest.mark.parametrize("was_taken_back", [True, False])
def test_quickly_published_anew_is_one_mail_for_each(
    topic: Topic,
    note_set: NoteSet,
    organiser: User,
    run_jobs: RunJobs,
    outbox: Outbox,
    was_taken_back: bool,
) -> None:
    ada = follower(topic)
    seated = make_registration(note_set.webinar, joined_at=utcnow())
    mailed = utcnow() - timedelta(hours=1)
    with time_machine.travel(utcnow(), tick=False) as clock:
        waiting = make_registration(note_set.webinar, last_mailed_at=mailed)
        first = publish(note_set, organiser)
        if was_taken_back:
            take_back(note_set)
        again(note_set, organiser, "Without the slip", tells_everybody=was_taken_back)
        run_jobs()
        at_once = {to for to, _ in told(outbox)}
        clock.shift(timedelta(hours=4))
        run_jobs()
        with write():
            send_to_follower(ada.id, first.id)
            send_summary(seated.id, first.id)

    assert at_once == {ada.email, seated.email}
    assert sorted(to for to, _ in told(outbox)) == sorted([ada.email, seated.email, waiting.email])


def test_later_version_says_what_changed(
    topic: Topic, note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    ada = follower(topic)
    guest = make_registration(note_set.webinar, joined_at=utcnow())
    publish(note_set, organiser)
    run_jobs()
    with time_machine.travel(utcnow() + timedelta(hours=4)):
        again(note_set, organiser, "The <annex> & more", tells_everybody=True)
        run_jobs()

    later = outbox()[2:]
    assert {str(mail["Subject"]) for mail in later} == {
        "The summary has changed: Counting together"
    }
    assert {mail["To"].addresses[0].addr_spec for mail in later} == {ada.email, guest.email}
    for mail in later:
        words = text_of(mail)
        assert "What changed: The <annex> & more" in words
        assert "What changed: The &lt;annex&gt; &amp; more" in words


def test_catch_up_leads_to_the_whole_summary(
    topic: Topic, organiser: User, run_jobs: RunJobs, outbox: Outbox, client: FlaskClient
) -> None:
    notes = make_notes(organiser, topic_id=topic.id, starts_in=timedelta(days=-2),
                       visibility=Visibility.NETWORK)  # fmt: skip
    save(note_at(notes, 1), "Everybody met.", organiser)
    member = make_registration(notes.webinar, user=make_user(), joined_at=utcnow())
    guest = make_registration(notes.webinar, joined_at=utcnow())
    publish(notes, organiser)
    run_jobs()
    words = {mail["To"].addresses[0].addr_spec: text_of(mail) for mail in outbox()}
    path = f"/webinars/{notes.webinar_id}/summary"
    keys = set(re.findall(rf"http://localhost({path}\?key=[\w.-]+)", words[guest.email]))

    assert f"http://localhost{path}\n" in words[member.email]
    assert ("key=" in words[member.email], "works until" in words[member.email]) == (False, False)
    assert len(keys) == 1
    assert client.get(keys.pop()).status_code == 200
    assert words[guest.email].count("This link works until") == 2


def test_portions_go_on_where_they_ended(
    topic: Topic, note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    first, *others = [follower(topic) for _ in range(3)]
    version = publish(note_set, organiser)
    with write():
        assert telling_followers.go_round(version, after_id=first.id) is None
    with time_machine.travel(utcnow() - timedelta(minutes=1)):
        run_jobs()
    early = told(outbox)
    run_jobs()

    assert early == []
    assert sorted(to for to, _ in told(outbox)) == sorted(one.email for one in (first, *others))


def test_link_in_the_mail_ends_them(
    topic: Topic,
    note_set: NoteSet,
    organiser: User,
    run_jobs: RunJobs,
    outbox: Outbox,
    client: FlaskClient,
) -> None:
    ada = follower(topic)
    publish(note_set, organiser)
    run_jobs()
    (mail,) = outbox()
    path = str(mail["List-Unsubscribe"]).removeprefix("<http://localhost").removesuffix(">")
    seen = []
    for act in (lambda: client.get(path), lambda: client.post(path),
                lambda: client.post(f"{path}/resume")):  # fmt: skip
        answer = act()
        db.session.expire_all()
        wants = db.session.get_one(User, ada.id).wants_summary_mails
        seen.append((answer.status_code, answer.headers["Cache-Control"], wants))

    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"http://localhost{path}\n" in text_of(mail)
    assert seen == [(200, "no-store", True), (200, "no-store", False), (200, "no-store", True)]
    assert client.head(path).status_code == 200
    for odd in ("x" * 20, "%00" * 20, "x" * 10_000, "%ff"):
        assert client.get(f"/summary-mails/{odd}").status_code == 404
        assert client.post(f"/summary-mails/{odd}").status_code == 404


def test_link_for_actions_does_not_end_them(app: Flask, client: FlaskClient) -> None:
    from_actions = telling_followers.promising.stop_token(make_user(wants_summary_mails=True))

    assert client.post(f"/summary-mails/{from_actions}").status_code == 404


def test_settings_turn_mails_on_and_off(app: Flask, client_for: SignIn) -> None:
    person = make_user()
    browser = client_for(person)
    form = {"display_name": person.display_name, "handle": person.handle, "locale": "",
            "timezone": "Europe/Vienna", "counts_as_reader": "y"}  # fmt: skip
    before = (person.wants_action_mails, person.wants_summary_mails)
    seen = []
    for mails in ({"wants_summary_mails": "y"}, {"wants_action_mails": "y"}):
        assert browser.post("/settings", data=form | mails).status_code == 302
        db.session.expire_all()
        again = db.session.get_one(User, person.id)
        seen.append((again.wants_action_mails, again.wants_summary_mails))

    assert (before, seen) == ((True, False), [(False, True), (True, False)])
    assert "Mail me the summaries of topics I follow" in browser.get("/settings").text
