"""spec/webinars 6.7, as far as calendars that go out are concerned: 1 to 13, 19 and 22."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import calendar_keys, inviting, scheduling
from app.webinars.enums import FeedKind, RegistrationState
from app.webinars.models import Registration, Series, Webinar
from app.webinars.times import Slot, slot
from tests.calendar_story import Kept, told
from tests.factories import make_topic, make_user
from tests.factories_registrations import (
    all_mails,
    at,
    calendar_part,
    event_of,
    guest,
    ics_of,
    mails_to,
    methods_and_sequences,
    read,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import ROOM, make_webinar

HARD = "Łódź Αθήνα København 🎥"
SignIn = Callable[[User], FlaskClient]
travelled = pytest.mark.usefixtures("clock")


@pytest.fixture
def files(app: Flask) -> list[Kept]:
    return told(app)


def housing(**changes: object) -> Webinar:
    ten = slot(at("2026-03-25T10:00:00"), at("2026-03-25T11:00:00"), "Europe/Brussels")
    values = {name: getattr(ten, name) for name in Slot.__dataclass_fields__}
    return make_webinar("Housing and human rights", **(values | changes))


def move(webinar: Webinar, days: int = 1) -> None:
    shift = timedelta(days=days)
    with write():
        db.session.refresh(webinar)
        assert webinar.start_local is not None
        assert webinar.end_local is not None
        new = slot(webinar.start_local + shift, webinar.end_local + shift, webinar.tzid)
        scheduling.reschedule(
            webinar, new, organiser_of(webinar), version=webinar.lock_version, is_sure=True
        )
    db.session.refresh(webinar)


def call_off(webinar: Webinar) -> None:
    with write():
        scheduling.cancel(webinar, "The room is flooded.", organiser_of(webinar))


def organiser_of(webinar: Webinar) -> User:
    return webinar.organisers[0].user


def feed_paths(member: User, webinar: Webinar) -> list[str]:
    """Every feed there is that has this webinar in it."""
    with write():
        mine = calendar_keys.renew(member, FeedKind.MINE)
        organised = calendar_keys.renew(organiser_of(webinar), FeedKind.ORGANISED)
        tokens = [calendar_keys.calendar_token(key) for key in (mine, organised)]
    return [
        "/calendars/public.ics",
        "/topics/housing/calendar.ics",
        f"/series/{webinar.series_id}-rights/calendar.ics",
        *(f"/calendars/{token}.ics" for token in tokens),
    ]


def in_all_feeds(member: User) -> tuple[Webinar, list[str]]:
    with write() as session:
        series = Series(title="Rights", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    webinar = housing(topic_id=make_topic("housing").id, series_id=series.id)
    register(webinar, member)
    return webinar, feed_paths(member, webinar)


def unfolded(content: bytes) -> bytes:
    return content.replace(b"\r\n ", b"")


@travelled
def test_01_request_mail_is_the_tree_of_the_rules_and_both_files_are_equal(app: Flask) -> None:
    row = register(housing())
    work()

    (message,) = mails_to(row.email)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    part, file = calendar_part(message), message.get_payload()[-1]
    assert isinstance(file, EmailMessage)
    assert part["Content-Type"] == 'text/calendar; charset="UTF-8"; method="REQUEST"'
    assert part["Content-Transfer-Encoding"] == "base64"
    assert (part["Content-Disposition"], part["Content-ID"]) == (None, None)
    assert file["Content-Type"] == 'application/ics; name="invite.ics"'
    assert file["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert file.get_payload(decode=True) == ics_of(message)
    assert len(message["To"].addresses) == 1
    assert message["Content-Language"] == "en"
    assert message["From"].addresses[0].addr_spec == message["Reply-To"]


def test_02_method_of_the_header_equals_method_of_the_body(files: list[Kept]) -> None:
    pairs = [
        (file.method, str(Calendar.from_ical(file.content)["METHOD"])) for file in mailed(files)
    ]

    assert {method for method, _ in pairs} == {"REQUEST", "CANCEL"}
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def mailed(files: list[Kept]) -> list[Kept]:
    return [file for file in files if file.method]


def given_to_everybody(files: list[Kept]) -> list[Kept]:
    return [file for file in files if not file.method]


def test_03_lines_are_short_end_in_crlf_and_never_cut_a_letter(files: list[Kept]) -> None:
    for file in files:
        lines = file.content.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines), file.name
        assert [line.decode() for line in lines], file.name  # each line alone is UTF-8
        assert file.content.count(b"\n") == file.content.count(b"\r\n"), file.name


@travelled
def test_03_hard_letters_arrive_whole(app: Flask) -> None:
    webinar = housing()
    with write():
        webinar.title = HARD
    row = register(webinar, guest(name=HARD))
    work()

    (message,) = mails_to(row.email)
    assert event_of(message)["SUMMARY"] == HARD
    assert event_of(message)["ATTENDEE"].params["CN"] == HARD
    assert HARD in message["Subject"]
    assert message["To"].addresses[0].display_name == HARD


@travelled
def test_04_uid_stays_when_title_slug_host_and_time_change(app: Flask, client: FlaskClient) -> None:
    webinar = housing()
    uid, base = webinar.uid, app.config["BASE_URL"]
    row = register(webinar)
    work()
    try:
        app.config["BASE_URL"] = "https://elsewhere.example"
        with write():
            webinar.title = "Another name"
        move(webinar)
        work()
        download = client.get(
            f"/webinars/{webinar.id}/calendar.ics", headers={"Host": "third.example"}
        )
    finally:
        app.config["BASE_URL"] = base

    assert [str(event_of(message)["UID"]) for message in mails_to(row.email)] == [uid, uid]
    assert [str(event["UID"]) for event in Calendar.from_ical(download.data).events] == [uid]


@travelled
def test_05_sequence_grows_with_each_mail_also_after_coming_back(app: Flask) -> None:
    webinar, person = housing(), guest()
    row = register(webinar, person)
    work()
    move(webinar)
    work()
    for _ in range(2):
        withdraw(row)
        work()
        register(webinar, person)
        work()
    move(webinar)
    work()
    call_off(webinar)
    work()

    sent = methods_and_sequences(person.email)
    numbers = [number for _, number in sent]
    assert [method for method, _ in sent] == [
        "REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST", "REQUEST", "CANCEL",
    ]  # fmt: skip
    assert numbers == sorted(set(numbers))


@travelled
def test_05_the_same_invitation_once_more_has_the_same_sequence_and_another_stamp(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = register(housing())
    work()
    clock.shift(timedelta(hours=2))
    with write():
        inviting.invite_again(db.session.merge(row))
        inviting.invite_again(db.session.merge(row))
    work()

    first, again = (event_of(message) for message in mails_to(row.email))
    assert (again["SEQUENCE"], again["UID"]) == (first["SEQUENCE"], first["UID"])
    assert again["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_06_a_request_never_says_cancelled(files: list[Kept]) -> None:
    statuses = {
        (file.method, str(event.get("STATUS", "")))
        for file in mailed(files)
        for event in Calendar.from_ical(file.content).events
    }

    assert statuses == {("REQUEST", "CONFIRMED"), ("CANCEL", ""), ("CANCEL", "CANCELLED")}


def test_07_status_is_in_the_cancel_for_all_and_not_in_that_for_one(files: list[Kept]) -> None:
    said = {
        file.name.split(" ", 1)[1].split(" to ")[0]: b"STATUS:CANCELLED" in file.content
        for file in files
        if file.method == "CANCEL"
    }

    assert said == {"withdrawal": False, "called off": True}


def test_08_no_file_that_is_mailed_has_an_alarm(files: list[Kept]) -> None:
    assert [file.name for file in mailed(files) if b"VALARM" in file.content] == []


def test_09_no_other_persons_address_is_in_a_mail_or_file(files: list[Kept]) -> None:
    people = {file.told for file in mailed(files)}
    assert len(people) == 3
    for file in files:
        message = email.message_from_bytes(file.mail, policy=email.policy.default)
        parts = [part.get_payload(decode=True) or b"" for part in message.walk()]
        whole = b"".join([file.mail, unfolded(file.content), *parts])
        assert {person for person in people if person.encode() in whole} == {file.told} - {""}


@travelled
def test_09_plain_mails_name_nobody_else_either(app: Flask) -> None:
    webinar = housing(capacity=1)
    people = [register(webinar, make_user()).email for _ in range(3)]
    work()
    call_off(webinar)
    work()

    for content in all_mails():
        message = read(content)
        whole = content + b"".join(part.get_payload(decode=True) or b"" for part in message.walk())
        told_to = message["To"].addresses[0].addr_spec
        assert [person for person in people if person.encode() in whole] == [told_to]


@travelled
def test_10_room_and_personal_link_are_in_no_file_and_on_no_page_of_strangers(
    app: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    member = make_user()
    webinar, paths = in_all_feeds(member)
    row = db.session.scalars(db.select(Registration)).one()
    work()
    token, room = row.token.encode(), ROOM.encode()
    page = f"/webinars/{webinar.id}-housing-and-human-rights"
    stranger = client_for(make_user())

    shown = [client.get(path).data for path in [*paths, page, f"/webinars/{webinar.id}/join"]]
    shown += [stranger.get(page).data, client.get(f"/webinars/{webinar.id}/calendar.ics").data]
    shown += [ics_of(message) for message in mails_to(row.email)]
    assert len(shown) == 10
    assert [it for it in shown if token in unfolded(it) or room in unfolded(it)] == []
    assert row.token in text_of(mails_to(row.email)[0])


def test_11_files_for_everybody_have_no_method_and_no_people(files: list[Kept]) -> None:
    for file in given_to_everybody(files):
        words = [line.split(b":")[0].split(b";")[0] for line in file.content.split(b"\r\n")]
        assert {b"METHOD", b"ORGANIZER", b"ATTENDEE"} & {*words} == set(), file.name


@travelled
def test_12_feeds_stay_the_same_until_something_changes(
    app: Flask, clock: time_machine.Traveller
) -> None:
    member = make_user()
    webinar, paths = in_all_feeds(member)
    before = {path: app.test_client().get(path) for path in paths}
    clock.shift(timedelta(hours=2))
    later = {path: app.test_client().get(path).headers["ETag"] for path in paths}
    move(webinar)
    moved = {path: app.test_client().get(path).headers["ETag"] for path in paths}

    assert later == {path: answer.headers["ETag"] for path, answer in before.items()}
    assert [path for path in paths if moved[path] == later[path]] == []
    for path, answer in before.items():
        known = {"If-None-Match": answer.headers["ETag"]}
        assert app.test_client().get(path, headers=known).status_code == 200


@travelled
@pytest.mark.parametrize("method", ["get", "head"])
def test_12_feeds_have_the_headers_that_calendars_need(app: Flask, method: str) -> None:
    _, paths = in_all_feeds(make_user())
    for path in paths:
        answer = getattr(app.test_client(), method)(path, headers={"Accept-Encoding": "gzip, br"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"] == "private, max-age=900"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert answer.headers["ETag"].startswith('"')
        assert "Last-Modified" in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "Content-Encoding" not in answer.headers
        assert (answer.data == b"") == (method == "head")


@travelled
@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-30", "2026-10-24", "2026-10-26"])
def test_13_ten_in_brussels_stays_ten_on_both_sides_of_the_change(
    app: Flask, client: FlaskClient, day: str
) -> None:
    ten = slot(at(f"{day}T10:00:00"), at(f"{day}T11:00:00"), "Europe/Brussels")
    webinar = housing(**{name: getattr(ten, name) for name in Slot.__dataclass_fields__})
    row = register(webinar)
    work()

    (message,) = mails_to(row.email)
    (public,) = Calendar.from_ical(client.get("/calendars/public.ics").data).events
    for event in (event_of(message), public):
        local = event.start.astimezone(ZoneInfo("Europe/Brussels"))
        assert (local.date().isoformat(), local.hour, local.minute) == (day, 10, 0)
    assert "10:00–11:00 (Brussels)" in message["Subject"]


@travelled
def test_19_calling_off_twice_sends_one_mail(app: Flask) -> None:
    webinar = housing()
    row = register(webinar)
    work()
    for _ in range(2):
        call_off(webinar)
        work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 1)]


@travelled
def test_19_withdrawing_twice_sends_one_mail(app: Flask) -> None:
    row = register(housing())
    work()
    for _ in range(2):
        withdraw(row)
        work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 1)]


@travelled
def test_22_getting_the_link_to_cancel_changes_nothing(app: Flask, client: FlaskClient) -> None:
    row = register(housing())
    work()
    address = f"/registrations/{row.token}/cancel"

    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    work()
    db.session.refresh(row)
    assert row.state == RegistrationState.CONFIRMED
    assert len(mails_to(row.email)) == 1
