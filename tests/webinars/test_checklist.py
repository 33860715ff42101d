"""What organisers do when, counted back from the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import write
from app.notes import reviewing
from app.webinars.checklist import Afterwards, checklist, turn
from app.webinars.enums import RegistrationState, SpeakerState
from app.webinars.models import Webinar
from tests.factories_notes import make_notes
from tests.factories_webinars import make_organiser, make_registration, make_speaker, make_webinar


def done(webinar: Webinar, after: Afterwards | None = None) -> set[str]:
    return {line.step for line in checklist(webinar, after or Afterwards()) if line.is_done}


def late(webinar: Webinar) -> set[str]:
    return {line.step for line in checklist(webinar, Afterwards()) if line.is_late}


def test_the_lines_stand_in_the_order_of_their_days(app: Flask) -> None:
    webinar = make_webinar(published=False, starts_in=timedelta(days=40))

    days = [line.due_at for line in checklist(webinar, Afterwards())]

    assert days == sorted(days)
    assert webinar.starts_at
    assert webinar.ends_at
    assert days[0] == webinar.starts_at - timedelta(days=28)
    assert days[-1] == webinar.ends_at + timedelta(days=5)


def test_a_draft_three_weeks_before_is_late(app: Flask) -> None:
    webinar = make_webinar(published=False, starts_in=timedelta(days=22), room_url="")

    assert late(webinar) == {"publish", "programme", "access"} - done(webinar)


def test_facts_tick_their_lines_off(app: Flask) -> None:
    webinar = make_webinar(
        has_captions=True, has_sign_language=False, has_interpretation=False,
        room_url="https://rooms.example.org/1",
    )  # fmt: skip

    assert {"publish", "access", "room"} <= done(webinar)


def test_a_speaker_who_was_not_asked_keeps_the_line_open(app: Flask) -> None:
    webinar = make_webinar()
    make_speaker(webinar, email="speaker@example.org")
    assert "speakers_asked" not in done(webinar)

    with write():
        webinar.speakers[0].state = SpeakerState.INVITED

    assert "speakers_asked" in done(webinar)
    assert "speakers_agreed" not in done(webinar)


def test_whoever_waits_for_approval_keeps_the_line_open(app: Flask) -> None:
    webinar = make_webinar(needs_approval=True)
    make_registration(webinar, state=RegistrationState.PENDING_APPROVAL)

    assert "approve" not in done(webinar)


def test_notes_and_summary_close_the_list(app: Flask) -> None:
    webinar = make_webinar()

    assert {"notes", "summary"} <= done(webinar, Afterwards(has_summary=True))
    assert "summary" not in done(webinar, Afterwards(has_notes=True))


def test_review_stands_between_notes_and_summary(
    app: Flask, client_for: Callable[[User], FlaskClient]
) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, starts_in=timedelta(days=-1))
    after = [line.step for line in checklist(note_set.webinar, Afterwards())
             if line.step in {"notes", "review", "summary"}]  # fmt: skip
    path, seen = f"/webinars/{note_set.webinar_id}/checklist", []
    for days in (0, 3):
        with write():
            reviewing.open_review(note_set, days, organiser)
        page = client_for(organiser).get(path).text
        line = page.partition('id="review"')[2].partition("</li>")[0]
        seen.append(("is-done" in line, f"/webinars/{note_set.webinar_id}/notes" in line))

    assert after == ["notes", "review", "summary"]
    assert seen == [(False, True), (True, False)]
    assert "review" in done(note_set.webinar, Afterwards(has_summary=True))


def test_recording_is_a_line_where_something_is_recorded(app: Flask) -> None:
    recorded, unrecorded = make_webinar(recording="all"), make_webinar("Another one")
    steps = [
        {line.step for line in checklist(webinar, Afterwards())}
        for webinar in (recorded, unrecorded)
    ]

    assert ["recording" in found for found in steps] == [True, False]
    assert "recording" in done(recorded, Afterwards(has_recording=True))


def test_a_tick_is_set_and_taken_back(app: Flask) -> None:
    webinar, person = make_webinar(), make_organiser("Head of housing")
    with write():
        turn(webinar, "sound", person.id)
    assert "sound" in done(webinar)

    with write():
        turn(webinar, "sound", person.id)

    assert "sound" not in done(webinar)


def test_a_webinar_without_an_hour_has_no_dates(app: Flask) -> None:
    assert checklist(make_webinar(starts_at=None, ends_at=None), Afterwards()) == []
