"""What click, report and tick say together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.attendance import assigning, importing, ticking
from app.attendance.adding_up import Span, minutes_of, span_of
from app.attendance.correcting import recount
from app.attendance.enums import MatchedBy
from app.attendance.errors import OtherMeeting, TooEarly, TooLate
from app.attendance.models import AttendanceLine, AttendanceUpload
from app.attendance.presence import attending_people, was_there
from app.attendance.signals import attendance_corrected
from app.core.audit import AuditEntry
from app.core.db import db, write
from app.core.enums import Attribution
from app.webinars import seats
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories_attendance import (
    AFTER,
    END,
    START,
    held_webinar,
    housing,
    import_report,
    make_report,
    officer,
    organiser_of,
    report_bytes,
    stayed,
    tick,
)
from tests.factories_registrations import make_registration

MINUTE = timedelta(minutes=1)
SPAN = Span(START, END)


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The registrations of which somebody was told."""
    ids: list[int] = []

    def hear(registration: Registration, **_: Any) -> None:
        ids.append(registration.id)

    attendance_corrected.connect(hear)
    yield ids
    attendance_corrected.disconnect(hear)


def said(*people: Registration) -> list[tuple[bool | None, int | None]]:
    for person in people:
        db.session.refresh(person)
    return [(person.attended, person.minutes_attended) for person in people]


def count_again(webinar: Webinar, *people: Registration) -> None:
    with write():
        recount(seats.hold(webinar.id), [person.id for person in people])


def stay(since: int | None, until: int | None, minutes: int | None = None) -> Any:
    """From and to in minutes after the start."""
    begins = None if since is None else START + since * MINUTE
    ends = None if until is None else START + until * MINUTE
    return SimpleNamespace(joined_at=begins, left_at=ends, minutes=minutes)


@pytest.mark.parametrize(
    ("reports", "minutes"),
    [
        ([[stay(0, 75)]], 75),
        ([[stay(-10, 90)]], 75),  # only the webinar counts
        ([[stay(0, 30), stay(20, 50)]], 50),  # overlapping stays count once
        ([[stay(0, 30), stay(40, 50)]], 40),
        ([[stay(0, 30)], [stay(0, 30)]], 30),  # the same in two reports
        ([[stay(0, 30)], [stay(None, None, 40)]], 40),
        ([[stay(None, None, 10), stay(None, None, 12)]], 22),
        ([[stay(None, None, 500)]], 75),
        ([[stay(0, 70, 30)]], 30),  # came first, left last, and was away in between
        ([[stay(-20, 10, 25)]], 10),
        ([[stay(60, None)]], 15),  # no end: to the end of the webinar
        ([[stay(None, 20)]], 20),
        ([[stay(-20, -10)]], 0),
        ([[stay(None, None)]], None),
        ([], None),
    ],
)
@pytest.mark.any_engine
def test_minutes(reports: Any, minutes: int | None) -> None:
    assert minutes_of(reports, SPAN) == minutes


@pytest.mark.any_engine
def test_minutes_of_a_webinar_without_an_hour() -> None:
    assert minutes_of([[stay(0, 90)]], None) == 90
    assert minutes_of([[stay(None, 20)]], None) is None
    assert minutes_of([[stay(5, None, 12)]], None) == 12


def test_a_room_closed_early_ends_what_counts(app: Flask) -> None:
    webinar = held_webinar(ended_at=START + 60 * MINUTE)

    assert span_of(webinar) == Span(START, START + 60 * MINUTE)
    assert span_of(held_webinar(ended_at=END + MINUTE)) == SPAN
    with write():
        webinar.starts_at = None
    assert span_of(webinar) is None


