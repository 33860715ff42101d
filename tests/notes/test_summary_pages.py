"""Summaries and what the network knows: who sees what, in the page and in every file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, writing
from app.notes.deciding import Owner
from app.notes.models import SummaryVersion
from app.search.models import SearchDocument
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
FORMS = ["pdf", "docx", "odt", "md", "txt"]
SECRET = "Landlordwords"


def url(version: SummaryVersion, tail: str = "") -> str:
    return f"/webinars/{version.note_set.webinar_id}/summary{tail}"


def inside(data: bytes, form: str) -> str:
    """Everything that is in a file, unpacked."""
    if form == "pdf":
        return pdf_text(data)
    if form in {"docx", "odt"}:
        files = zipfile.ZipFile(io.BytesIO(data))
        return "".join(files.read(name).decode("utf-8", "replace") for name in files.namelist())
    return data.decode()


def pdf_text(data: bytes) -> str:
    """The words of a PDF through the fonts' own maps back to Unicode."""
    words = []
    for page in pikepdf.open(io.BytesIO(data)).pages:
        maps = {name: unicode_map(font) for name, font in page.Resources.Font.items()}
        current: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = maps[str(operands[0])]
            elif str(operator) in {"Tj", "TJ"}:
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                raw = b"".join(bytes(p) for p in parts if isinstance(p, pikepdf.String))
                pairs = zip(raw[::2], raw[1::2], strict=True)
                words.append("".join(current.get(a * 256 + b, "") for a, b in pairs))
    return "".join(words)


def unicode_map(font: Any) -> dict[int, str]:
    found = {}
    lines = bytes(font.ToUnicode.read_bytes()).decode().splitlines()
    for line in lines:
        parts = line.replace(">", "").split("<")[1:]
        if len(parts) == 2:
            code, text = (part.strip() for part in parts)
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


def test_a_visitor_reads_the_summary_of_a_public_webinar(client: FlaskClient) -> None:
    version = make_summary(body="Everybody **met**.\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    page = client.get(url(version))

    assert page.status_code == 200
    shown = ("<strong>met</strong>", 'role="columnheader">a</th>', "Cite as", "summary?version=1.0")
    assert [part in page.text for part in shown] == [True] * 4


@pytest.mark.parametrize("form", FORMS)
def test_a_summary_is_downloaded(client: FlaskClient, form: str) -> None:
    version = make_summary(body="Räte & <Städte>", topic_id=make_topic("housing").id)

    answer = client.get(url(version, f".{form}"))

    local = version.note_set.webinar.start_local
    assert local is not None
    name = f"{local.date().isoformat()}_housing_minutes_v1-0_en.{form}"
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    )
    assert "Räte" in inside(answer.data, form)


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    organiser = make_organiser()
    version = make_summary(organiser)
    tag = client.get(url(version, ".md")).headers["ETag"]

    again = client.get(url(version, ".md"), headers={"If-None-Match": tag})
    other = client.get(url(version, ".txt"), headers={"If-None-Match": tag})
    save(note_at(version.note_set, 1), "New", organiser)
    publish(version.note_set, organiser, "New")
    later = client.get(url(version, ".md"), headers={"If-None-Match": tag})

    assert [a.status_code for a in (again, other, later)] == [304, 200, 200]


def test_an_unknown_format_is_no_page(client: FlaskClient) -> None:
    assert client.get(url(make_summary(), ".exe")).status_code == 404


def test_without_a_summary_there_is_no_page(client: FlaskClient) -> None:
    note_set = make_notes()

    assert client.get(f"/webinars/{note_set.webinar_id}/summary").status_code == 404
    assert client.get(f"/webinars/{note_set.webinar_id}/summary.pdf").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_is_handed_to_its_organiser_and_says_so(
    app: Flask, client_for: SignIn, form: str
) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser)
    save(note_at(note_set, 1), "Not agreed", organiser)

    answer = client_for(organiser).get(f"/webinars/{note_set.webinar_id}/summary.{form}")

    assert f"_minutes_draft_en.{form}" in answer.headers["Content-Disposition"]
    assert "Draft" in inside(answer.data, form)


