"""Paper, tables and links for guests: what is in them, and whom they open for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, guest_links, writing
from app.notes.deciding import Owner
from app.notes.downloading import FORMS
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet, SummaryVersion
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser
from tests.notes.file_reading import headings_of, read_html, said_in, squeezed
from tests.notes.test_long_note import long_document
from tests.notes.test_summary_pages import inside

SignIn = Callable[[User], FlaskClient]
SECRET = "Landlordwords"
TAILS = ["summary", *(f"summary.{form}" for form in ("pdf", "docx", "odt", "html", "md", "txt")),
         "decisions.csv", "actions.csv"]  # fmt: skip


def url(version: SummaryVersion, tail: str) -> str:
    return f"/webinars/{version.note_set.webinar_id}/{tail}"


def with_records(organiser: User, **changes: Any) -> SummaryVersion:
    note_set = make_notes(organiser, ("Welcome", "Hardest partner"), **changes)
    save(note_at(note_set, 1), "Said.", organiser)
    save(note_at(note_set, 2), SECRET, organiser)
    graz = make_city("Graz")
    with write():
        writing.describe(note_at(note_set, 2), is_for_practitioners=True, is_treated=True)
        open_note, closed = note_at(note_set, 1), note_at(note_set, 2)
        deciding.decide(note_set, "=Meet; monthly", open_note)
        deciding.decide(note_set, f"{SECRET} decision", closed)
        day = date(2026, 12, 1)
        deciding.promise(note_set, "Send a record", Owner(city=graz), day, open_note)
        deciding.promise(note_set, SECRET, Owner(label="Office"), day, closed)
    return publish(note_set, organiser)


def rows(data: bytes) -> list[list[str]]:
    assert data.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_paper_says_the_same_as_all_other_files(app: Flask) -> None:
    from_file = read_html(paper(app))
    document = long_document()

    levels = [(level + 1 if level < 6 else 6, text) for level, text in headings_of(document)]
    assert squeezed(from_file.text) == squeezed(said_in(document, joint=""))
    assert from_file.headings == [(1, squeezed(document.title)), *levels]


def paper(app: Flask) -> str:
    with app.test_request_context():
        return FORMS["html"].write(long_document()).decode()


def test_paper_needs_nothing_else(client: FlaskClient) -> None:
    answer = client.get(url(make_summary(), "summary.html"))

    assert answer.headers["Content-Disposition"].startswith('inline; filename="')
    no_icon = '<link rel="icon" href="data:,">'  # or browsers ask for one
    html = answer.text.replace(no_icon, "", 1)
    assert no_icon in answer.text
    assert re.findall(r"<(?:link|script|img|iframe)\b|url\(|@import", html) == []
    assert '<html lang="en">' in answer.text
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'sha"
    )
    assert "<nav" not in answer.text


def test_page_names_each_file_as_people_do(client: FlaskClient) -> None:
    version = make_summary()

    page = client.get(url(version, "summary")).text

    words = ["PDF", "Word (DOCX)", "LibreOffice (ODT)", "Print", "Markdown", "Text",
             "Decisions (CSV)", "Actions (CSV)"]  # fmt: skip
    files = page.split('class="files"')[1].split("</p>")[0]
    assert re.findall(r"([\w() ]+)</a>", files) == words
    linked = re.findall(r'<a [^>]*?href="([^"]+)"', files)
    assert [client.get(one).status_code for one in linked] == [200] * 8


def test_tables_have_what_the_reader_may_know(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    version = with_records(organiser)
    year = utcnow().year

    decisions = rows(app.test_client().get(url(version, "decisions.csv")).data)
    actions = rows(app.test_client().get(url(version, "actions.csv")).data)
    whole = rows(client_for(organiser).get(url(version, "actions.csv")).data)

    address = f"http://localhost/webinars/{version.note_set.webinar_id}/summary"
    title = version.note_set.webinar.title
    assert decisions == [
        ["Number", "Decision", "Agenda item", "Status", "Webinar", "Address"],
        [f"D-{year}-001", "'=Meet; monthly", "Welcome", "Adopted", title,
         f"{address}#d-{year}-001"],
    ]  # fmt: skip
    assert actions == [
        ["Number", "Action", "Owner", "Due", "Status", "Webinar", "Address"],
        [f"A-{year}-001", "Send a record", "Graz", "2026-12-01", "Open", title,
         f"{address}#a-{year}-001"],
    ]  # fmt: skip
    assert [row[1] for row in whole] == ["Action", "Send a record", SECRET]


@pytest.mark.parametrize("kind", ["decisions", "actions"])
def test_table_is_named_for_what_it_holds(client: FlaskClient, kind: str) -> None:
    version = make_summary(topic_id=make_topic("housing").id)

    answer = client.get(url(version, f"{kind}.csv"))

    assert f'_housing_{kind}_v1-0_en.csv"' in answer.headers["Content-Disposition"]


def test_owners_of_the_chatham_house_rule_are_no_places(client: FlaskClient) -> None:
    version = with_records(make_organiser(), attribution=Attribution.CHATHAM_HOUSE)

    assert rows(client.get(url(version, "actions.csv")).data)[1][2] == "a participating city"


def test_what_came_after_publishing_is_in_no_table(client: FlaskClient) -> None:
    version = make_summary()
    with write():
        deciding.decide(version.note_set, "Too new")

    assert len(rows(client.get(url(version, "decisions.csv")).data)) == 1


@pytest.mark.parametrize("tail", TAILS)
def test_head_answers_like_get(client: FlaskClient, tail: str) -> None:
    address = url(make_summary(), tail)

    head, got = client.head(address), client.get(address)

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers.get("ETag") == got.headers.get("ETag")


def hidden(organiser: User) -> SummaryVersion:
    group = make_group(slug="circle")
    return with_records(organiser, visibility=Visibility.HIDDEN, group_id=group.id)


def key_of(version: SummaryVersion) -> str:
    return guest_links.guest_key(version.note_set.webinar)


@pytest.mark.parametrize("tail", TAILS)
def test_link_opens_the_public_part_for_guests(app: Flask, tail: str) -> None:
    version = hidden(make_organiser())
    guest = app.test_client()

    without = guest.get(url(version, tail))
    wrong = guest.get(url(version, tail), query_string={"key": "x" * 40})
    with_key = guest.get(url(version, tail), query_string={"key": key_of(version)})

    assert [one.status_code for one in (without, wrong, with_key)] == [404, 404, 200]
    assert with_key.headers["Cache-Control"] == "no-store"
    assert with_key.headers["Referrer-Policy"] == "no-referrer"
    assert with_key.headers["X-Robots-Tag"] == "noindex"
    assert SECRET not in inside(with_key.data, tail.rpartition(".")[2])


def test_links_of_a_guests_page_carry_the_key(app: Flask) -> None:
    version = hidden(make_organiser())
    guest = app.test_client()

    page = guest.get(url(version, "summary"), query_string={"key": key_of(version)}).text

    files = re.findall(r'<a [^>]*?href="([^"]+)"', page.split('class="files"')[1].split("</p>")[0])
    assert [guest.get(one).status_code for one in files] == [200] * 8
    assert f"/webinars/{version.note_set.webinar_id}-" not in page


def test_link_ends_after_thirty_days(app: Flask) -> None:
    version, guest = hidden(make_organiser()), app.test_client()
    address = {"path": url(version, "summary"), "query_string": {"key": key_of(version)}}

    with time_machine.travel(utcnow() + timedelta(days=29, hours=23), tick=False):
        before = guest.get(**address).status_code
    with time_machine.travel(utcnow() + timedelta(days=30, seconds=5), tick=False):
        after = guest.get(**address).status_code

    assert (before, after) == (200, 404)


def test_link_opens_no_other_webinar_and_no_draft(app: Flask) -> None:
    one, other, guest = hidden(make_organiser()), make_summary(), app.test_client()
    save(note_at(one.note_set, 1), "Later words", make_organiser("Other"))
    with write():
        other.note_set.webinar.visibility = Visibility.HIDDEN

    elsewhere = guest.get(url(other, "summary"), query_string={"key": key_of(one)})
    draft = guest.get(url(one, "summary.txt"), query_string={"key": key_of(one), "draft": "1"})

    assert elsewhere.status_code == 404
    assert (draft.status_code, "Later words" in draft.text) == (200, False)


def test_link_to_what_was_taken_back_opens_nothing(app: Flask) -> None:
    version = hidden(make_organiser())
    key = key_of(version)
    with write():
        version.note_set.status = NotesStatus.DRAFT

    answers = [
        app.test_client().get(url(version, tail), query_string={"key": key}) for tail in TAILS
    ]

    assert [one.status_code for one in answers] == [404] * len(TAILS)


def test_who_may_read_it_anyway_goes_to_the_plain_address(
    client: FlaskClient, client_for: SignIn
) -> None:
    version = make_summary()
    address = url(version, "summary")

    answers = [
        browser.get(address, query_string={"key": key})
        for browser in (client, client_for(make_user("Reader")))
        for key in (key_of(version), "old")
    ]

    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, address)] * 4


def test_organiser_makes_a_link(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    version = hidden(organiser)
    browser = client_for(organiser)

    offered = "guest-link" in browser.get(url(version, "summary")).text
    page = browser.post(url(version, "summary/guest-link")).text

    addresses = re.findall(r'value="(http[^"]+)"', page)
    opened = [app.test_client().get(one).status_code for one in addresses]
    acts = [(one.act, one.actor_id) for one in db.session.query(AuditEntry)]
    assert (offered, opened) == (True, [200, 200])
    assert ("notes.guest_link", organiser.id) in acts


def test_link_is_made_by_who_publishes(app: Flask, client_for: SignIn) -> None:
    organiser, taker = make_organiser(), make_user("Note taker")
    version = make_summary(organiser)
    unpublished = make_notes(organiser)

    tail = "summary/guest-link"
    codes = [
        app.test_client().post(url(version, tail)).status_code,
        client_for(taker).post(url(version, tail)).status_code,
        client_for(organiser).post(f"/webinars/{unpublished.webinar_id}/{tail}").status_code,
        client_for(taker).post(url(hidden(organiser), tail)).status_code,
    ]

    assert codes == [302, 403, 404, 404]
    assert "guest-link" not in client_for(organiser).get(url(version, "summary")).text


@pytest.mark.parametrize("form", ["", "pdf", "html", "decisions", "actions", "exe"])
def test_address_for_mails_is_that_of_the_form(app: Flask, form: str) -> None:
    version = hidden(make_organiser())
    person = make_registration(version.note_set.webinar)

    address = guest_links.guest_url(person, form)

    ends = {"pdf": "summary.pdf", "html": "summary.html", "decisions": "decisions.csv",
            "actions": "actions.csv"}  # fmt: skip
    assert address.startswith(f"http://localhost{url(version, ends.get(form, 'summary'))}?key=")
    assert person.token not in address
    assert app.test_client().get(address).status_code == 200


@pytest.mark.parametrize("key", ["", "\x00", "é", "a" * 500, "a.b.c"])
def test_no_key_is_an_error(app: Flask, key: str) -> None:
    version = hidden(make_organiser())

    answers = [app.test_client().get(url(version, t), query_string={"key": key}) for t in TAILS]

    assert {one.status_code for one in answers} <= {400, 404}


def draft_of(organiser: User) -> NoteSet:
    note_set = make_notes(organiser)
    with write():
        deciding.decide(note_set, "Not agreed", note_at(note_set, 1))
    return note_set


def test_draft_tables_are_for_its_writers(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    address = f"/webinars/{draft_of(organiser).webinar_id}/decisions.csv"

    mine, strangers = client_for(organiser).get(address), app.test_client().get(address)

    assert rows(mine.data)[1][1] == "Not agreed"
    assert "_decisions_draft_en.csv" in mine.headers["Content-Disposition"]
    assert strangers.status_code == 404
