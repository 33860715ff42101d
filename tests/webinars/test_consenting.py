from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import db, write
from app.webinars import consenting
from app.webinars.consenting import TEXTS, VERSIONS, Noted, words_of
from app.webinars.enums import ConsentKind, Recording
from tests.factories_answers import consents_of
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

DATA, NAME, RECORDED = ConsentKind.DATA, ConsentKind.NAME_LISTED, ConsentKind.RECORDING


def test_each_kind_has_words_of_the_version_that_is_asked() -> None:
    assert {kind for kind, version in TEXTS if VERSIONS[kind] == version} == set(ConsentKind)
    assert [words_of(kind) for kind in ConsentKind] == [
        TEXTS[kind, VERSIONS[kind]] for kind in ConsentKind
    ]


def test_empty_box_of_a_new_registration_is_no_answer(app: Flask) -> None:
    person = make_registration(make_webinar())

    with write():
        consenting.note_first(person, [Noted(DATA, True), Noted(NAME, False)])

    assert consents_of(person) == [(DATA, True)]
    assert person.consent_version == VERSIONS[DATA]


def test_answers_are_added_and_never_changed(app: Flask) -> None:
    person = make_registration(make_webinar())

    for is_given in (True, True, False):
        with write():
            consenting.note_changed(person, [Noted(NAME, is_given), Noted(RECORDED, False)])

    assert consents_of(person) == [(NAME, True), (NAME, False)]
    assert consenting.held_by(person) == {NAME: False}
    db.session.refresh(person)
    assert person.is_listed is False


@pytest.mark.parametrize(
    ("recording", "is_asked"),
    [(Recording.NONE, False), (Recording.SPEAKERS, False), (Recording.ALL, True)],
)
def test_only_who_may_be_seen_is_asked(app: Flask, recording: Recording, is_asked: bool) -> None:
    assert consenting.is_recording_asked(make_webinar(recording=recording)) is is_asked
