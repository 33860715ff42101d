"""The tick list and the reports, as organisers see them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.attendance import importing
from app.attendance.clearing import forget_lines, forget_uploads
from app.attendance.jobs import forget
from app.attendance.models import AttendanceLine, AttendanceReport, AttendanceUpload
from app.attendance.queries import is_noted
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_attendance import (
    AFTER,
    START,
    held_webinar,
    housing,
    import_report,
    make_report,
    officer,
    organiser_of,
    report_bytes,
    send,
    tick,
)
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
LATER = "2026-12-03T12:00:00+00:00"


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


def desk(client_for: SignIn, webinar: Webinar) -> FlaskClient:
    return client_for(organiser_of(webinar))


def words_in(answer: Any) -> str:
    body = re.sub(r"<option.*?</option>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def after_post(browser: FlaskClient, address: str, **form: Any) -> Any:
    """The page to which the answer leads."""
    return browser.get(str(browser.post(address, **form).location))


def attended(*people: Registration) -> list[bool | None]:
    for person in people:
        db.session.refresh(person)
    return [person.attended for person in people]


def preview_of(answer: Any) -> str:
    assert answer.status_code == 302
    return str(answer.location)


def hidden_in(page: str) -> dict[str, str]:
    form = page[page.index('method="post" action="/webinars') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def address_of(webinar: Webinar, rest: str = "") -> str:
    return f"/webinars/{webinar.id}/attendance{rest}"


def test_list_shows_click_report_and_tick_by_city(client_for: SignIn) -> None:
    webinar = held_webinar()
    officer(webinar, joined_at=START)
    tick(housing(webinar), True)
    import_report(webinar, "zoom_es_participantes.csv")
    make_registration(webinar, name="Nobody's officer")

    words = words_in(desk(client_for, webinar).get(address_of(webinar)))

    first, second, third = (words.index(name) for name in ("Human rights", "Housing", "Nobody"))
    assert first < second < third
    assert "Graz Human rights officer Was there Clicked 10:00 Report: 60 minutes" in words
    assert "York Housing officer Was there Did not click Report: 20 minutes" in words
    assert "Nobody&#39;s officer Nobody says Did not click" in words
    assert "Were there 2 Clicked, not confirmed 0 Were not there 0 Have a place 3" in words


def test_whole_page_is_saved_at_once(client_for: SignIn) -> None:
    webinar = held_webinar()
    there, absent, silent = officer(webinar), housing(webinar), make_registration(webinar)
    form = {f"person-{there.id}": "there", f"person-{absent.id}": "absent"}

    form[f"person-{silent.id}"] = "nothing"
    answer = after_post(desk(client_for, webinar), address_of(webinar), data=form)

    assert attended(there, absent, silent) == [True, False, None]
    assert "Saved: 2 people changed." in words_in(answer)


def test_one_persons_button_saves_that_person_only(client_for: SignIn) -> None:
    webinar = held_webinar()
    one, other = officer(webinar), housing(webinar)
    form = {f"person-{one.id}": "there", f"person-{other.id}": "there", "only": str(one.id)}

    desk(client_for, webinar).post(address_of(webinar), data=form)

    assert attended(one, other) == [True, None]


def test_everybody_who_clicked_with_one_button_and_its_undo(client_for: SignIn) -> None:
    webinar = held_webinar()
    person, browser = officer(webinar, joined_at=START), desk(client_for, webinar)

    page = after_post(browser, address_of(webinar, "/clicked")).text
    assert attended(person) == [True]
    (moment,) = re.findall(r'name="moment" value="([^"]+)"', page)
    browser.post(address_of(webinar, "/untick"), data={"moment": moment.replace("&#43;", "+")})

    assert attended(person) == [None]


def test_page_before_the_start_offers_nothing_to_tick(client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar)

    with time_machine.travel("2026-11-18T08:00:00+00:00"):
        browser = desk(client_for, webinar)
        page = browser.get(address_of(webinar)).text
        form = {f"person-{person.id}": "there"}
        answer = after_post(browser, address_of(webinar), data=form)

    assert 'type="radio"' not in page
    assert "Attendance is noted from the start" in words_in(answer)
    assert attended(person) == [None]


def test_report_is_looked_at_before_it_counts(client_for: SignIn) -> None:
    webinar = held_webinar()
    person, by_name, browser = officer(webinar), housing(webinar), desk(client_for, webinar)

    address = preview_of(send(browser, webinar, report_bytes("zoom_en_participants.csv")))
    page = browser.get(address)
    words = words_in(page)
    assert attended(person, by_name) == [None, None]
    assert "A report of Zoom. Nothing is saved yet." in words
    assert "1 person found by mail address Human rights officer rights@graz.example 75 min" in words
    assert "1 person found by name only" in words
    assert "Housing officer is Housing officer housing@york.example 75 minutes" in words
    assert "1 person we do not know" in words

    answer = browser.post(address, data=hidden_in(page.text))  # nobody confirmed by name

    assert attended(person, by_name) == [True, None]
    report = db.session.scalars(select(AttendanceReport)).one()
    assert answer.location == address_of(webinar, f"/reports/{report.id}")
    assert browser.post(address, data={}).status_code == 404  # a second press


def test_names_are_confirmed_and_unknown_people_assigned(client_for: SignIn) -> None:
    webinar = held_webinar()
    by_name, browser = housing(webinar), desk(client_for, webinar)
    other = make_registration(webinar, name="Somebody else")
    address = preview_of(send(browser, webinar, report_bytes("zoom_en_participants.csv")))
    page = browser.get(address).text
    (number,) = re.findall(r'name="same" value="(\d+)"', page)

    shown = after_post(browser, address, data=hidden_in(page) | {"same": number}).text
    (line,) = re.findall(r'name="person-(\d+)">\s*<option[^>]*>[^<]*</option>', shown)[1:]
    report = db.session.scalars(select(AttendanceReport)).one()
    browser.post(
        address_of(webinar, f"/reports/{report.id}"), data={f"person-{line}": str(other.id)}
    )

    assert attended(by_name, other) == [True, True]


def test_ambiguous_report_is_saved_only_after_the_answers(client_for: SignIn) -> None:
    webinar = held_webinar()
    with write():
        webinar.starts_at = START.replace(month=6, day=30)
        webinar.ends_at = START.replace(month=6, day=30, hour=11)
    officer(webinar)
    browser = desk(client_for, webinar)
    address = preview_of(send(browser, webinar, report_bytes("by_hand_ambiguous.csv")))
    page = browser.get(address).text
    hidden = hidden_in(page)

    first = browser.post(address, data=hidden)
    second = browser.post(address, data=hidden | {"order": "day"})
    third = browser.post(address, data=hidden | {"order": "day", "is_sure": "y"})

    assert "The dates of this report can be read in two ways" in page
    assert [one.status_code for one in (first, second, third)] == [422, 422, 422]
    assert "Say how the report writes its dates." in first.text
    assert "Check which column is which" in second.text
    assert "Nobody of this report was in the room during the webinar." in third.text
    assert db.session.scalar(select(func.count(AttendanceReport.id))) == 0


def test_zone_and_columns_can_be_said(client_for: SignIn) -> None:
    webinar = held_webinar()
    officer(webinar, name="Técnica de vivienda")
    browser = desk(client_for, webinar)
    address = preview_of(send(browser, webinar, report_bytes("zoom_es_participantes.csv")))

    other_zone = words_in(browser.get(f"{address}?tzid=Europe/Athens"))
    other_column = browser.get(f"{address}?tzid=x&name=0&email=-&joined=2&left=3&minutes=99")
    odd = browser.get(f"{address}?name=-1&order=x&joined={'9' * 400}&tzid=%00")

    assert "rights@graz.example 2 minutes" in other_zone
    assert "1 person found by name only" in words_in(other_column)
    assert "The columns are right." in words_in(other_column)
    assert odd.status_code == 200


def test_report_is_taken_back_and_counts_again(client_for: SignIn) -> None:
    webinar = held_webinar()
    person, browser = officer(webinar), desk(client_for, webinar)
    report = import_report(webinar, "zoom_en_totals.csv")

    undone = after_post(browser, address_of(webinar, f"/reports/{report.id}/undo"))
    assert attended(person) == [None]
    assert "Does not count" in words_in(undone)
    browser.post(address_of(webinar, f"/reports/{report.id}/redo"))

    assert attended(person) == [True]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose the file of the report first."),
        (b"PK\x03\x04 a workbook", "save it as CSV"),
        (b"hello", "We cannot read this file as a list of people."),
        (b"a,b\n" * 5001, "The file has more than 5,000 lines."),
        (b"x" * (2 * 1024 * 1024 + 1), "The file is larger than 2 MB."),
        (b"\x00\x01\x02" * 99, "We cannot read this file as a list of people."),
    ],
)
def test_what_is_no_report_comes_back_with_a_sentence(
    client_for: SignIn, content: bytes, sentence: str
) -> None:
    webinar = held_webinar()

    answer = send(desk(client_for, webinar), webinar, content)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(func.count(AttendanceUpload.id))) == 0


def test_hostile_names_are_harmless(client_for: SignIn) -> None:
    webinar = held_webinar()
    browser = desk(client_for, webinar)
    name = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{ 7*7 }} 🎥 \u202e"
    file = f'Name,Email,Duration (Minutes)\n"{name}",x@y.example,{"5" * 3}\n'

    address = preview_of(send(browser, webinar, file.encode(), f"../../{'a' * 500}\x00.csv"))
    page = browser.get(address)
    browser.post(address, data=hidden_in(page.text))

    assert "<script>alert" not in page.text
    line = db.session.scalars(select(AttendanceLine)).one()
    assert line.name == "=cmd|' /C calc'!A0 <script>alert(1)</script> {{ 7*7 }} 🎥"
    assert len(db.session.scalars(select(AttendanceReport)).one().file_name) == 200


def test_table_has_names_by_city(client_for: SignIn) -> None:
    webinar = held_webinar()
    officer(webinar, name="=Officer", joined_at=START)
    tick(housing(webinar), True)
    make_registration(webinar)

    assert table(desk(client_for, webinar), webinar) == [
        ["City", "Name", "Minutes", "Known from"],
        ["Graz", "'=Officer", "", "Click"],
        ["York", "Housing officer", "", "Organisers"],
    ]


def table(browser: FlaskClient, webinar: Webinar) -> list[list[str]]:
    answer = browser.get(address_of(webinar, ".csv"))
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_under_the_chatham_house_rule_files_have_cities_only(client_for: SignIn) -> None:
    webinar = held_webinar(attribution=Attribution.CHATHAM_HOUSE)
    officer(webinar, joined_at=START)
    officer(webinar, joined_at=START, email="second@graz.example")
    housing(webinar, joined_at=START)
    browser = desk(client_for, webinar)

    assert table(browser, webinar) == [["City", "People"], ["Graz", "2"], ["York", "1"]]
    assert "Human rights officer" in browser.get(address_of(webinar)).text


def test_under_the_chatham_house_rule_names_go_after_two_weeks(client_for: SignIn) -> None:
    webinar = held_webinar(attribution=Attribution.CHATHAM_HOUSE)
    person = officer(webinar, joined_at=START)
    report = import_report(webinar, "zoom_en_participants.csv")

    with time_machine.travel(LATER):
        browser = desk(client_for, webinar)
        page = browser.get(address_of(webinar))
        others = [
            browser.get(address_of(webinar, rest)).status_code
            for rest in ("/reports/new", f"/reports/{report.id}")
        ]
        with write():
            forget_lines()

    assert "Human rights officer" not in page.text
    assert "Who came, by city City People Graz 1" in words_in(page)
    assert others == [403, 403]
    assert db.session.scalar(select(func.count(AttendanceLine.id))) == 0
    assert attended(person) == [True]


def test_lines_go_after_a_year_and_files_after_a_day(client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    import_report(webinar, "zoom_en_totals.csv")
    send(desk(client_for, webinar), webinar, report_bytes("zoom_en_totals.csv"))

    counts = []
    for now in (AFTER, "2026-11-19T12:01:00+00:00", "2027-11-18T10:16:00+00:00"):
        with time_machine.travel(now), write():
            forget_lines()
            forget_uploads()
        counts.append(
            [db.session.scalar(select(func.count(one.id)))
             for one in (AttendanceUpload, AttendanceLine, AttendanceReport)]
        )  # fmt: skip

    assert counts == [[1, 2, 1], [0, 2, 1], [0, 0, 1]]
    assert attended(person) == [True]


ROUTES = [
    ("get", ""),
    ("post", ""),
    ("get", ".csv"),
    ("post", "/clicked"),
    ("post", "/untick"),
    ("get", "/reports/new"),
    ("post", "/reports/new"),
    ("get", "/uploads/{upload}"),
    ("post", "/uploads/{upload}"),
    ("get", "/reports/{report}"),
    ("post", "/reports/{report}"),
    ("post", "/reports/{report}/undo"),
    ("post", "/reports/{report}/redo"),
]


def test_only_organisers_and_admins_get_in(client: FlaskClient, client_for: SignIn) -> None:
    webinar = held_webinar(visibility=Visibility.NETWORK)
    member, applicant = make_user(), make_user(approved_at=None)
    places = everything_at(client_for, webinar)
    browsers = [client, client_for(applicant), client_for(member), client_for(make_organiser())]

    statuses = [
        [getattr(one, verb)(place).status_code for verb, place in places] for one in browsers
    ]

    assert statuses[0] == [302] * len(places)
    assert statuses[1] == [404] * len(places)
    assert statuses[2] == [403] * len(places)
    assert statuses[3] == [403] * len(places)
    admin = client_for(make_user(role=SiteRole.ADMIN))
    assert admin.get(address_of(webinar)).status_code == 200


def everything_at(client_for: SignIn, webinar: Webinar) -> list[tuple[str, str]]:
    browser = desk(client_for, webinar)
    upload = preview_of(send(browser, webinar, report_bytes("zoom_en_totals.csv")))
    report = make_report(webinar)
    numbers = {"upload": upload.rpartition("/")[2], "report": report.id}
    return [(verb, address_of(webinar, rest.format(**numbers))) for verb, rest in ROUTES]


def test_a_file_is_seen_by_its_sender_and_at_its_webinar_only(client_for: SignIn) -> None:
    webinar, other = held_webinar(), held_webinar()
    address = preview_of(
        send(desk(client_for, webinar), webinar, report_bytes("zoom_en_totals.csv"))
    )
    report = make_report(webinar)
    admin = client_for(make_user(role=SiteRole.ADMIN))

    assert admin.get(address).status_code == 404
    elsewhere = address.replace(f"/{webinar.id}/", f"/{other.id}/")
    assert desk(client_for, webinar).get(elsewhere).status_code in {403, 404}
    assert admin.get(address_of(other, f"/reports/{report.id}")).status_code == 404


def test_when_it_is_too_late_every_change_is_refused_with_a_sentence(client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar, joined_at=START)
    report = import_report(webinar, "zoom_en_totals.csv")
    line = db.session.scalars(select(AttendanceLine.id).order_by(AttendanceLine.id.desc())).first()

    with time_machine.travel("2027-11-19T12:00:00+00:00"):
        browser = desk(client_for, webinar)
        moment = {"moment": "2026-11-18T12:00:00+00:00"}
        pages = [
            after_post(browser, address_of(webinar, rest), data=form)
            for rest, form in (
                ("", {f"person-{person.id}": "absent"}),
                ("/clicked", {}),
                ("/untick", moment),
                (f"/reports/{report.id}", {f"person-{line}": str(person.id)}),
                (f"/reports/{report.id}/undo", {}),
                (f"/reports/{report.id}/redo", {}),
            )
        ]
        refused = send(browser, webinar, report_bytes("zoom_en_totals.csv"))

    sentence = "The attendance of this webinar can no longer be changed."
    assert [sentence in page.text for page in pages] == [True] * 6
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert attended(person) == [True]


def test_checklist_knows_whether_it_is_noted(client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    noted = [is_noted(webinar.id)]

    tick(person, False)
    noted.append(is_noted(webinar.id))
    tick(person, None)
    report = import_report(webinar, "zoom_en_totals.csv")
    noted.append(is_noted(webinar.id))
    with write():
        importing.undo(webinar, report, organiser_of(webinar))
    noted.append(is_noted(webinar.id))

    assert noted == [False, True, True, False]
    page = desk(client_for, webinar).get(f"/webinars/{webinar.id}/checklist").text
    assert address_of(webinar) in page


def test_old_lines_and_files_are_forgotten_by_the_clock(client_for: SignIn) -> None:
    webinar = held_webinar()
    import_report(webinar, "zoom_en_totals.csv")

    with time_machine.travel("2027-11-19T12:00:00+00:00"), write():
        forget()

    assert db.session.scalar(select(func.count(AttendanceLine.id))) == 0


def test_odd_input_is_no_error(client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    browser = desk(client_for, webinar)
    odd = {f"person-{person.id}": "\x00", "person-x": "there", f"person-{10**8}": "there",
           "moment": "yesterday", "only": "🎥" * 999}  # fmt: skip

    answers = [
        browser.post(address_of(webinar, rest), data=odd) for rest in ("", "/clicked", "/untick")
    ]
    later = [
        browser.post(address_of(webinar, "/untick"), data={"moment": moment})
        for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-18", "")
    ]
    pages = [browser.get(address_of(webinar, f"?page={page}")) for page in ("0", "99", "x", "٣")]

    assert {one.status_code for one in (*answers, *later)} == {302}
    assert {one.status_code for one in pages} == {200}
    assert attended(person) == [None]


def test_lists_cost_the_same_however_many_there_are(
    client_for: SignIn, count_statements: Callable[[], Any]
) -> None:
    def cost(people: int) -> list[int]:
        webinar = held_webinar()
        for number in range(people):
            make_registration(webinar, joined_at=START, name=f"Officer {number}")
            make_report(webinar, {"registration_id": None, "name": f"Person {number}"})
        report = import_report(webinar, "zoom_en_participants.csv")
        browser, counts = desk(client_for, webinar), []
        address = preview_of(send(browser, webinar, report_bytes("zoom_en_totals.csv")))
        for place in (address_of(webinar), address, address_of(webinar, f"/reports/{report.id}")):
            browser.get(place)
            with count_statements() as statements:
                assert browser.get(place).status_code == 200
            counts.append(len(statements))
        return counts

    assert cost(1) == cost(30)


def test_a_large_list_has_pages(client_for: SignIn) -> None:
    webinar = held_webinar()
    with write() as session:
        for number in range(101):
            row = make_row(webinar, number)
            session.add(row)
    browser = desk(client_for, webinar)

    first, second = (browser.get(address_of(webinar, f"?page={n}")).text for n in (1, 2))

    assert (first.count('value="there"'), second.count('value="there"')) == (100, 1)


def make_row(webinar: Webinar, number: int) -> Registration:
    return Registration(
        webinar_id=webinar.id,
        email=f"many{number}@demo.invalid",
        name=f"Officer {number:03}",
        language="en",
        timezone="Europe/Brussels",
        state="confirmed",
        token=f"a-token-of-many-{number:04}",
        created_at=START,
        queued_at=START,
    )


def test_excused_is_said_apart_from_not_there(client_for: SignIn) -> None:
    webinar = held_webinar()
    one, other = housing(webinar), officer(webinar)
    browser, address = desk(client_for, webinar), f"/webinars/{webinar.id}/attendance"

    page = after_post(
        browser, address, data={f"person-{one.id}": "excused", f"person-{other.id}": "absent"}
    )

    assert attended(one, other) == [False, False]
    assert [one.is_excused, other.is_excused] == [True, False]
    assert "Saved: 2 people changed." in words_in(page)
    assert f'name="person-{one.id}" value="excused" checked' in page.text
    assert f'name="person-{other.id}" value="absent" checked' in page.text

    browser.post(address, data={f"person-{one.id}": "absent", f"person-{other.id}": "excused"})
    assert attended(one, other) == [False, False]
    assert [one.is_excused, other.is_excused] == [False, True]


def test_who_came_all_the_same_is_not_excused(client_for: SignIn) -> None:
    webinar = held_webinar()
    one = housing(webinar, is_excused=True)
    browser, address = desk(client_for, webinar), f"/webinars/{webinar.id}/attendance"

    browser.post(address, data={f"person-{one.id}": "nothing"})
    assert attended(one) == [None]
    assert one.is_excused is True

    browser.post(address, data={f"person-{one.id}": "there"})
    assert attended(one) == [True]
    assert one.is_excused is False
