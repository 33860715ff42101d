"""What stands in a document, in which order, and where its records are found."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Attribution
from app.notes import deciding
from app.notes.anchoring import places_of
from app.notes.composing import compose
from app.notes.documents.blocks import (
    Document,
    Heading,
    Paragraph,
    Table,
    anchors_in,
    from_json,
    text_of,
)
from app.notes.documents.docx import write_docx
from app.notes.documents.markdown import write_markdown
from app.notes.documents.odt import write_odt
from app.notes.documents.pdf import write_pdf
from app.notes.documents.text import write_text
from app.notes.enums import Naming, NotesStatus
from app.notes.gathering import material_of
from app.notes.models import Decision, NoteSet
from app.webinars.enums import RegistrationState
from tests.factories import make_city
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

LINES = """\
We talked.

Decision: Meet monthly
Action: Send a record (Office) by 2026-12-01

- [ ] **Decision:** Print it

```
Decision: not here
```
"""


def record(note_set: NoteSet, line: str, position: int = 1) -> Decision:
    with write():
        made = deciding.decide(note_set, "Meet monthly", note_at(note_set, position))
        made.line = line
    return made


def tables(document: Document) -> list[list[list[str]]]:
    """Each table as its rows, the head first."""
    found = [block for block in document.blocks if isinstance(block, Table)]
    return [[[text_of(cell) for cell in row] for row in (one.head, *one.rows)] for one in found]


def drafted(note_set: NoteSet, *, public: bool = False) -> Document:
    return compose(material_of(note_set), public=public)


def sections(document: Document) -> list[str]:
    return [text_of(b.runs) for b in document.blocks if isinstance(b, Heading) and b.level == 1]


def with_lines() -> NoteSet:
    organiser = make_organiser()
    note_set = make_notes(organiser)
    save(note_at(note_set, 1), LINES, organiser)
    record(note_set, "Decision: not here")
    record(note_set, "")
    return note_set


def test_each_record_has_one_place(app: Flask) -> None:
    document = drafted(with_lines())
    year = utcnow().year

    held = [b.anchors for b in document.blocks if isinstance(b, Paragraph) and b.anchors]
    decided, promised_table = (b for b in document.blocks if isinstance(b, Table))

    assert held == [(f"d-{year}-001", f"a-{year}-001")]
    assert decided.anchors == ("", "", f"d-{year}-003", f"d-{year}-004")
    assert [row[0][0].href for row in decided.rows] == [
        f"#d-{year}-001", f"#d-{year}-002", "", "",
    ]  # fmt: skip
    assert promised_table.anchors == ("",)
    assert sorted(a for a in anchors_in(document.blocks) if a[1] == "-") == [
        f"a-{year}-001", *(f"d-{year}-00{number}" for number in range(1, 5)),
    ]  # fmt: skip


def test_page_has_each_place_once(client: FlaskClient) -> None:
    note_set = with_lines()
    version = publish(note_set, make_organiser())

    page = client.get(f"/webinars/{version.note_set.webinar_id}/summary").text

    places = re.findall(r'id="([ad]-\d{4}-\d{3})"', page)
    assert (len(places), len(set(places))) == (5, 5)
    assert set(re.findall(r'href="#([ad]-\d{4}-\d{3})"', page)) <= set(places)


def test_files_lead_from_the_number_to_the_text(app: Flask) -> None:
    document = drafted(with_lines())
    year = utcnow().year

    docx = zipfile.ZipFile(io.BytesIO(write_docx(document))).read("word/document.xml").decode()
    odt = zipfile.ZipFile(io.BytesIO(write_odt(document))).read("content.xml").decode()
    inside = [
        link
        for page in pikepdf.open(io.BytesIO(write_pdf(document))).pages
        for link in page.get("/Annots", pikepdf.Array())
        if "/Dest" in link or str(link.get("/A", {}).get("/S")) == "/GoTo"
    ]

    marks = re.findall(r'w:bookmarkStart w:id="(\d+)" w:name="(\w+)"', docx)
    assert [name for _number, name in marks if not name.startswith("note")] == [
        f"d_{year}_003", f"d_{year}_004", f"d_{year}_001", f"a_{year}_001", f"d_{year}_002",
    ]  # fmt: skip
    assert len({number for number, _name in marks}) == len(marks)
    assert set(re.findall(r'w:anchor="(\w+)"', docx)) <= {name for _number, name in marks}
    assert set(re.findall(r'href="#([^"]+)"', odt)) <= set(
        re.findall(r'bookmark text:name="([^"]+)"', odt)
    )
    assert len(inside) == 3
    assert "#d-" not in write_text(document).decode() + write_markdown(document).decode()


def test_place_of_a_wording_that_stands_twice_is_the_first(app: Flask) -> None:
    note_set = make_notes()
    made = record(note_set, "Decision: a")

    places = places_of([made], {made.note_id or 0: "x\n  Decision: a\n\nDecision: a"})

    assert places == {made.note_id: {1: [f"d-{utcnow().year}-001"]}}


def test_documents_from_before_anchors_are_read() -> None:
    old = {
        "kind": "table",
        "head": [[]],
        "rows": [[[]]],
    }

    assert from_json([old, {"kind": "paragraph", "runs": []}]) == (
        Table(((),), (((),),)), Paragraph(()),
    )  # fmt: skip
    assert from_json(old).anchored == (("", ((),)),)


def test_order_is_who_in_short_what_holds_and_the_rest(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser)
    make_registration(note_set.webinar, city=make_city("Graz"))
    save(note_at(note_set, 1), "Said.\n\n## Open questions\n\nWhen?", organiser)
    with write():
        note_set.at_a_glance = "Short."

    assert sections(drafted(note_set)) == [
        "Participants by city", "At a glance", "Decisions", "Actions", "Notes", "Open questions",
        "Use and contact",
    ]  # fmt: skip


def people_at(note_set: NoteSet) -> None:
    graz, york = make_city("Graz"), make_city("York", slug="york")
    webinar = note_set.webinar
    came: dict[str, Any] = {"attended": True}
    make_registration(webinar, name="Housing officer", city=graz, is_listed=True, **came)
    make_registration(webinar, name="Unlisted", city=graz, **came)
    make_registration(webinar, name="Away", city=graz, is_listed=True, is_excused=True)
    make_registration(webinar, name="Silent", city=york, is_listed=True)
    make_registration(webinar, name="Withdrew", city=york, state=RegistrationState.CANCELLED)
    make_registration(webinar, name="Walk-in", city_label="Lviv", **came)


@pytest.mark.parametrize(
    ("naming", "expected"),
    [
        (Naming.PERSON, [
            ["City", "Present", "Excused", "Absent", "Names"],
            ["Graz", "2", "1", "0", "Housing officer"],
            ["Lviv", "1", "0", "0", ""],
            ["York", "0", "0", "1", ""],
        ]),
        (Naming.CITY, [
            ["City", "Present", "Excused", "Absent"],
            ["Graz", "2", "1", "0"],
            ["Lviv", "1", "0", "0"],
            ["York", "0", "0", "1"],
        ]),
        (Naming.ACTOR, [
            ["Kind", "Present", "Excused", "Absent"],
            ["A city", "3", "1", "1"],
        ]),
    ],
)  # fmt: skip
def test_who_came_is_counted_by_place(
    app: Flask, naming: Naming, expected: list[list[str]]
) -> None:
    note_set = make_notes()
    people_at(note_set)
    with write():
        note_set.naming = naming

    assert tables(drafted(note_set)) == [expected]


def test_nobody_is_counted_where_nobody_is_named(app: Flask) -> None:
    note_set = make_notes(attribution=Attribution.CHATHAM_HOUSE)
    people_at(note_set)

    text = write_text(drafted(note_set)).decode()

    assert [word for word in ("Graz", "York", "Housing officer", "Present") if word in text] == []
    assert "not who said it" in text


def test_before_anybody_came_places_are_counted(app: Flask) -> None:
    note_set = make_notes()
    make_registration(note_set.webinar, name="Listed", city=make_city("Graz"), is_listed=True)

    assert tables(drafted(note_set)) == [
        [["City", "Participants", "Names"], ["Graz", "1 person", "Listed"]]
    ]


def test_names_stay_inside_the_network(app: Flask) -> None:
    note_set = make_notes(attribution=Attribution.NETWORK)
    people_at(note_set)

    assert [
        "Housing officer" in write_text(drafted(note_set, public=public)).decode()
        for public in (False, True)
    ] == [True, False]


def test_removed_section_is_in_no_document(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, ("Welcome", "Budget"))
    save(note_at(note_set, 1), "Hello.", organiser)
    save(note_at(note_set, 2), "Figures.", organiser)
    with write():
        note_at(note_set, 2).removed_at = utcnow()

    text = write_text(drafted(note_set)).decode()

    assert ("Hello." in text, "Budget" in text, "Figures." in text) == (True, False, False)


def test_what_was_taken_back_unread_is_left_out(app: Flask) -> None:
    note_set = make_summary().note_set
    with write():
        kept = deciding.decide(note_set, "Known")
    publish(note_set, make_organiser(), "More")
    with write():
        deciding.withdraw(kept, kept.lock_version)
        deciding.withdraw(deciding.decide(note_set, "A slip"), 1)

    decided = tables(drafted(note_set))[0]

    assert [row[1] for row in decided] == ["Decision", "Known"]
    assert decided[1][-1] == "Withdrawn"


def test_silent_item_of_a_draft_says_so(app: Flask) -> None:
    note_set = make_notes(items=("Welcome", "Budget"))
    with write():
        note_at(note_set, 2).is_treated = False

    text = write_text(drafted(note_set)).decode()

    assert (text.count("Nothing is written yet."), text.count("Not treated.")) == (1, 1)


def test_draft_in_review_says_until_when(app: Flask) -> None:
    note_set = make_notes(tzid="Europe/Vienna")
    with write():
        note_set.status = NotesStatus.IN_REVIEW
        note_set.review_until = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)

    told = {fact.label: fact.value for fact in drafted(note_set).facts}

    assert told["Status"] == "Draft, corrections until 2 December 2026"


WRITERS: list[tuple[Callable[[Document], bytes], str]] = [
    (write_docx, "word/header1.xml"), (write_odt, "styles.xml"),
]  # fmt: skip


@pytest.mark.parametrize(("writer", "part"), WRITERS)
def test_each_page_of_a_draft_says_so(
    app: Flask, writer: Callable[[Document], bytes], part: str
) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser)

    def headed(document: Document) -> bool:
        files = zipfile.ZipFile(io.BytesIO(writer(document)))
        return part in files.namelist() and ">Draft<" in files.read(part).decode()

    save(note_at(note_set, 1), "Said.", organiser)
    version = publish(note_set, organiser)
    assert (headed(drafted(note_set)), headed(from_json(version.document))) == (True, False)