def test_tick_wins_over_report_and_report_over_click(app: Flask) -> None:
    webinar = held_webinar()
    ticked, reported = officer(webinar), housing(webinar)
    clicked = make_registration(webinar, joined_at=START)
    silent = make_registration(webinar)
    stayed(ticked, 40)
    stayed(reported, 0)
    count_again(webinar, ticked, reported, clicked, silent)
    assert said(ticked, reported, clicked, silent) == [
        (True, 40), (False, 0), (None, None), (None, None),
    ]  # fmt: skip

    tick(ticked, False)
    tick(reported, True)

    assert said(ticked, reported) == [(False, 40), (True, 0)]
    assert [was_there(one) for one in (ticked, reported, clicked, silent)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert db.session.scalars(attending_people(webinar)).all() == [reported, clicked]


def test_people_are_told_once_for_each_change(app: Flask, heard: list[int]) -> None:
    person = officer(held_webinar())

    tick(person, True)
    tick(person, True)
    tick(person, None)
    tick(person, None)

    assert heard == [person.id, person.id]
    assert said(person) == [(None, None)]


def test_a_tick_that_confirms_a_report_is_told_too(app: Flask, heard: list[int]) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    stayed(person, 10)
    count_again(webinar, person)

    tick(person, True)

    assert said(person) == [(True, 10)]
    assert heard == [person.id, person.id]


def test_everybody_who_clicked_and_back(app: Flask) -> None:
    webinar = held_webinar()
    actor = organiser_of(webinar)
    clicked, absent = officer(webinar, joined_at=START), housing(webinar, joined_at=START)
    silent = make_registration(webinar)
    tick(absent, False)

    with write():
        count, moment = ticking.tick_who_clicked(webinar, actor)
    with write():
        assert ticking.tick_who_clicked(webinar, actor)[0] == 0
    assert count == 1
    assert said(clicked, absent, silent) == [(True, None), (False, None), (None, None)]

    with write():
        assert ticking.untick(webinar, moment, actor) == 1
    assert said(clicked, absent, silent) == [(None, None), (False, None), (None, None)]
    with write():
        assert ticking.untick(webinar, moment, actor) == 0
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["attendance.tick", "attendance.tick_clicked", "attendance.untick"]


def test_people_of_another_webinar_or_without_a_place_are_passed_over(app: Flask) -> None:
    webinar, other = held_webinar(), held_webinar()
    stranger = officer(other)
    gone = housing(webinar, state=RegistrationState.CANCELLED)

    with write():
        wanted: dict[int, bool | None] = {stranger.id: True, gone.id: True, 10**6: True}
        assert ticking.tick(webinar, wanted, organiser_of(webinar)) == 0

    assert said(stranger, gone) == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("now", "changes", "error"),
    [
        ("2026-11-18T08:44:00+00:00", {}, TooEarly),
        (AFTER, {"status": Status.CANCELLED}, TooEarly),
        (AFTER, {"status": Status.POSTPONED}, TooEarly),
        ("2026-12-02T10:16:00+00:00", {"attribution": Attribution.CHATHAM_HOUSE}, TooLate),
        ("2027-11-18T10:16:00+00:00", {}, TooLate),
    ],
)
def test_attendance_is_noted_from_the_start_on_for_a_while(
    app: Flask, now: str, changes: dict[str, Any], error: type[Exception]
) -> None:
    webinar = held_webinar(**changes)
    person = officer(webinar)

    with time_machine.travel(now), pytest.raises(error):
        tick(person, True)


def test_import_finds_by_address_then_by_name_and_guesses_nobody(app: Flask) -> None:
    webinar = held_webinar()
    rights, by_name = officer(webinar), housing(webinar)

    report = import_report(webinar, "zoom_en_participants.csv")

    assert said(rights, by_name) == [(True, 75), (True, 75)]
    lines = db.session.scalars(select(AttendanceLine).order_by(AttendanceLine.id)).all()
    assert [(line.name, line.matched_by, line.registration_id) for line in lines] == [
        ("Human rights officer", MatchedBy.EMAIL, rights.id),
        ("Human rights officer", MatchedBy.EMAIL, rights.id),
        ("Housing officer", MatchedBy.NAME, by_name.id),
        ("iPhone", MatchedBy.NOBODY, None),
    ]
    assert assigning.unassigned_count(report) == 1
    assert db.session.scalars(select(AttendanceUpload)).all() == []


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("zoom_de_meeting_rows.csv", [(True, 60), (None, None)]),
        ("zoom_es_participantes.csv", [(True, 60), (True, 20)]),
        ("zoom_fr_participants.csv", [(True, 75), (True, 30)]),
        ("zoom_en_usage.csv", [(True, 45), (True, 75)]),
        ("zoom_en_webinar.csv", [(True, 60), (None, None)]),
        ("zoom_en_totals.csv", [(True, 64), (True, 12)]),
        ("teams_en_old_list.csv", [(True, 58), (True, 70)]),
        ("teams_en_sections.csv", [(True, 58), (True, 70)]),
        ("teams_de_sections.csv", [(True, 60), (True, 20)]),
        ("teams_es_sections.csv", [(True, 62), (True, 25)]),
    ],
)
def test_each_shape_gives_the_right_minutes(
    app: Flask, name: str, minutes: list[tuple[bool | None, int | None]]
) -> None:
    webinar = held_webinar()
    people = officer(webinar), housing(webinar)

    import_report(webinar, name)

    assert said(*people) == minutes


