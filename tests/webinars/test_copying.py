"""Copies and templates: what goes along and what never does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import copying, scheduling
from app.webinars.details import PLAIN_FIELDS
from app.webinars.enums import QuestionKind, SpeakerState, Status
from app.webinars.models import Registration, Webinar, WebinarOrganiser
from app.webinars.place_models import RegistrationQuestion
from app.webinars.queries import (
    drafts_of,
    organised_by,
    templates_of,
    upcoming,
    webinars_visible_to,
)
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_registration,
    make_speaker,
    make_webinar,
)

pytestmark = pytest.mark.usefixtures("app")


def rich_webinar() -> Webinar:
    webinar = make_webinar(
        "Office hour 3", capacity=30, kept_per_city=2, needs_approval=True, has_captions=True
    )
    make_agenda_item(webinar, "Welcome")
    make_speaker(
        webinar,
        email="speaker@demo.invalid",
        bio="Counts things.",
        access_needs="A ramp.",
        phone="+1 555 0100",
        may_record=True,
        state=SpeakerState.CONFIRMED,
    )
    make_registration(webinar)
    second = make_organiser()
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=second.id))
        session.add(
            RegistrationQuestion(
                webinar_id=webinar.id,
                position=1,
                label="Which city?",
                kind=QuestionKind.CHOICE,
                choices=["Graz", "Lund"],
            )
        )
    db.session.refresh(webinar)
    return webinar


def copy_of(webinar: Webinar) -> Webinar:
    uid, actor = scheduling.new_uid("forum.example.org"), make_organiser()
    with write():
        fresh = copying.copy(webinar, actor, uid=uid)
    db.session.refresh(fresh)
    return fresh


def test_a_copy_says_the_same() -> None:
    webinar = rich_webinar()

    fresh = copy_of(webinar)

    assert [getattr(fresh, name) for name in PLAIN_FIELDS] == [
        getattr(webinar, name) for name in PLAIN_FIELDS
    ]
    assert [item.title for item in fresh.agenda] == ["Welcome"]
    assert [(one.name, one.email, one.bio) for one in fresh.speakers] == [
        ("Human rights officer", "speaker@demo.invalid", "Counts things.")
    ]
    [question] = db.session.scalars(
        sa.select(RegistrationQuestion).where(RegistrationQuestion.webinar_id == fresh.id)
    )
    assert (question.label, question.kind, question.choices) == (
        "Which city?",
        QuestionKind.CHOICE,
        ["Graz", "Lund"],
    )
    assert {seat.user_id for seat in webinar.organisers} < {
        seat.user_id for seat in fresh.organisers
    }
    assert sum(seat.is_owner for seat in fresh.organisers) == 1


def test_a_copy_has_a_uid_of_its_own_and_nobody_registered() -> None:
    webinar = rich_webinar()

    fresh = copy_of(webinar)

    assert (fresh.uid == webinar.uid, fresh.status, fresh.sequence) == (False, Status.DRAFT, 0)
    found = sa.select(sa.func.count()).where(Registration.webinar_id == fresh.id)
    assert db.session.scalar(found) == 0
    [speaker], [before] = fresh.speakers, webinar.speakers
    assert (speaker.token == before.token, speaker.state) == (False, SpeakerState.LISTED)
    assert (speaker.may_record, speaker.access_needs, speaker.phone) == (None, "", "")


def test_a_template_stands_in_no_list_but_its_organisers_own() -> None:
    webinar, organiser = make_webinar(), make_organiser()
    with write():
        template = copying.save_as_template(
            webinar, organiser, uid=scheduling.new_uid("forum.example.org")
        )

    def ids(query: sa.Select[Webinar]) -> list[int]:
        return [one.id for one in db.session.scalars(query)]

    assert ids(templates_of(organiser)) == [template.id]
    assert ids(templates_of(webinar.organisers[0].user)) == [template.id]
    assert ids(templates_of(make_organiser())) == []
    for query in (
        webinars_visible_to(organiser),
        organised_by(organiser),
        drafts_of(organiser),
        upcoming(organiser, utcnow()),
    ):
        assert template.id not in ids(query)


@pytest.mark.parametrize(
    ("title", "following"),
    [
        ("Office hour 3", "Office hour 4"),
        ("Session 9 of the year", "Session 10 of the year"),
        ("Counting together", "Counting together"),
        ("2026: session 1", "2026: session 2"),
    ],
)
def test_the_number_in_a_title_goes_up(title: str, following: str) -> None:
    assert copying.next_title(title) == following


def test_the_place_of_a_number_is_filled() -> None:
    assert copying.numbered("Housing hour {n}", 2) == "Housing hour 2"