def test_after_publishing_a_draft_is_asked_for(
    app: Flask, client_for: SignIn, client: FlaskClient
) -> None:
    organiser = make_organiser()
    version = make_summary(organiser)
    save(note_at(version.note_set, 1), "Later words", organiser)
    browser = client_for(organiser)

    assert "Later words" not in browser.get(url(version, ".txt")).text
    assert "Later words" in browser.get(url(version, ".txt?draft=1")).text
    assert "Later words" not in client.get(url(version, ".txt?draft=1")).text


def test_an_older_version_is_read_by_organisers_alone(
    client: FlaskClient, client_for: SignIn
) -> None:
    organiser = make_organiser()
    version = make_summary(organiser, body="A wrong number")
    save(note_at(version.note_set, 1), "The right number", organiser)
    publish(version.note_set, organiser, "A number was wrong")
    old = url(version, "?version=1.0")

    visitor, writer = client.get(old), client_for(organiser).get(old)

    assert "The right number" in visitor.text
    assert "was replaced" in visitor.text
    assert "A wrong number" not in visitor.text
    assert "A wrong number" in writer.text


@pytest.mark.parametrize("asked", ["9.9", "x", "1", "1.x", "-1.0", "1.0.0", "99999999999.1", "١.٠"])
def test_a_version_that_never_was(client: FlaskClient, asked: str) -> None:
    assert client.get(url(make_summary()), query_string={"version": asked}).status_code == 404


def test_the_newest_version_has_its_own_address(client: FlaskClient) -> None:
    page = client.get(url(make_summary(), "?version=1.0&version=7"))

    assert page.status_code == 200
    assert "was replaced" not in page.text


def test_the_notes_address_leads_visitors_to_the_summary(client: FlaskClient) -> None:
    version = make_summary()

    answer = client.get(f"/webinars/{version.note_set.webinar_id}/notes")

    assert answer.headers["Location"] == url(version)


def people(organiser: User) -> dict[str, User | None]:
    inside = make_user("Practitioner")
    make_group(inside)
    return {
        "visitor": None,
        "applicant": make_user(approved_at=None),
        "member": make_user("Associate"),
        "other organiser": make_organiser("Other"),
        "practitioner": inside,
        "organiser": organiser,
        "admin": make_user(role=SiteRole.ADMIN),
    }


ENTITLED = ["practitioner", "organiser", "admin"]


def who_reads(app: Flask, client_for: SignIn, everybody: dict[str, User | None], path: str) -> Any:
    form = path.rpartition(".")[2] if "/summary." in path else "txt"
    found = []
    for name, person in everybody.items():
        if person is not None and not person.is_approved:
            continue
        browser = client_for(person) if person else app.test_client()
        if SECRET in inside(browser.get(path).data, form):
            found.append(name)
    return found


def test_what_is_for_practitioners_reaches_nobody_else(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    everybody = people(organiser)
    version = make_summary(organiser, closed=f"{SECRET} were hard")
    note_set = version.note_set
    with write():
        deciding.decide(note_set, f"{SECRET} decision", note_at(note_set, 2))
        owner, day = Owner(label="office"), date(2026, 12, 1)
        deciding.promise(note_set, f"{SECRET} action", owner, day, note_at(note_set, 2))
    publish(note_set, organiser, "More")

    paths = [url(version), "/knowledge", *(url(version, f".{form}") for form in FORMS)]
    read = {path: who_reads(app, client_for, everybody, path) for path in paths}

    assert read == dict.fromkeys(paths, ENTITLED)


def test_the_public_search_text_has_nothing_for_practitioners(app: Flask) -> None:
    make_summary(closed=f"{SECRET} were hard")

    rows = db.session.query(SearchDocument).all()

    assert {row.kind.value for row in rows if SECRET in row.body} <= {"practitioner_notes"}


def test_a_webinars_own_group_decides_where_it_has_one(app: Flask, client_for: SignIn) -> None:
    organiser, circle_member = make_organiser(), make_user()
    everybody = people(organiser) | {"circle": circle_member}
    circle = make_group(circle_member, slug="circle")
    version = make_summary(organiser, closed=f"{SECRET} were hard", group_id=circle.id)

    assert who_reads(app, client_for, everybody, url(version)) == ["organiser", "admin", "circle"]


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.PUBLIC, 7),
        (Visibility.NETWORK, 5),
        (Visibility.CLOSED, 1),
        (Visibility.HIDDEN, 1),
    ],
)
def test_who_sees_the_webinar_sees_its_summary(
    app: Flask, client_for: SignIn, visibility: Visibility, readers: int
) -> None:
    organiser = make_organiser()
    everybody = people(organiser)
    group = make_group(slug="empty-circle")
    version = make_summary(organiser, visibility=visibility, group_id=group.id)

    def seen(person: User | None) -> tuple[int, bool]:
        signs_in = person is not None and person.is_approved
        browser = client_for(person) if person and signs_in else app.test_client()
        knowledge = browser.get("/knowledge").text
        return browser.get(url(version)).status_code, "Counting together" in knowledge

    found = [seen(person) for person in everybody.values()]
    assert found.count((200, True)) == readers
    assert found.count((404, False)) == 7 - readers


