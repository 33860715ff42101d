"""Rules of a zone that change, with real zone files in a folder of the test's own."""

from __future__ import annotations

import struct
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.jobs import Job
from app.core.zone_data import read_zones_anew, zone_data_version
from app.webinars import scheduling, zone_watch
from app.webinars.enums import Status
from app.webinars.jobs import zones as zone_jobs
from app.webinars.models import Webinar
from app.webinars.times import Slot, slot
from tests.factories_registrations import (
    at,
    event_of,
    guest,
    mails_to,
    methods_and_sequences,
    register,
    text_of,
    work,
)
from tests.factories_webinars import make_organiser, make_webinar

NOW = "2027-02-01T08:15:00+00:00"
SUMMER_ALL_YEAR = "<+02>-2"
AS_EVER = "CET-1CEST,M3.5.0,M10.5.0/3"
Rules = Callable[..., None]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Rules]:
    """`rules("2027x", "Europe/Brussels", "<+02>-2")` replaces the data of the machine."""
    before = zoneinfo.TZPATH

    def replace(version: str, name: str, footer: str) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(tzif(footer))
        (tmp_path / "tzdata.zi").write_text(f"# version {version}\n")
        zoneinfo.reset_tzpath([str(tmp_path), *before])

    yield replace
    zoneinfo.reset_tzpath(before)
    read_zones_anew()


def tzif(footer: str) -> bytes:
    """A zone file (RFC 8536) with these rules for all time."""
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">lbb", 3600, 0, 0) + b"CET\x00"
    head = b"TZif2" + bytes(15) + counts
    return head + block + head + block + f"\n{footer}\n".encode()


def published(day: str = "2027-03-24", **changes: Any) -> Webinar:
    ten = slot(at(f"{day}T10:00:00"), at(f"{day}T11:00:00"), "Europe/Brussels")
    values: dict[str, Any] = {name: getattr(ten, name) for name in Slot.__dataclass_fields__}
    return make_webinar("Housing", **(values | {"sorts_at": ten.starts_at} | changes))


def night() -> None:
    """The job that comes each night."""
    with write():
        zone_jobs.watch_zones()
    work()


def test_zone_file_of_the_test_is_read(rules: Rules) -> None:
    rules("2027x", "Europe/Brussels", SUMMER_ALL_YEAR)
    read_zones_anew()

    brussels = at("2027-01-20T10:00:00").replace(tzinfo=ZoneInfo("Europe/Brussels"))
    assert (brussels.utcoffset(), zone_data_version()) == (timedelta(hours=2), "2027x")


def test_webinar_keeps_its_wall_clock_and_is_told_as_moved(app: Flask, rules: Rules) -> None:
    webinar = published()
    row = register(webinar, guest())
    work()
    rules("2027x", "Europe/Brussels", SUMMER_ALL_YEAR)
    night()
    night()

    db.session.refresh(webinar)
    assert webinar.start_local == at("2027-03-24T10:00:00")
    assert webinar.starts_at == webinar.sorts_at == at("2027-03-24T08:00:00+00:00")
    assert webinar.ends_at == at("2027-03-24T09:00:00+00:00")
    assert (webinar.sequence, webinar.lock_version, webinar.zone_data) == (1, 2, "2027x")
    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("REQUEST", 1)]
    update = mails_to(row.email)[-1]
    assert event_of(update).start == webinar.starts_at
    assert "The rules of local time in Brussels changed" in text_of(update)
    assert "10:00–11:00 (Brussels)" in text_of(update)


def test_reminders_follow_the_webinar(app: Flask, rules: Rules) -> None:
    webinar = published()
    register(webinar, guest())
    work()
    rules("2027x", "Europe/Brussels", SUMMER_ALL_YEAR)
    night()

    rounds = db.session.scalars(db.select(Job).where(Job.name == "webinars.remind")).all()
    starts = [job.payload["starts_at"] for job in rounds if job.payload["kind"] == "hour"]
    assert "2027-03-24T08:00:00+00:00" in starts


def test_nothing_happens_while_the_rules_agree(app: Flask, rules: Rules) -> None:
    webinar = published()
    row = register(webinar, guest())
    work()
    rules("2027y", "Europe/Brussels", AS_EVER)
    night()

    db.session.refresh(webinar)
    assert (webinar.sequence, webinar.lock_version, webinar.zone_data) == (0, 1, "2027y")
    assert methods_and_sequences(row.email) == [("REQUEST", 0)]


def test_rules_that_go_back_and_forth_are_followed_each_time(app: Flask, rules: Rules) -> None:
    webinar = published()
    row = register(webinar, guest())
    work()
    for version, footer in [("a", SUMMER_ALL_YEAR), ("b", AS_EVER), ("c", SUMMER_ALL_YEAR)]:
        rules(version, "Europe/Brussels", footer)
        night()

    db.session.refresh(webinar)
    assert webinar.starts_at == at("2027-03-24T08:00:00+00:00")
    assert [number for _, number in methods_and_sequences(row.email)] == [0, 1, 2, 3]


def test_past_and_cancelled_webinars_and_other_zones_stay(app: Flask, rules: Rules) -> None:
    past = published("2027-01-20")
    off = published(status=Status.CANCELLED)
    vienna = published(tzid="Europe/Vienna")
    summer = published("2027-06-20")
    before = [webinar.starts_at for webinar in (past, off, vienna, summer)]
    rules("2027x", "Europe/Brussels", SUMMER_ALL_YEAR)
    night()

    for webinar in (past, off, vienna, summer):
        db.session.refresh(webinar)
    assert [webinar.starts_at for webinar in (past, off, vienna, summer)] == before


def test_draft_and_postponed_one_move_and_nobody_is_told(app: Flask, rules: Rules) -> None:
    draft = published(status=Status.DRAFT)
    postponed = published(status=Status.POSTPONED)
    rules("2027x", "Europe/Brussels", SUMMER_ALL_YEAR)
    night()

    for webinar in (draft, postponed):
        db.session.refresh(webinar)
        assert webinar.starts_at == at("2027-03-24T08:00:00+00:00")
        assert webinar.sequence == 0


def test_second_of_two_equal_hours_is_no_move(app: Flask) -> None:
    """31 October 2027, 02:30 comes twice: the second one was meant."""
    webinar = published(
        start_local=at("2027-10-31T02:30:00"),
        end_local=at("2027-10-31T03:30:00"),
        starts_at=at("2027-10-31T01:30:00+00:00"),
        ends_at=at("2027-10-31T02:30:00+00:00"),
    )

    assert zone_watch.moved() == []
    with write():
        assert zone_watch.follow(db.session.merge(webinar)) is False


def test_hour_that_the_new_rules_skip_comes_later(app: Flask, rules: Rules) -> None:
    webinar = published("2027-04-04", start_local=at("2027-04-04T02:30:00"))
    rules("2027x", "Europe/Brussels", "CET-1CEST,M4.1.0,M10.5.0/3")
    read_zones_anew()

    assert zone_watch.slot_of(webinar).starts_at == at("2027-04-04T01:30:00+00:00")


def test_webinar_remembers_with_which_data_it_was_placed(app: Flask) -> None:
    organiser = make_organiser()
    webinar = published(organiser=organiser)
    ten = slot(at("2027-03-25T10:00:00"), at("2027-03-25T11:00:00"), "Europe/Brussels")
    with write():
        row = db.session.merge(webinar)
        scheduling.reschedule(row, ten, organiser, version=row.lock_version)

    assert row.zone_data == zone_data_version()
