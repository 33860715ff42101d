"""Publishing: what is missing is said, what is published stays, what is closed stays inside."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Attribution
from app.notes import checking, deciding, publishing, writing
from app.notes.composing import compose, file_name, when
from app.notes.contents import actions_of, versions_of
from app.notes.deciding import Owner
from app.notes.documents.blocks import from_json
from app.notes.documents.text import write_text
from app.notes.enums import NotesStatus
from app.notes.errors import ChangedMeanwhile, ChangeNoteMissing, NotReadyToPublish
from app.notes.gathering import material_of
from app.notes.models import NoteSet
from app.notes.signals import summary_published
from app.webinars.enums import DatePrecision, RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories import make_city, make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, open_notes, publish, save
from tests.factories_webinars import make_organiser, make_webinar


def make_guest(webinar: Webinar, name: str, **changes: Any) -> None:
    now = utcnow()
    values: dict[str, Any] = {
        "webinar_id": webinar.id, "email": f"{uuid.uuid4().hex}@example.org", "name": name,
        "language": "en", "timezone": "UTC", "state": RegistrationState.CONFIRMED,
        "token": uuid.uuid4().hex, "created_at": now, "queued_at": now,
    }  # fmt: skip
    with write() as session:
        session.add(Registration(**(values | changes)))


def text_of(stored: dict[str, Any]) -> str:
    return write_text(from_json(stored)).decode()


def act(note_set: NoteSet, owner: Owner, due_on: date | None = date(2026, 12, 1)) -> None:
    with write():
        deciding.promise(note_set, "Write it down", owner, due_on)


def test_what_is_missing_is_said_in_sentences(app: Flask) -> None:
    note_set = make_notes(items=("Welcome", "Close"))
    save(note_at(note_set, 2), "Bye", make_user())
    act(note_set, Owner(), None)

    found = [(gap.sentence, gap.anchor) for gap in checking.gaps(note_set)]

    number = f"A-{utcnow().year}-001"
    assert found == [
        ("“Welcome” has no text. Write it, or mark it as not treated.", "note-1"),
        (f"{number} has no owner.", "action-1"),
        (f"{number} has no due date.", "action-1"),
    ]


def test_notes_with_gaps_are_not_published(app: Flask) -> None:
    note_set, actor = make_notes(), make_user()

    with pytest.raises(NotReadyToPublish), write():
        publishing.publish(note_set, actor)

    assert versions_of(note_set) == []


def test_what_was_not_treated_and_what_is_done_is_no_gap(app: Flask) -> None:
    note_set = make_notes()
    with write():
        writing.describe(note_at(note_set, 1), is_for_practitioners=False, is_treated=False)
    act(note_set, Owner(), None)
    with write():
        deciding.drop(actions_of(note_set)[0], 1)

    assert checking.gaps(note_set) == []
    assert "Not treated." in text_of(publish(note_set, make_organiser()).document)


def test_the_first_version_is_1_0_and_is_told(app: Flask) -> None:
    told: list[tuple[Any, Any]] = []

    def hear(version: Any, actor: Any, **_: Any) -> None:
        told.append((version.id, actor.id))

    organiser = make_organiser()
    with summary_published.connected_to(hear):
        version = make_summary(organiser)

    assert (version.major, version.minor, version.note_set.status) == (1, 0, NotesStatus.PUBLISHED)
    assert told == [(version.id, organiser.id)]


def test_a_new_version_needs_a_word_on_what_changed(app: Flask) -> None:
    organiser = make_organiser()
    first = make_summary(organiser)

    with pytest.raises(ChangeNoteMissing), write():
        publishing.publish(first.note_set, organiser)
    save(note_at(first.note_set, 1), "Corrected", organiser)
    publish(first.note_set, organiser, "A number was wrong")

    found = [(v.major, v.minor, v.change_note) for v in versions_of(first.note_set)]
    assert found == [(1, 1, "A number was wrong"), (1, 0, "")]
    assert "Corrected" not in text_of(first.document)


def test_what_is_for_practitioners_is_in_the_whole_only(app: Flask) -> None:
    organiser = make_organiser()
    version = make_summary(organiser, closed="The landlords were hardest")
    note_set = version.note_set
    with write():
        deciding.decide(note_set, "Talk to landlords", note_at(note_set, 2))
        owner = Owner(label="office")
        day = date(2026, 12, 1)
        deciding.promise(note_set, "Call the landlords", owner, day, note_at(note_set, 2))

    second = publish(note_set, organiser, "More")

    assert "Hardest partner" in text_of(second.document)
    assert text_of(second.document).count("andlords") == 3
    assert "andlords" not in text_of(second.public_document)
    assert "Hardest partner" not in text_of(second.public_document)


NAMES = ("Housing officer", "Speaker of tenants", "Graz", "Lund")


def summary_with_people(attribution: Attribution) -> Any:
    organiser = make_organiser()
    note_set = make_notes(organiser, attribution=attribution)
    save(note_at(note_set, 1), "Points", organiser)
    graz = make_city("Graz")
    make_guest(note_set.webinar, "Speaker of tenants", city_id=graz.id, is_listed=True)
    make_guest(note_set.webinar, "Silent guest", city_label="Lund")
    make_guest(note_set.webinar, "Never there", state=RegistrationState.CANCELLED)
    act(note_set, Owner(user=make_user("Housing officer")))
    act(note_set, Owner(city=graz))
    return publish(note_set, organiser)


@pytest.mark.parametrize(
    ("attribution", "whole", "public"),
    [
        (Attribution.OPEN, NAMES, NAMES),
        (Attribution.NETWORK, NAMES, ("Graz", "Lund")),
        (Attribution.CHATHAM_HOUSE, (), ()),
    ],
)
def test_names_go_as_far_as_the_attribution_lets_them(
    app: Flask, attribution: Attribution, whole: tuple[str, ...], public: tuple[str, ...]
) -> None:
    version = summary_with_people(attribution)

    every = (*NAMES, "Silent guest", "Never there")
    assert tuple(n for n in every if n in text_of(version.document)) == whole
    assert tuple(n for n in every if n in text_of(version.public_document)) == public


def test_open_questions_come_together_at_the_end(app: Flask) -> None:
    body = "Said.\n\n## Open questions\n\n- Who pays?\n\n### Also\n\nWhen?\n\n## Next\n\nOn."
    text = text_of(make_summary(body=body).public_document)

    assert text.count("Open questions") == 1
    assert text.index("On.") < text.index("Open questions") < text.index("Who pays?")
    assert text.index("Who pays?") < text.index("When?")


def test_the_document_speaks_the_language_of_the_notes(app: Flask) -> None:
    version = make_summary(language="pt")

    assert from_json(version.document).language == "pt"


def test_a_file_is_named_for_day_topic_version_and_language(app: Flask) -> None:
    with_topic = make_summary(topic_id=make_topic("housing").id)
    unknown: dict[str, Any] = dict.fromkeys(("starts_at", "ends_at", "start_local", "end_local"))
    precision = DatePrecision.YEAR
    without = make_webinar("Ωμέγα & Straße", date_precision=precision, year=2020, **unknown)
    draft_set = open_notes(without, make_user())

    day = with_topic.note_set.webinar.start_local.date().isoformat()
    named = file_name(from_json(with_topic.document), "docx")
    draft = file_name(compose(material_of(draft_set), public=False), "pdf")

    assert named == f"{day}_housing_minutes_v1-0_en.docx"
    assert draft == "2020_strasse_minutes_draft_en.pdf"
    assert when(without) == ["2020, day not recorded"]


@pytest.mark.parametrize(("day", "third"), [("2026-12-01", "Athens"), ("2026-07-01", "London")])
def test_the_day_is_told_in_three_zones(app: Flask, day: str, third: str) -> None:
    """In winter London reads the clock of UTC, which is there already."""
    with time_machine.travel(f"{day}T10:00:00Z", tick=False):
        lines = when(make_webinar(tzid="Europe/Vienna"))

    assert [line.rpartition(", ")[2] for line in lines] == [
        "Europe/Vienna",
        "UTC",
        f"Europe/{third}",
    ]


def test_the_short_text_is_not_overwritten_by_a_stale_form(app: Flask) -> None:
    note_set = make_notes()
    with write():
        publishing.summarise(note_set, "Short", 1)

    with write():
        publishing.summarise(note_set, "Short", 1)
    with pytest.raises(ChangedMeanwhile), write():
        publishing.summarise(note_set, "Other", 1)

    assert (note_set.at_a_glance, note_set.lock_version) == ("Short", 2)