def test_knowledge_is_empty_at_first(client: FlaskClient) -> None:
    page = client.get("/knowledge?page=x&page=7").text

    shown = ("No summary is published", "No decision is recorded", "Nothing is open")
    assert [part in page for part in shown] == [True] * 3


def test_knowledge_lists_summaries_decisions_and_promises(client: FlaskClient) -> None:
    organiser = make_organiser()
    topic = make_topic("housing")
    note_set = make_notes(organiser, topic_id=topic.id)
    save(note_at(note_set, 1), "Text", organiser)
    graz = make_city("Graz")
    with write():
        deciding.decide(note_set, "Meet monthly", note_at(note_set, 1))
        deciding.promise(note_set, "Send a record", Owner(city=graz), date(2026, 12, 1))
        done = deciding.promise(note_set, "Done thing", Owner(city=graz), date(2026, 12, 1))
        deciding.finish(done, 1)
    before = client.get("/knowledge").text
    publish(note_set, organiser)

    page = client.get("/knowledge").text

    assert "Meet monthly" not in before
    shown = ("Counting together", "Meet monthly", "Housing", "#d-20", "<h3>Graz</h3>")
    assert [part in page for part in shown] == [True] * 5
    assert ("Send a record" in page, "Done thing" in page) == (True, False)


def test_what_is_recorded_after_publishing_waits_for_the_next_version(client: FlaskClient) -> None:
    organiser = make_organiser()
    version = make_summary(organiser)
    with write():
        deciding.decide(version.note_set, "Too new")

    first = client.get("/knowledge").text
    publish(version.note_set, organiser, "One more")
    second = client.get("/knowledge").text

    assert ("Too new" in first, "Too new" in second) == (False, True)


@pytest.mark.parametrize(
    ("attribution", "outside", "member"),
    [
        (Attribution.OPEN, True, True),
        (Attribution.NETWORK, False, True),
        (Attribution.CHATHAM_HOUSE, False, False),
    ],
)
def test_promises_name_people_as_far_as_they_may(
    client: FlaskClient,
    client_for: SignIn,
    attribution: Attribution,
    outside: bool,
    member: bool,
) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, items=(), attribution=attribution)
    owner = Owner(user=make_user("Housing officer"))
    with write():
        deciding.promise(note_set, "Send it", owner, date(2026, 12, 1))
    publish(note_set, organiser)

    found = [
        "Housing officer" in browser.get("/knowledge").text
        for browser in (client, client_for(make_user("Reader")))
    ]
    assert found == [outside, member]


def test_knowledge_needs_as_many_statements_for_many_summaries(
    client: FlaskClient,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    organiser = make_organiser()
    topic = make_topic("housing")
    client.get("/knowledge")

    def grow(summaries: int) -> int:
        for number in range(summaries):
            note_set = make_notes(
                organiser, items=("Only",), topic_id=topic.id, starts_in=timedelta(days=number + 1)
            )
            with write():
                note = note_at(note_set, 1)
                writing.describe(note, is_for_practitioners=False, is_treated=False)
                deciding.decide(note_set, "x", note)
                deciding.promise(note_set, "x", Owner(user=organiser), date(2026, 12, 1))
            publish(note_set, organiser)
        with count_statements() as found:
            assert client.get("/knowledge").status_code == 200
        return len(found)

    assert grow(1) == grow(29)
