"""The office sees in words how the installation runs; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.heartbeat import beat
from app.core.jobs import Job, JobState, enqueue
from app.core.measures import Measures
from app.core.minutes import Measure, keep_minute
from app.core.tally import Tally
from app.core.valkey import Valkey
from app.home.charts import bars
from app.home.health_words import lasted
from app.home.page_groups import Figures, groups_of, is_page, pages_of, slowest
from config import Settings
from tests.factories import make_user

Signed = Callable[[User], FlaskClient]


@pytest.fixture
def numbers(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measures:
    own = Measures(app, tmp_path / "measures")
    monkeypatch.setitem(app.extensions, "measures", own)
    return own


@pytest.fixture
def office(client_for: Signed) -> FlaskClient:
    return client_for(make_user(role=SiteRole.ADMIN))


def ask(numbers: Measures, route: str, *seconds: float, status: int = 200) -> None:
    for each in seconds:
        numbers.count_request(route, status, each, 1000, Tally("12345678"))


def words_of(answer: Any) -> str:
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return " ".join(" ".join(tree.find(".//main").itertext()).split())


def test_for_the_office_only(client: FlaskClient, client_for: Signed) -> None:
    roles = [SiteRole.MEMBER, SiteRole.ORGANISER]

    assert client.get("/admin/health").status_code == 302
    assert [client_for(make_user(role=r)).get("/admin/health").status_code for r in roles] == [
        403
    ] * 2
    assert client_for(make_user(role=SiteRole.ADMIN)).get("/admin/health").status_code == 200


def test_first_minute_says_that_nothing_was_counted(office: FlaskClient, app: Flask) -> None:
    words = words_of(office.get("/admin/health"))

    assert "Nobody asked for a page." in words
    assert "Nothing was counted yet. The first figures come after a minute." in words
    assert "No worker runs: mails and reminders wait. Start one: make worker." in words


def test_numbers_are_put_into_words(
    office: FlaskClient, numbers: Measures, settings: Settings
) -> None:
    soon = utcnow().replace(minute=30, second=0, microsecond=0) + timedelta(hours=1)
    ask(numbers, "GET /threads/<int:thread_id>-<slug>", *[0.03] * 95, *[0.25] * 5)
    ask(numbers, "GET /healthz", *[0.0001] * 1000)
    ask(numbers, "GET /search", *[1.5] * 5, status=503)
    ask(numbers, "nonsense", 0.001, status=404)
    numbers.count_job("unheard", False, 2.0)
    numbers.count_job("mail", True, 1.0)
    with time_machine.travel(soon, tick=False):
        keep_minute(numbers, settings)
        beat("worker-1")
    with time_machine.travel(soon + timedelta(seconds=20), tick=False):
        words = words_of(office.get("/admin/health"))

    assert "Pages are answered in 109 ms on average, 95 of 100 within 250 ms." in words
    assert "Pages asked for: 106 in all, 106 in the busiest part." in words
    assert "5 pages of the last hour ended in an error on our side. The log names them." in words
    assert "Conversations and topics 100 41 ms 30 ms 0" in words
    assert "Search 5 1.5 s 2.5 s 5" in words
    assert "Addresses that do not exist 1 1 ms 2 ms 0" in words
    assert "GET /search 5 1.5 s" in words
    assert "unknown 0 1 2 s" in words
    assert "Mails of the last day: 1 sent, 0 tries failed." in words
    assert "worker-1 20 seconds ago at work" in words
    assert "No worker runs" not in words
    assert "healthz" not in words


def test_what_is_stuck_is_named(office: FlaskClient) -> None:
    with write() as session:
        enqueue("search.example", "one")
        enqueue("search.example", "two")
        session.query(Job).filter(Job.key.endswith("two")).update({"state": JobState.DEAD})
        session.add(
            Measure(
                machine="other",
                minutes=1,
                at=utcnow() - timedelta(minutes=2),
                counts={
                    "totals": {},
                    "levels": {},
                    "about": {"disk_free": 1, "disk_size": 100, "versions": ["1", "2"], "new": 1},
                },
            )
        )
    later = utcnow() + timedelta(minutes=10)
    with time_machine.travel(later, tick=False):
        beat("worker-1")
        words = words_of(office.get("/admin/health"))

    assert "Work waits longer than it should: the oldest for 10 min." in words
    assert "1 job was given up. flask jobs list says why." in words
    assert "The disk of other is nearly full." in words
    assert "Several versions run at the same time: 1, 2." in words


def test_statements_do_not_grow(
    office: FlaskClient, numbers: Measures, settings: Settings, count_statements: Any
) -> None:
    office.get("/admin/health")
    with count_statements() as empty:
        office.get("/admin/health")
    start = utcnow().replace(second=0, microsecond=0) - timedelta(minutes=30)
    for minute in range(30):
        ask(numbers, "GET /", 0.01)
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            keep_minute(numbers, settings)
    with count_statements() as full:
        office.get("/admin/health")

    assert len(empty) == len(full)
    assert db.session.query(Measure).count() >= 31


@pytest.mark.any_engine
def test_shared_memory_that_is_away_is_named(
    office: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Valkey("redis://127.0.0.1:1/0", "test:")
    monkeypatch.setitem(app.extensions, "shared_memory", memory)
    while memory.state().answers:
        memory.get_many(["key"])

    words = words_of(office.get("/admin/health"))

    assert "The shared memory does not answer: each process goes on alone, slower." in words


@pytest.mark.any_engine
def test_pages_are_what_people_wait_for() -> None:
    names = ["route:GET /", "route:GET /threads/<int:thread_id>/live", "route:GET /static/<x>",
             "route:GET /metrics", "route:unknown", "route:POST /threads/new", "job:x"]  # fmt: skip

    assert [name for name in names if is_page(name)] == [
        "route:GET /",
        "route:unknown",
        "route:POST /threads/new",
    ]
    row = [1.0] * 33
    totals = dict.fromkeys(names, row)
    assert [group.name for group in groups_of(totals)] == [
        "Home",
        "Conversations and topics",
        "Addresses that do not exist",
        "Open pages that ask what is new",
    ]
    assert pages_of(totals).count == 12
    assert [route.name for route in slowest(totals, 1, 4)] == ["GET /"]
    assert slowest(totals, 1, 5) == []


@pytest.mark.any_engine
def test_figures_of_nothing_and_of_too_much() -> None:
    row = [0.0] * 33
    row[0], row[19] = 1.0, 1.0  # one answer, slower than the last bound

    assert [Figures().count, Figures().seconds, Figures().statements] == [0, 0.0, 0.0]
    assert Figures(row).most_within is None


@pytest.mark.any_engine
def test_charts_are_pictures_with_words() -> None:
    drawn = bars([0, 1, 4], 'One & "two"')

    tree = html5lib.parse(drawn, namespaceHTMLElements=False)
    (svg,) = tree.iter("{http://www.w3.org/2000/svg}svg")
    heights = [bar.get("height") for bar in svg]
    assert (svg.get("role"), svg.get("aria-label")) == ("img", 'One & "two"')
    assert heights == ["15.0", "60.0"]
    assert "style" not in drawn
    assert bars([], "Nothing").count("rect") == bars([0.0], "Nothing").count("rect") == 0


@pytest.mark.any_engine
def test_how_long_in_words(app: Flask) -> None:
    with app.test_request_context():
        said = [lasted(seconds) for seconds in (0.0002, 0.038, 1.26, 119, 600, 9000, 10**6, None)]

    assert said == [
        "1 ms",
        "38 ms",
        "1.3 s",
        "119 s",
        "10 min",
        "2 hours",
        "2 weeks",
        "more than 10 s",
    ]
