"""What changed between two versions, read from the frozen documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.notes import deciding
from app.notes.contents import decisions_of, versions_of
from app.notes.deciding import Owner
from app.notes.documents.blocks import (
    Code,
    Document,
    Heading,
    Items,
    Paragraph,
    Quote,
    Rule,
    Table,
    from_json,
    words,
)
from app.notes.models import NoteSet, NoteTaker
from app.notes.version_changes import version_changes
from tests.factories import make_user
from tests.factories_notes import make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    """Two versions: a word of a paragraph, a decision and an action differ."""
    note_set = make_summary(organiser, "Rents rose by a third.\n\nGraz counts.").note_set
    with write():
        deciding.decide(note_set, "Count each year")
    publish(note_set, organiser, "A decision")
    with write():
        decision = decisions_of(note_set)[0]
        deciding.change_decision(decision, "Count each month", decision.status, None, 1)
        deciding.promise(note_set, "Write it down", Owner(label="office"), date(2026, 12, 1))
    save(note_at(note_set, 1), "Rents rose by a half.\n\nGraz counts.", organiser)
    publish(note_set, organiser, "Numbers were wrong")
    return note_set


def document(*blocks: Any) -> Document:
    return Document("T", "en", "1.0", "", "t", (), blocks)


def said(pieces: list[Any]) -> list[tuple[str, str]]:
    return [(piece.change.value, piece.text) for piece in pieces]


def test_words_and_records_are_compared(note_set: NoteSet) -> None:
    newest, middle, _first = versions_of(note_set)
    changes = version_changes(from_json(middle.document), from_json(newest.document))

    year = utcnow().year
    assert [one.title for one in changes.records] == [f"D-{year}-001", f"A-{year}-001"]
    assert said(changes.records[0].pieces)[:3] == [
        ("kept", "Count each "),
        ("removed", "year,"),
        ("added", "month,"),
    ]
    assert {change for change, _text in said(changes.records[1].pieces)} == {"added"}
    assert [
        (one.title, said(one.pieces)) for one in changes.sections if one.title == "Welcome"
    ] == [
        (
            "Welcome",
            [
                ("kept", "Rents rose by a "),
                ("removed", "third."),
                ("added", "half."),
                ("kept", "\nGraz counts."),
            ],
        )
    ]


def test_every_kind_of_block_has_its_lines() -> None:
    point = (Paragraph(words("point")), Items(0, ((Paragraph(words("below")),),)))
    before = document(Heading(1, words("Notes")), Paragraph(words("same")))
    after = document(
        Heading(1, words("Notes")), Paragraph(words("same")), Heading(3, words("small")),
        Items(0, (point,)), Quote((Paragraph(words("quoted")),)), Code("x = 1"), Rule(),
        Table((words("a"), words("b")), ((words("1"), words("2")),)),
    )  # fmt: skip

    (changed,) = version_changes(before, after).sections

    added = "".join(text for change, text in said(changed.pieces) if change == "added")
    assert added.split("\n") == [
        "", "small", "- point", "- - below", "quoted", "x = 1", "a, b", "1, 2",
    ]  # fmt: skip


def test_sections_come_and_go_and_may_share_a_heading() -> None:
    one, two = Heading(2, words("Twice")), Paragraph(words("first"))
    before = document(one, two, Heading(2, words("Gone")), Paragraph(words("old")))
    after = document(one, two, one, Paragraph(words("second")), Heading(2, words("Empty")))

    changes = version_changes(before, after)

    assert [(section.title, said(section.pieces)) for section in changes.sections] == [
        ("Twice", [("added", "second")]),
        ("Empty", []),
        ("Gone", [("removed", "old")]),
    ]
    assert version_changes(before, before).is_empty is True


def address(note_set: NoteSet, query: str = "") -> str:
    return f"/webinars/{note_set.webinar_id}/summary/changes{query}"


def test_page_shows_the_newest_change_first(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    page = client_for(organiser).get(address(note_set)).text

    assert "From version 1.1 to 1.2" in page
    assert "Numbers were wrong" in page
    assert '<del><span class="vh">removed: </span>third.</del>' in page
    assert '<ins><span class="vh">added: </span>half.</ins>' in page


def test_any_two_versions_are_compared(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    client = client_for(organiser)

    same = client.get(address(note_set, "?from=1.2&to=1.2")).text
    back = client.get(address(note_set, "?from=1.2&to=1.0")).text
    first = client.get(address(note_set, "?to=1.0")).text

    assert "Both versions say the same." in same
    assert "From version 1.2 to 1.0" in back
    assert '<ins><span class="vh">added: </span>third.</ins>' in back
    assert "From version 1.0 to 1.0" in first


@pytest.mark.parametrize(
    "query", ["?from=9.9", "?to=x", "?from=1.0&to=" + "9" * 5_000, "?from=%00", "?to=1", "?from=🎥"]
)
def test_versions_that_never_were(
    note_set: NoteSet, organiser: User, client_for: SignIn, query: str
) -> None:
    assert client_for(organiser).get(address(note_set, query)).status_code == 404


def test_only_those_who_write_compare(
    note_set: NoteSet, client: FlaskClient, client_for: SignIn
) -> None:
    member, taker = make_user(), make_user()
    make_registration(note_set.webinar, user_id=member.id, email=member.email)
    with write() as session:
        session.add(NoteTaker(webinar_id=note_set.webinar_id, user_id=taker.id, added_at=utcnow()))

    codes = [one.get(address(note_set)).status_code for one in (
        client, client_for(member), client_for(taker))]  # fmt: skip
    assert codes == [302, 403, 200]


def test_notes_without_a_version_have_no_changes(organiser: User, client_for: SignIn) -> None:
    from_draft = make_summary(organiser).note_set
    with write() as session:
        for version in versions_of(from_draft):
            session.delete(version)
    db.session.rollback()

    assert client_for(organiser).get(address(from_draft)).status_code == 404


def test_versions_on_the_notes_page_lead_there(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    page = client_for(organiser).get(f"/webinars/{note_set.webinar_id}/notes").text

    assert page.count("What changed<span") == 2
    assert f"{address(note_set)}?to=1.2" in page
