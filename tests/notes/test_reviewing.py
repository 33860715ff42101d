"""Review: how long it runs, who is told of it when, and what it takes to end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.notes import reviewing
from app.notes.enums import NotesStatus
from app.notes.errors import ReviewNotPossible, ReviewNotRunning, ReviewTooLong
from app.notes.models import NoteSet
from app.notes.proposing import Proposer
from app.notes.signals import review_opened
from app.webinars.enums import RegistrationState, SpeakerState
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, publish
from tests.factories_registrations import make_registration
from tests.factories_reviews import make_review, propose
from tests.factories_webinars import make_organiser, make_speaker
from tests.factories_webinars import make_registration as register_member

RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]
NOON = "2026-11-02T11:00:00Z"


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def told(outbox: Outbox) -> dict[str, str]:
    return {str(mail["To"].addresses[0].addr_spec): str(mail["Subject"]) for mail in outbox()}


def test_review_runs_until_the_end_of_a_day_where_the_webinar_was(organiser: User) -> None:
    with time_machine.travel(NOON, tick=False):
        note_set = make_review(organiser, tzid="Europe/Vienna")

    assert note_set.status == NotesStatus.IN_REVIEW
    assert note_set.review_until is not None
    assert note_set.review_until.isoformat() == "2026-11-09T22:59:59+00:00"
    with time_machine.travel(NOON, tick=False):
        words = reviewing.end_words(note_set)
    assert words == "Mon 9 November 2026, 23:59 (Vienna)"


def test_no_days_are_no_review(organiser: User, run_jobs: RunJobs, outbox: Outbox) -> None:
    note_set = make_notes(organiser, items=())
    make_registration(note_set.webinar)
    with write():
        reviewing.open_review(note_set, 0, organiser)
    run_jobs()

    assert (note_set.status, note_set.review_until) == (NotesStatus.DRAFT, None)
    assert outbox() == []
    assert publish(note_set, organiser).major == 1


@pytest.mark.parametrize("days", [-1, 31, 10**9])
def test_review_takes_thirty_days_at_most(organiser: User, days: int) -> None:
    note_set = make_notes(organiser)

    with pytest.raises(ReviewTooLong), write():
        reviewing.open_review(note_set, days, organiser)


def test_everybody_with_a_place_is_told_once(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    note_set = make_notes(organiser)
    webinar, member = note_set.webinar, make_user()
    register_member(webinar, member)
    guest = make_registration(webinar, timezone="Europe/Athens")
    make_registration(webinar, wants_reminders=False)
    make_registration(webinar, state=RegistrationState.CANCELLED)
    speaker = make_user("Planner")
    make_speaker(webinar, user_id=speaker.id, state=SpeakerState.CONFIRMED)
    make_speaker(webinar, email="afar@example.org", state=SpeakerState.CONFIRMED)
    with write():
        reviewing.open_review(note_set, 7, organiser)
    run_jobs()
    with write():
        reviewing.extend(note_set, 9, organiser)
    run_jobs()

    assert set(told(outbox)) == {member.email, guest.email, speaker.email}
    assert len(outbox()) == 3
    texts = {str(mail["To"].addresses[0].addr_spec): text_of(mail) for mail in outbox()}
    assert f"/webinars/{webinar.id}/notes" in texts[member.email]
    assert f"/registrations/{guest.token}/review" in texts[guest.email]
    assert "(Athens)" in texts[guest.email]
    assert all("List-Unsubscribe" in mail for mail in outbox())


def test_mail_speaks_the_language_of_who_gets_it(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    with time_machine.travel(NOON, tick=False):
        note_set = make_notes(organiser)
        make_registration(note_set.webinar, language="de", timezone="Europe/Vienna")
        with write():
            reviewing.open_review(note_set, 7, organiser)
        run_jobs()

    assert "November 2026" in text_of(outbox()[0])
    assert outbox()[0]["Content-Language"] == "de"


def test_mail_waits_after_another_of_the_webinar(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    note_set = make_notes(organiser)
    make_registration(note_set.webinar, last_mailed_at=utcnow() - timedelta(hours=1))
    with write():
        reviewing.open_review(note_set, 7, organiser)
    run_jobs()
    before = len(outbox())
    with time_machine.travel(utcnow() + timedelta(hours=3)):
        run_jobs()

    assert (before, len(outbox())) == (0, 1)


def test_nobody_is_told_of_a_review_that_was_taken_back(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    note_set = make_notes(organiser)
    make_registration(note_set.webinar)
    with write():
        reviewing.open_review(note_set, 7, organiser)
    with write():
        reviewing.back_to_draft(note_set, organiser)
    run_jobs()

    assert (outbox(), note_set.status, note_set.review_until) == ([], NotesStatus.DRAFT, None)


def test_a_second_review_is_told_again(organiser: User, run_jobs: RunJobs, outbox: Outbox) -> None:
    note_set = make_notes(organiser)
    make_registration(note_set.webinar)
    for days in (0, 1):
        with time_machine.travel(utcnow() + timedelta(days=days)):
            with write():
                reviewing.open_review(note_set, 7, organiser)
            run_jobs()
            with write():
                reviewing.back_to_draft(note_set, organiser)

    assert len(outbox()) == 2


def test_organisers_hear_once_that_it_is_over(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    note_set = make_review(organiser)
    propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    run_jobs()
    before = outbox()
    with time_machine.travel(utcnow() + timedelta(days=8)):
        run_jobs()
        run_jobs()

    assert before == []
    assert told(outbox) == {organiser.email: "The review is over: Counting together"}
    assert len(outbox()) == 1
    assert "1 correction waits for your answer." in text_of(outbox()[0])
    assert f"/webinars/{note_set.webinar_id}/notes" in text_of(outbox()[0])


def test_organisers_hear_it_at_the_end_that_was_moved(
    organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    note_set = make_review(organiser)
    with write():
        reviewing.extend(note_set, 20, organiser)
    counts = []
    for days in (8, 21):
        with time_machine.travel(utcnow() + timedelta(days=days)):
            run_jobs()
            counts.append(len(outbox()))

    assert counts == [0, 1]


def close(note_set: NoteSet, organiser: User) -> None:
    with write():
        reviewing.close(note_set, organiser)


def unreview(note_set: NoteSet, organiser: User) -> None:
    with write():
        reviewing.back_to_draft(note_set, organiser)


@pytest.mark.parametrize("end", [close, unreview, publish])
def test_who_ended_it_is_not_told_that_it_ended(
    organiser: User, run_jobs: RunJobs, outbox: Outbox, end: Callable[[NoteSet, User], object]
) -> None:
    note_set = make_review(organiser)
    end(note_set, organiser)
    with time_machine.travel(utcnow() + timedelta(days=8)):
        run_jobs()

    assert [mail for mail in outbox() if "review is over" in str(mail["Subject"])] == []


def test_closing_early_ends_the_corrections_and_nothing_else(organiser: User) -> None:
    note_set = make_review(organiser)
    before = reviewing.takes_corrections(note_set)
    for _again in range(2):
        close(note_set, organiser)

    assert (before, reviewing.takes_corrections(note_set)) == (True, False)
    assert note_set.status == NotesStatus.IN_REVIEW
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("notes.%"))).all()
    assert sorted(acts) == ["notes.close_review", "notes.open_review"]


def test_what_is_not_in_review_cannot_be_extended(organiser: User) -> None:
    note_set = make_notes(organiser)

    with pytest.raises(ReviewNotRunning), write():
        reviewing.extend(note_set, 3, organiser)
    with pytest.raises(ReviewNotRunning), write():
        reviewing.close(note_set, organiser)


def test_what_is_published_is_not_reviewed(organiser: User) -> None:
    note_set = make_notes(organiser, items=())
    publish(note_set, organiser)

    with pytest.raises(ReviewNotPossible), write():
        reviewing.open_review(note_set, 7, organiser)


def test_review_of_an_older_release_has_no_end(organiser: User) -> None:
    note_set = make_notes(organiser)
    with write():
        note_set.status = NotesStatus.IN_REVIEW

    assert (reviewing.takes_corrections(note_set), reviewing.end_words(note_set)) == (True, "")
    close(note_set, organiser)
    assert reviewing.takes_corrections(note_set) is False


def test_others_hear_that_a_review_began(organiser: User) -> None:
    heard: list[int] = []

    def hear(note_set: NoteSet, **_: object) -> None:
        heard.append(note_set.id)

    with review_opened.connected_to(hear):
        note_set = make_review(organiser)
        with write():
            reviewing.open_review(note_set, 9, organiser)

    assert heard == [note_set.id]
