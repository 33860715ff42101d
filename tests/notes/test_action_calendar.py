from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
import vobject
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.accounts.models import User
from app.core.db import db, write
from app.notes import deciding
from app.notes.action_calendar import action_feed, task_feed
from app.notes.deciding import Owner
from app.notes.models import Action
from app.webinars import calendar_keys
from app.webinars.enums import FeedKind
from app.webinars.feeds import CalendarFile
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

NOW = "2027-02-01T08:15:00+00:00"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


def promises(*made: dict[str, Any], published: bool = True) -> list[Action]:
    """Actions of one webinar that is over."""
    organiser = make_organiser()
    notes = make_notes(organiser, starts_in=timedelta(days=-20))
    with write():
        actions = [
            deciding.promise(notes, one["text"], one["owner"], one.get("due", date(2027, 3, 28)))
            for one in made
        ]
    save(note_at(notes, 1), "Written.", organiser)
    if published:
        publish(notes, organiser)
    return actions


def shown(file: CalendarFile) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(file.content).events]


def fresh(person: User) -> User:
    return db.session.get_one(User, person.id)


def test_my_actions_and_those_of_my_city_stand_on_the_day_they_are_due(app: Flask) -> None:
    city = make_city()
    me = make_user(city=city)
    promises(
        {"text": "Mine", "owner": Owner(user=me)},
        {"text": "My city's", "owner": Owner(city=city), "due": date(2027, 3, 1)},
        {"text": "Another's", "owner": Owner(user=make_user())},
        {"text": "Another city's", "owner": Owner(city=make_city("York"))},
        {"text": "Nobody's", "owner": Owner(label="the mayor")},
        {"text": "Long ago", "owner": Owner(user=me), "due": date(2026, 10, 1)},
    )

    file = action_feed(fresh(me))

    assert shown(file) == ["Due: A-2027-002 My city's", "Due: A-2027-001 Mine"]
    event: Any = Calendar.from_ical(file.content).events[1]
    assert (event.start, event.end) == (date(2027, 3, 28), date(2027, 3, 29))
    assert (event["TRANSP"], event["DTSTART"].params["VALUE"]) == ("TRANSPARENT", "DATE")
    assert event["URL"].endswith("/summary#a-2027-001")


def test_actions_that_are_not_published_or_done_are_not_shown(app: Flask) -> None:
    me = make_user()
    promises({"text": "Not published", "owner": Owner(user=me)}, published=False)
    (done,) = promises({"text": "Done", "owner": Owner(user=me)})
    assert shown(action_feed(fresh(me))) == ["Due: A-2027-002 Done"]
    with write():
        deciding.finish(done, done.lock_version)

    assert shown(action_feed(fresh(me))) == []


def test_change_of_an_action_is_in_the_feed_at_once_and_higher(app: Flask) -> None:
    me = make_user()
    (action,) = promises({"text": "Count", "owner": Owner(user=me)})
    first = action_feed(fresh(me))
    with write():
        deciding.change_action(
            action, "Count all", Owner(user=me), date(2027, 4, 1), None, action.lock_version
        )
    second = action_feed(fresh(me))

    (event,) = Calendar.from_ical(second.content).events
    assert event.start == date(2027, 4, 1)
    assert int(event["SEQUENCE"]) == 1
    assert second.etag != first.etag


def test_feed_of_actions_stays_the_same_until_something_changes(
    app: Flask, clock: time_machine.Traveller
) -> None:
    me = make_user()
    promises({"text": "Count", "owner": Owner(user=me)})
    first = action_feed(fresh(me))
    clock.shift(timedelta(hours=3))

    assert action_feed(fresh(me)).etag == first.etag


def test_feed_of_many_actions_takes_as_many_statements_as_of_one(
    app: Flask, count_statements: Callable[[], Any]
) -> None:
    me = make_user()
    counts = []
    for many in (1, 6):
        promises(*({"text": f"Count {n}", "owner": Owner(user=me)} for n in range(many)))
        person = fresh(me)
        with count_statements() as statements:
            action_feed(person)
        counts.append(len(statements))

    assert counts == [2, 2]
    assert len(shown(action_feed(fresh(me)))) == 7


def tasks(content: bytes) -> list[dict[str, Any]]:
    """As a parser reads them that did not write them."""
    (calendar,) = vobject.readComponents(content.decode())
    assert "vevent" not in calendar.contents
    return [
        {name: values[0].value for name, values in one.contents.items()}
        for one in calendar.contents.get("vtodo", [])
    ]


def test_actions_come_as_tasks_with_what_is_done(app: Flask, clock: time_machine.Traveller) -> None:
    me = make_user()
    hard = 'Łódź, Αθήνα; 🎥 "Housing" ' + "x" * 200
    done, dropped, _to_do = promises(
        {"text": "Done", "owner": Owner(user=me), "due": date(2027, 3, 1)},
        {"text": "Given up", "owner": Owner(user=me), "due": date(2027, 3, 2)},
        {"text": hard, "owner": Owner(user=me), "due": date(2027, 3, 28)},
    )
    clock.move_to("2027-02-05T10:00:00+00:00")
    with write():
        deciding.finish(done, done.lock_version)
        deciding.drop(dropped, dropped.lock_version)

    content = task_feed(fresh(me)).content
    first, second = tasks(content)

    assert first | {"description": "", "url": ""} == {
        "uid": f"task-{done.id}@forum.example.org",
        "sequence": "1",
        "dtstamp": first["completed"],
        "created": first["created"],
        "last-modified": first["completed"],
        "due": date(2027, 3, 1),
        "summary": "A-2027-001 Done",
        "description": "",
        "url": "",
        "status": "COMPLETED",
        "percent-complete": "100",
        "completed": first["completed"],
        "class": "PRIVATE",
    }
    assert (second["status"], second["percent-complete"]) == ("NEEDS-ACTION", "0")
    assert (second["due"], "completed" in second) == (date(2027, 3, 28), False)
    assert hard in second["description"]
    assert second["url"].endswith("/summary#a-2027-003")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_tasks_come_by_the_same_key(app: Flask, client: FlaskClient) -> None:
    me = make_user()
    promises({"text": "Mine", "owner": Owner(user=me)})
    with write():
        key = calendar_keys.renew(me, FeedKind.ACTIONS)
        other = calendar_keys.renew(me, FeedKind.MINE)
    address = f"/calendars/{calendar_keys.calendar_token(key)}.ics"

    answer = client.get(f"{address}?todo=1")

    assert [one["summary"] for one in tasks(answer.data)] == ["A-2027-001 Mine"]
    assert answer.headers["ETag"] != client.get(address).headers["ETag"]
    tagged = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{address}?todo=1", headers=tagged).status_code == 304
    assert b"BEGIN:VEVENT" in client.get(f"{address}?todo=x").data
    token = calendar_keys.calendar_token(other)
    assert b"BEGIN:VTODO" not in client.get(f"/calendars/{token}.ics?todo=1").data


def test_page_of_calendars_tells_where_tasks_are(
    app: Flask, client_for: Callable[[User], FlaskClient]
) -> None:
    me = make_user()
    with write():
        calendar_keys.renew(me, FeedKind.ACTIONS)
        calendar_keys.renew(me, FeedKind.MINE)

    page = client_for(me).get("/settings/calendars").text

    assert page.count(".ics?todo=1</a>") == 1