def test_two_people_of_one_name_are_nobodys_guess(app: Flask) -> None:
    webinar = held_webinar()
    first, second = housing(webinar), housing(webinar, email="other@york.example")

    import_report(webinar, "zoom_en_participants.csv")

    assert said(first, second) == [(None, None), (None, None)]


def test_a_report_taken_back_counts_no_more_and_can_count_again(app: Flask) -> None:
    webinar = held_webinar()
    person, actor = officer(webinar), organiser_of(webinar)
    report = import_report(webinar, "zoom_en_totals.csv")

    with write():
        importing.undo(webinar, report, actor)
        importing.undo(webinar, report, actor)
    assert said(person) == [(None, None)]

    with write():
        importing.redo(webinar, report, actor)
    assert said(person) == [(True, 64)]


def test_the_same_report_twice_counts_once(app: Flask) -> None:
    webinar = held_webinar()
    person = officer(webinar)

    import_report(webinar, "teams_en_sections.csv")
    import_report(webinar, "teams_en_sections.csv")

    assert said(person) == [(True, 58)]


def test_who_was_unknown_is_assigned_by_hand_and_back(app: Flask) -> None:
    webinar = held_webinar()
    person, actor = make_registration(webinar, name="Somebody else"), organiser_of(webinar)
    report = import_report(webinar, "zoom_en_participants.csv")
    unknown = db.session.execute(assigning.unknown_in(report)).all()
    (line_id,) = [one.line_id for one in unknown if one.name == "iPhone"]

    for wanted, told in (
        (person.id, (True, 10)), (assigning.NOT_OURS, (None, None)), (None, (None, None)),
    ):  # fmt: skip
        with write():
            assert assigning.assign(webinar, report, {line_id: wanted}, actor) == 1
            assert assigning.assign(webinar, report, {line_id: wanted}, actor) == 0
        assert said(person) == [told]


def test_what_does_not_belong_together_is_not_assigned(app: Flask) -> None:
    webinar, other = held_webinar(), held_webinar()
    known, stranger, actor = officer(webinar), officer(other), organiser_of(webinar)
    report = import_report(webinar, "zoom_en_totals.csv")
    strange = make_report(other, {"matched_by": MatchedBy.NOBODY, "name": "iPhone"})
    first = db.session.scalars(
        select(AttendanceLine.id).where(AttendanceLine.registration_id == known.id)
    ).one()
    unknown = db.session.execute(assigning.unknown_in(report)).all()

    wanted: dict[int, int | None] = {
        first: assigning.NOT_OURS,  # was found by address
        strange.lines[0].id: known.id,
        unknown[0].line_id: stranger.id,
        10**6: known.id,
    }
    with write():
        assert assigning.assign(webinar, report, wanted, actor) == 0


def test_report_of_another_meeting_is_refused(app: Flask) -> None:
    webinar = held_webinar()
    text = importing.read_file(report_bytes("zoom_es_participantes.csv"))
    with write():
        upload = importing.keep_upload(webinar, "x.csv", text, organiser_of(webinar))
    read = importing.read_upload(upload, importing.choices_for(webinar, "America/Lima"))

    with pytest.raises(OtherMeeting):
        importing.check(importing.preview(webinar, read), columns_are_right=True)
