"""The programme keeps its items, the speakers keep their links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import db, write
from app.webinars.agenda import AgendaRow, minutes_in_all, replace_agenda, stops
from app.webinars.models import AgendaItem, Webinar
from app.webinars.speakers import SpeakerRow, replace_speakers
from tests.factories import make_user
from tests.factories_webinars import make_agenda_item, make_speaker, make_webinar

START = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)


def with_minutes(*minutes: int | None) -> Webinar:
    webinar = Webinar(starts_at=START)
    webinar.agenda = [AgendaItem(title="Item", minutes=length) for length in minutes]
    return webinar


@pytest.mark.usefixtures("app")
def test_items_keep_their_ids_when_they_move() -> None:
    webinar = make_webinar()
    welcome = make_agenda_item(webinar, "Welcome", position=1)
    questions = make_agenda_item(webinar, "Questions", position=2)
    db.session.refresh(webinar)

    with write():
        replace_agenda(
            webinar,
            [
                AgendaRow("Your questions", 25, id=questions.id),
                AgendaRow("City stories", 20),
                AgendaRow("Welcome", 5, id=welcome.id),
            ],
        )

    db.session.expire_all()
    assert [(item.title, item.position) for item in webinar.agenda] == [
        ("Your questions", 1),
        ("City stories", 2),
        ("Welcome", 3),
    ]
    assert (webinar.agenda[0].id, webinar.agenda[2].id) == (questions.id, welcome.id)


@pytest.mark.usefixtures("app")
def test_rows_without_a_title_are_gone() -> None:
    webinar = make_webinar()
    welcome = make_agenda_item(webinar)
    db.session.refresh(webinar)

    with write():
        replace_agenda(webinar, [AgendaRow("", 5, id=welcome.id), AgendaRow("Close", 5)])

    db.session.expire_all()
    assert [item.title for item in webinar.agenda] == ["Close"]


@pytest.mark.usefixtures("app")
def test_an_item_of_another_webinar_is_not_taken() -> None:
    webinar, other = make_webinar(), make_webinar()
    foreign = make_agenda_item(other, "Theirs")
    db.session.refresh(webinar)

    with write():
        replace_agenda(
            webinar, [AgendaRow("Ours", id=foreign.id), AgendaRow("Ours", id=foreign.id)]
        )

    db.session.expire_all()
    assert [item.title for item in other.agenda] == ["Theirs"]
    assert [item.title for item in webinar.agenda] == ["Ours", "Ours"]


def test_each_item_begins_when_the_one_before_ends() -> None:
    webinar = with_minutes(5, 20, 25)

    begins = [stop.starts_at for stop in stops(webinar)]

    assert begins == [START, START + timedelta(minutes=5), START + timedelta(minutes=25)]
    assert minutes_in_all(webinar) == 50


def test_after_an_item_of_unknown_length_nobody_knows() -> None:
    begins = [stop.starts_at for stop in stops(with_minutes(5, None, 25))]

    assert begins == [START, START + timedelta(minutes=5), None]


def test_without_a_start_no_item_has_an_hour() -> None:
    webinar = with_minutes(5, 10)
    webinar.starts_at = None

    assert [stop.starts_at for stop in stops(webinar)] == [None, None]


def test_an_empty_programme_has_no_stops() -> None:
    assert stops(with_minutes()) == []


@pytest.mark.usefixtures("app")
def test_a_speaker_who_stays_keeps_the_link() -> None:
    webinar = make_webinar()
    speaker = make_speaker(webinar, email="speaker@demo.invalid")
    token = speaker.token
    db.session.refresh(webinar)

    with write():
        replace_speakers(
            webinar,
            [SpeakerRow("Human rights officer", "City of Graz", "speaker@demo.invalid",
                        id=speaker.id)],
        )  # fmt: skip

    db.session.expire_all()
    assert [(s.id, s.affiliation, s.token) for s in webinar.speakers] == [
        (speaker.id, "City of Graz", token)
    ]


@pytest.mark.usefixtures("app")
def test_another_address_gets_another_link() -> None:
    webinar = make_webinar()
    person = make_user()
    speaker = make_speaker(webinar, email="speaker@demo.invalid", user_id=person.id)
    token = speaker.token
    db.session.refresh(webinar)

    with write():
        replace_speakers(webinar, [SpeakerRow("Somebody", email="New@demo.invalid", id=speaker.id)])

    db.session.expire_all()
    (now,) = webinar.speakers
    assert (now.email, now.user_id) == ("new@demo.invalid", None)
    assert now.token != token


@pytest.mark.usefixtures("app")
def test_speakers_come_and_go() -> None:
    webinar = make_webinar()
    person = make_user()
    make_speaker(webinar)
    db.session.refresh(webinar)

    with write():
        replace_speakers(
            webinar, [SpeakerRow("Diversity officer", "York", user_id=person.id), SpeakerRow("")]
        )

    db.session.expire_all()
    assert [(s.name, s.user_id, s.email) for s in webinar.speakers] == [
        ("Diversity officer", person.id, None)
    ]
