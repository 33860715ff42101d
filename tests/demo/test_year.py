"""A year of webinars: what was decided and promised, and what became of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
import vobject
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.notes.contents import heads_of, versions_of
from app.notes.deciding import number_of
from app.notes.enums import ActionState, CorrectionState, NoteKind, NotesStatus
from app.notes.line_records import day_of
from app.notes.lines import lines_of
from app.notes.models import Action, Correction, Decision, Note, NoteSet
from app.notes.note_takers import note_takers_of
from app.webinars import calendar_keys
from app.webinars.enums import FeedKind
from app.webinars.models import Webinar

SignIn = Callable[[User], FlaskClient]
ROW = re.compile(r'<li class="register__row" id="([da]-\d{4}-\d{3})"')
FOUNDING = "Human Rights Cities & COVID-19%"


def person(name: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == f"{name}@demo.invalid")).one()


def webinar(title: str) -> Webinar:
    return db.session.scalars(sa.select(Webinar).where(Webinar.title.like(title))).one()


def notes_at(title: str) -> NoteSet:
    return db.session.scalars(
        sa.select(NoteSet).where(NoteSet.webinar_id == webinar(title).id)
    ).one()


def all_of(table: type[Decision] | type[Action]) -> list[Decision | Action]:
    return list(db.session.scalars(sa.select(table).order_by(table.year, table.number)))


def action(words: str) -> Action:
    return db.session.scalars(sa.select(Action).where(Action.text.contains(words))).one()


def rows(browser: FlaskClient, path: str) -> list[str]:
    answer = browser.get(path)
    assert answer.status_code == 200
    return ROW.findall(answer.text)


def test_every_line_of_the_notes_is_a_record(demo: Flask) -> None:
    said = Counter[str]()
    for note_set in db.session.scalars(sa.select(NoteSet)):
        for head in heads_of(note_set).values():
            lines = lines_of(head.body, day_of(note_set.webinar))
            said.update(line.raw for line in lines)
    recorded = Counter(one.line for table in (Decision, Action) for one in all_of(table))

    by_form = recorded.pop("")
    assert recorded == said
    assert (sum(said.values()), by_form) == (44, 12)


def test_numbers_grow_with_the_days(demo: Flask) -> None:
    for table in (Decision, Action):
        records = all_of(table)
        assert [one.created_at for one in records] == sorted(one.created_at for one in records)
        by_year = Counter(one.year for one in records)
        assert [one.number for one in records] == [
            number for year in sorted(by_year) for number in range(1, by_year[year] + 1)
        ]


def test_promises_are_of_people_cities_and_roles_in_every_state(demo: Flask) -> None:
    actions = [one for one in all_of(Action) if isinstance(one, Action)]
    began = webinar("Heat in the city%").starts_at or pytest.fail("it is live")
    now = (began + timedelta(minutes=20)).date()  # when the story was told

    def owner(one: Action) -> str:
        return "person" if one.owner_user_id else "city" if one.owner_city_id else "role"

    assert Counter(one.state for one in actions) == {
        ActionState.OPEN: 20,
        ActionState.DONE: 14,
        ActionState.DROPPED: 1,
    }
    still_open = [one for one in actions if one.state is ActionState.OPEN]
    assert {owner(one) for one in still_open} == {"person", "city", "role"}
    late = [one for one in still_open if one.due_on and one.due_on < now]
    assert len(late) == 7
    in_six_days = [one for one in still_open if one.due_on == now + timedelta(days=6)]
    assert {owner(one) for one in in_six_days} == {"person", "city", "role"}


def test_open_actions_come_back_in_the_next_session(demo: Flask) -> None:
    table, panel = (number_of(action(words)) for words in ("in a table with", "residents' panel"))
    came_back = {}
    for number in (1, 2, 3):
        notes = notes_at(f"Indicators workshop {number}")
        earlier = [note for note in notes.notes if note.kind is NoteKind.EARLIER]
        bodies = [heads_of(notes)[note.id].body for note in earlier]
        came_back[number] = [one for one in (table, panel) for body in bodies if f"{one}:" in body]

    assert came_back == {1: [], 2: [table], 3: [table, panel]}
    programme = [item.title for item in webinar("Indicators workshop 2").agenda]
    assert programme[0] == "Open actions from earlier sessions"
    assert action("in a table with").state is ActionState.OPEN


def test_a_summary_was_put_right_and_keeps_both_versions(demo: Flask, client: FlaskClient) -> None:
    notes = notes_at("Money as evidence%")
    newest, first = versions_of(notes)

    assert [(one.major, one.minor) for one in (first, newest)] == [(1, 0), (1, 1)]
    assert newest.change_note.startswith("The finance department asked us")
    page = client.get(f"/webinars/{notes.webinar_id}/summary").text
    assert "a count of one department in one year" in page
    # By city: nobody is named, not even who promised something.
    assert "Strategist social sustainability" not in page
    assert "Lund" in page


def test_a_review_runs_with_two_open_corrections(demo: Flask, client_for: SignIn) -> None:
    notes = notes_at("Automated decisions%")
    corrections = db.session.scalars(
        sa.select(Correction).join(Note).where(Note.note_set_id == notes.id)
    )

    assert notes.status is NotesStatus.IN_REVIEW
    assert Counter(one.state for one in corrections) == {
        CorrectionState.OPEN: 2,
        CorrectionState.ACCEPTED: 1,
    }
    assert any("one after another" in head.body for head in heads_of(notes).values())
    path = f"/webinars/{notes.webinar_id}/notes"
    assert client_for(person("official")).get(path).status_code == 200
    assert client_for(person("lund")).get(path).status_code == 403


def test_two_people_write_a_draft_that_nobody_else_reads(demo: Flask, client_for: SignIn) -> None:
    notes = notes_at("After the citizens%")
    heads = heads_of(notes).values()

    assert {one.handle for one in note_takers_of(notes.webinar)} == {"graz", "civil-society"}
    assert {head.author.handle for head in heads if head.author} == {
        "graz", "civil-society", "organiser",
    }  # fmt: skip
    path = f"/webinars/{notes.webinar_id}/notes"
    writes = {
        name: client_for(person(name)).get(path).status_code
        for name in ("official", "civil", "organiser", "vienna", "associate")
    }
    assert writes == {
        "official": 200, "civil": 200, "organiser": 200, "vienna": 403, "associate": 403,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "language", "words"),
    [("Eine Tür%", "de", "Beschlüsse"), ("Opvang in%", "nl", "Besluiten")],
)
def test_summaries_speak_the_language_of_their_meeting(
    demo: Flask, client: FlaskClient, title: str, language: str, words: str
) -> None:
    text = client.get(f"/webinars/{webinar(title).id}/summary.txt?lang={language}").text

    assert words.upper() in text.upper()


def test_the_register_holds_the_year_that_each_reader_may_see(
    demo: Flask, client_for: SignIn
) -> None:
    everybody, within = demo.test_client(), client_for(person("official"))
    member = client_for(person("associate"))
    titles = {"network": "A form that people%", "practitioners": "Cameras on a square%"}
    closed = {
        kind: [
            number_of(one).lower()
            for one in all_of(Decision)
            if one.note_set.webinar_id == webinar(title).id
        ]
        for kind, title in titles.items()
    }

    public, network, all_ = (rows(browser, "/decisions") for browser in (everybody, member, within))

    assert (len(public), len(network), len(all_)) == (16, 17, 19)
    assert set(network) - set(public) == set(closed["network"])
    assert set(all_) - set(network) == set(closed["practitioners"])
    assert public == sorted(public, reverse=True)
    years = {number[2:6] for number in public}
    assert sorted(len(rows(everybody, f"/decisions?year={year}")) for year in years) == sorted(
        Counter(number[2:6] for number in public).values()
    )


def test_each_city_finds_what_it_promised(demo: Flask, client: FlaskClient) -> None:
    promised = {
        slug: rows(client, f"/actions?city={slug}")
        for slug in ("graz", "lund", "york", "vienna", "nuremberg", "utrecht", "barcelona")
    }

    assert {slug: len(found) for slug, found in promised.items()} == {
        "graz": 2, "lund": 3, "york": 2, "vienna": 3, "nuremberg": 1, "utrecht": 2, "barcelona": 1,
    }  # fmt: skip
    table = csv.reader(StringIO(client.get("/actions.csv?city=graz").text.lstrip("\ufeff")))
    assert {row[0].lower() for row in list(table)[1:]} == set(promised["graz"])


def test_a_number_leads_to_where_it_was_said(demo: Flask, client: FlaskClient) -> None:
    number = number_of(action("De voorbeeldbrief")).lower()
    page = client.get("/actions").text
    address = re.search(rf'href="(/webinars/\d+[^"]*/summary[^"]*#{number})"', page)

    assert address
    summary = client.get(address[1].partition("#")[0], follow_redirects=True).text
    assert f'id="{number}"' in summary


def test_a_calendar_program_shows_what_a_city_promised(demo: Flask, client: FlaskClient) -> None:
    with write():
        key = calendar_keys.renew(person("lund"), FeedKind.ACTIONS)
    answer = client.get(f"/calendars/{calendar_keys.calendar_token(key)}.ics")

    (calendar,) = vobject.readComponents(answer.text)
    days = {event.summary.value: event.dtstart.value for event in calendar.vevent_list}
    promised = [
        action(words) for words in ("Put the checklist", "ten lines with", "three questions")
    ]
    assert days == {f"Due: {number_of(one)} {one.text}": one.due_on for one in promised}
    assert {event.transp.value for event in calendar.vevent_list} == {"TRANSPARENT"}
    assert {event.dtstart.params["VALUE"][0] for event in calendar.vevent_list} == {"DATE"}


def test_the_same_promises_are_tasks_for_programs_that_keep_a_list(
    demo: Flask, client: FlaskClient
) -> None:
    with write():
        key = calendar_keys.renew(person("lund"), FeedKind.ACTIONS)
    answer = client.get(f"/calendars/{calendar_keys.calendar_token(key)}.ics?todo=1")

    (calendar,) = vobject.readComponents(answer.text)
    tasks = {task.summary.value: task.due.value for task in calendar.vtodo_list}
    still_open = {number_of(one): one.due_on for one in (action("Put the checklist"),)}
    assert {words.split()[0]: due for words, due in tasks.items()}.items() >= still_open.items()


def test_a_topics_year_goes_into_one_file(
    demo: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    sessions = [webinar(f"Indicators workshop {number}") for number in (1, 2, 3)]
    year = sessions[-1].sorts_at.year
    held = [one for one in sessions if one.sorts_at.year == year]
    numbers = {number_of(one) for one in all_of(Action) if one.note_set.webinar in held}
    folder = f"indicators-and-monitoring-{year}"

    answer = client.get(f"/topics/indicators-and-monitoring/summaries-{year}.zip")
    packed = ZipFile(BytesIO(answer.data))

    names = {name.removeprefix(f"{folder}/") for name in packed.namelist()}
    stems = {f"{one.start_local:%Y-%m-%d}_{one.title.lower().replace(' ', '-')}_v1-0_en"
             for one in held}  # fmt: skip
    files = {f"{stem}.{form}" for stem in stems for form in ("pdf", "md")}
    assert packed.testzip() is None
    assert names == files | {"index.html", "decisions.csv", "actions.csv"}
    table = csv.reader(StringIO(packed.read(f"{folder}/actions.csv").decode("utf-8-sig")))
    assert {row[0] for row in list(table)[1:]} == numbers
    assert {packed.read(f"{folder}/{stem}.pdf")[:5] for stem in stems} == {b"%PDF-"}

    closed = f"/topics/policing-and-public-space/summaries-{webinar('Cameras%').sorts_at.year}.zip"
    assert client.get(closed).status_code == 404
    assert client_for(person("official")).get(closed).status_code == 200
