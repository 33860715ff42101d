"""Speakers are asked by mail, answer by a personal link, and hear of what changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import inviting, reminding, speaking
from app.webinars.enums import SpeakerState, Status
from app.webinars.errors import AlreadyCancelled, AlreadyOver
from app.webinars.models import Speaker, Webinar
from app.webinars.signals import webinar_cancelled, webinar_changed, webinar_published
from app.webinars.speakers import SpeakerRow, replace_speakers
from tests.factories import make_user
from tests.factories_registrations import at, guest, mails_to, register, text_of, work
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

NOW = "2026-03-10T08:15:00+00:00"
START = at("2026-03-25T09:00:00+00:00")
BRIEFING = START - timedelta(days=3)
ADDRESS = "speaker@demo.invalid"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    end = START + timedelta(hours=1)
    webinar = make_webinar("Housing", starts_at=START, ends_at=end, organiser=organiser)
    with write():
        reminding.plan(webinar)
    return webinar


@pytest.fixture
def speaker(webinar: Webinar) -> Speaker:
    return make_speaker(webinar, email=ADDRESS)


def ask(webinar: Webinar) -> int:
    with write():
        count = speaking.ask(webinar)
    work()
    return count


def subjects(address: str = ADDRESS) -> list[str]:
    return [str(message["Subject"]).split(":")[0] for message in mails_to(address)]


def visit(clock: time_machine.Traveller, *moments: object) -> None:
    for moment in moments:
        clock.move_to(moment)  # type: ignore[arg-type]
        work()


def test_each_speaker_with_an_address_is_asked_once(webinar: Webinar, speaker: Speaker) -> None:
    make_speaker(webinar, "Nobody reaches me", position=2)

    assert (ask(webinar), ask(webinar)) == (1, 0)

    (message,) = mails_to(ADDRESS)
    assert message["Subject"] == (
        "Will you speak? Housing – Wed 25 Mar 2026, 10:00–11:00 (Brussels)"
    )
    assert f"http://localhost/speakers/{speaker.token}" in text_of(message)
    assert "until Tue 17 Mar 2026" in text_of(message)
    assert speaker.state == SpeakerState.INVITED


def test_publishing_asks_the_speakers(webinar: Webinar, speaker: Speaker) -> None:
    with write():
        webinar_published.send(webinar)
    work()

    assert subjects() == ["Will you speak? Housing – Wed 25 Mar 2026, 10"]


def test_speaker_with_an_account_is_asked_in_their_language_and_zone(webinar: Webinar) -> None:
    user = make_user(locale="de", timezone="Europe/Athens")
    make_speaker(webinar, user_id=user.id)

    ask(webinar)

    (message,) = mails_to(user.email)
    assert message["Content-Language"] == "de"
    assert "11:00–12:00 (Athen)" in message["Subject"]


def test_link_is_sent_again_once_in_ten_minutes(
    webinar: Webinar, speaker: Speaker, organiser: User, clock: time_machine.Traveller
) -> None:
    ask(webinar)
    clock.shift(timedelta(minutes=20))
    for _ in range(2):
        with write():
            speaking.ask_again(speaker, organiser)
    work()

    assert len(subjects()) == 2


def test_changed_address_ends_the_old_link_and_what_was_answered(
    webinar: Webinar, speaker: Speaker
) -> None:
    ask(webinar)
    old = speaker.token
    with write():
        speaking.confirm(speaker)
        speaking.describe(speaker, answers(phone="+32 1"))
    with write():
        row = SpeakerRow(speaker.name, email="another@demo.invalid", id=speaker.id)
        replace_speakers(webinar, [row])

    assert speaker.token != old
    assert (speaker.state, speaker.phone, speaker.may_record) == (SpeakerState.LISTED, "", None)
    assert ask(webinar) == 1
    assert speaker.token in text_of(mails_to("another@demo.invalid")[0])


def test_mail_that_was_queued_for_the_old_address_is_dropped(
    webinar: Webinar, speaker: Speaker
) -> None:
    with write():
        speaking.ask(webinar)
        row = SpeakerRow(speaker.name, email="another@demo.invalid", id=speaker.id)
        replace_speakers(webinar, [row])
    work()

    assert (subjects(), subjects("another@demo.invalid")) == ([], [])


def test_organisers_are_told_who_declined_once(
    webinar: Webinar, speaker: Speaker, organiser: User
) -> None:
    for _ in range(2):
        with write():
            speaking.decline(speaker)
    work()

    (message,) = mails_to(organiser.email)
    assert message["Subject"] == "Human rights officer does not speak: Housing"
    assert f"/webinars/{webinar.id}/speakers" in text_of(message)


def test_who_declined_can_still_come(webinar: Webinar, speaker: Speaker, organiser: User) -> None:
    with write():
        speaking.decline(speaker)
    with write():
        speaking.confirm(speaker)
    work()

    assert speaker.state == SpeakerState.CONFIRMED
    assert mails_to(organiser.email) == []


def test_consent_is_kept_with_its_version_and_moment(speaker: Speaker) -> None:
    with write():
        speaking.describe(speaker, answers(may_record=True))
    given_at = speaker.consented_at
    with write():
        speaking.describe(speaker, answers(may_record=True))

    assert (speaker.may_record, speaker.consent_version) == (True, speaking.CONSENT_VERSION)
    assert speaker.consented_at == given_at is not None


@pytest.mark.parametrize(
    ("status", "error"), [(Status.CANCELLED, AlreadyCancelled), (Status.ARCHIVED, AlreadyOver)]
)
def test_nobody_answers_for_a_webinar_that_is_off(
    webinar: Webinar, speaker: Speaker, status: Status, error: type[Exception]
) -> None:
    with write():
        webinar.status = status

    assert ask(webinar) == 0
    with pytest.raises(error), write():
        speaking.confirm(speaker)


def test_speakers_and_organisers_are_briefed_three_days_before(
    webinar: Webinar, speaker: Speaker, organiser: User, clock: time_machine.Traveller
) -> None:
    visit(clock, BRIEFING - timedelta(minutes=1))
    assert subjects() == []

    visit(clock, BRIEFING, BRIEFING + timedelta(hours=2))

    assert subjects() == ["You speak soon"]
    (message,) = mails_to(organiser.email)
    assert message["Subject"].startswith("Coming up: Housing")
    assert "No slides yet from: Human rights officer" in text_of(message)


def test_organiser_who_speaks_is_briefed_once(
    webinar: Webinar, organiser: User, clock: time_machine.Traveller
) -> None:
    make_speaker(webinar, email=organiser.email)

    visit(clock, BRIEFING)

    assert subjects(organiser.email) == ["You speak soon"]


def test_speaker_is_reminded_an_hour_before_with_the_own_join_link(
    webinar: Webinar, speaker: Speaker, clock: time_machine.Traveller
) -> None:
    visit(clock, START - timedelta(hours=1))

    (message,) = mails_to(ADDRESS)
    assert f"/webinars/{webinar.id}/join?t={speaker.token}" in text_of(message)
    stop = f"<http://localhost/speakers/{speaker.token}/reminders/stop>"
    assert message["List-Unsubscribe"] == stop


@pytest.mark.parametrize("change", ["declined", "stopped", "just_mailed", "late"])
def test_speaker_is_not_reminded(
    webinar: Webinar, speaker: Speaker, clock: time_machine.Traveller, change: str
) -> None:
    clock.move_to(START - timedelta(hours=2))
    with write():
        if change == "declined":
            speaker.state = SpeakerState.DECLINED
        if change == "stopped":
            reminding.stop(speaker)
        if change == "just_mailed":
            speaker.last_mailed_at = utcnow()

    visit(clock, START - timedelta(minutes=29 if change == "late" else 60))

    assert subjects() == []


def move(webinar: Webinar, days: int = 1) -> None:
    with write():
        before = {"starts_at": webinar.starts_at}
        webinar.starts_at += timedelta(days=days)  # type: ignore[assignment, operator]
        webinar.ends_at += timedelta(days=days)  # type: ignore[assignment, operator]
        webinar.lock_version += 1
        inviting.tell_change(webinar, before)
        webinar_changed.send(webinar, fields=["starts_at"])


def test_speaker_hears_of_a_move(webinar: Webinar, speaker: Speaker) -> None:
    move(webinar)
    work()

    assert [str(message["Subject"]) for message in mails_to(ADDRESS)] == [
        "Changed: Housing – Thu 26 Mar 2026, 10:00–11:00 (Brussels)"
    ]


def test_moves_that_come_together_are_told_once(webinar: Webinar, speaker: Speaker) -> None:
    move(webinar)
    move(webinar)
    work()

    (message,) = mails_to(ADDRESS)
    assert "Fri 27 Mar 2026" in message["Subject"]


def test_speaker_hears_why_it_is_cancelled(webinar: Webinar, speaker: Speaker) -> None:
    with write():
        webinar.status, webinar.cancel_reason = Status.CANCELLED, "The room is flooded."
        webinar_cancelled.send(webinar)
    work()

    (message,) = mails_to(ADDRESS)
    assert message["Subject"] == "Cancelled: Housing"
    assert "The room is flooded." in text_of(message)


def test_speaker_hears_why_it_is_put_off(webinar: Webinar, speaker: Speaker) -> None:
    with write():
        webinar.status, webinar.postpone_reason = Status.POSTPONED, "Illness."
        webinar_changed.send(webinar, fields=["status"])
    work()

    (message,) = mails_to(ADDRESS)
    assert message["Subject"] == "Put off: Housing"
    assert "Illness." in text_of(message)


def test_who_holds_a_seat_too_hears_it_by_the_calendar_only(
    webinar: Webinar, speaker: Speaker
) -> None:
    register(webinar, guest(ADDRESS))
    work()
    move(webinar)
    work()

    assert subjects() == ["Invitation", "Updated"]


def answers(**changes: object) -> speaking.Answers:
    values = {
        "bio": "I count houses.",
        "access_needs": "",
        "phone": "",
        "language": "en",
        "timezone": "Europe/Brussels",
        "may_record": None,
    }
    return speaking.Answers(**(values | changes))  # type: ignore[arg-type]


def test_jobs_do_not_last_longer_than_their_webinar(app: Flask, webinar: Webinar) -> None:
    speaker = make_speaker(webinar, email=ADDRESS)
    with write() as session:
        speaking.ask(webinar)
        session.delete(speaker)
    work()

    assert subjects() == []
    assert db.session.get(Speaker, speaker.id) is None
