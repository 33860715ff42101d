"""The page of a past webinar is kept, and says what one made now would say after each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.fragments import fragments
from app.core.slugs import slugify
from app.files.models import StoredFile
from app.live.attendees import attendee_of
from app.materials.models import Material, WebinarRecording
from app.questions.models import Question
from app.questions.voting import add_vote, recount
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_chapter, make_material, make_recording, make_track
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
Act = Callable[[Webinar, User], object]


def changing(table: Any, **values: Any) -> Act:
    def act(webinar: Webinar, person: User) -> None:
        with write():
            row = db.session.scalars(db.select(table)).first()
            for name, value in values.items():
                setattr(row, name, value)

    return act


def share_slides(webinar: Webinar, person: User) -> None:
    speaker = make_speaker(webinar, "Mayor")
    with write() as session:
        file = StoredFile(
            key="a" * 32, name="mayor.pdf", media_type="application/pdf", size=10,
            sha256="b" * 64, created_at=utcnow(), attached_at=utcnow(),
        )  # fmt: skip
        session.add(file)
        session.flush()
        speaker.slides_id, speaker.shares_slides = file.id, True


def ask(webinar: Webinar, person: User) -> None:
    with write() as session:
        session.add(
            Question(webinar_id=webinar.id, body="Who counts?", language="en", asked_at=utcnow())
        )


def want_to_know_too(webinar: Webinar, person: User) -> None:
    question = db.session.scalars(db.select(Question)).one()
    with write():
        add_vote(question, attendee_of(webinar, person, ""))
        recount(question)


ACTS: dict[str, Act] = {
    "add a recording": lambda webinar, _: make_recording(webinar, published_at=None),
    "publish it": changing(WebinarRecording, published_at=utcnow()),
    "chapter": lambda webinar, _: make_chapter(webinar, 90, "How Graz counts"),
    "transcript": lambda webinar, _: make_track(webinar),
    "material": lambda webinar, _: make_material(webinar, consented_at=None),
    "consent": changing(Material, consented_at=utcnow()),
    "slides": share_slides,
    "place": lambda webinar, person: make_registration(
        webinar, user_id=person.id, email=person.email, is_listed=True
    ),
    "question": ask,
    "vote": want_to_know_too,
    "remove": changing(Material, removed_at=utcnow()),
    "take off": changing(WebinarRecording, published_at=None),
}
UNSEEN = ["add a recording", "material"]
"""Nobody sees these before the next act."""


@pytest.mark.any_engine
@time_machine.travel(utcnow().replace(microsecond=0), tick=False)
def test_past_page_says_what_is_so_after_each_act(
    app: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    person = make_user()
    webinar = make_webinar(starts_in=timedelta(hours=-3), recording="all")
    browsers = [client_for(person), client]
    address = f"/webinars/{webinar.id}-{slugify(webinar.title)}"

    same = []
    for name, act in ACTS.items():
        before = [browser.get(address).text for browser in browsers]
        act(webinar, person)
        kept = [browser.get(address).text for browser in browsers]
        fragments().clear()
        made = [browser.get(address).text for browser in browsers]
        assert (name, kept) == (name, made)
        same += [name] if kept[0] == before[0] else []

    assert same == UNSEEN
