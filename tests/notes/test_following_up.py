"""From a summary to a conversation: what the form begins with, and what belongs together then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.drafting import save_draft
from app.accounts.models import User
from app.accounts.queries import draft_for
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import deciding, publishing
from app.notes.contents import actions_of
from app.notes.deciding import Owner
from app.notes.models import NoteSet
from tests.factories import make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.any_engine


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    """Published, with one part that is closed."""
    notes = make_notes(organiser, ("Welcome", "Hardest partner"), topic_id=make_topic("homes").id)
    save(note_at(notes, 1), "We met.\n\n## Open questions\n\n- Who pays?", organiser)
    save(note_at(notes, 2), "The quokka said so.", organiser)
    with write():
        note_at(notes, 2).is_for_practitioners = True
        publishing.summarise(notes, "Rents rose.", notes.lock_version)
        deciding.decide(notes, "Count *all* flats.")
        deciding.decide(notes, "Feed the quokka.", note_at(notes, 2))
        deciding.promise(notes, "Send figures", Owner(label="Office"), utcnow().date())
    return notes


def published(note_set: NoteSet, organiser: User) -> str:
    publish(note_set, organiser)
    return f"/webinars/{note_set.webinar_id}/summary"


def test_form_begins_with_what_came_out(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    place, browser = published(note_set, organiser), client_for(organiser)
    assert "Open a follow-up thread" in browser.get(place).text
    answer = browser.post(f"{place}/follow-up")
    draft = draft_for(organiser, "thread:new")

    assert (answer.status_code, answer.location) == (302, "/threads/new")
    assert draft is not None
    assert (draft.fields["topic"], draft.fields["audience"]) == ("homes", "topic")
    assert draft.fields["title"] == "What follows from: Counting together"
    for words in ("Rents rose.", "D-", r"Count \*all\* flats.", "Who pays?", place):
        assert words in draft.fields["body"]
    assert "quokka" not in draft.fields["body"]
    assert "Rents rose." in browser.get("/threads/new").text


def test_readers_are_not_more_than_those_of_the_summary(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    with write():
        note_set.webinar.visibility = Visibility.NETWORK
    client_for(organiser).post(f"{published(note_set, organiser)}/follow-up")
    draft = draft_for(organiser, "thread:new")

    assert draft is not None
    assert draft.fields["audience"] == "network"


def test_what_somebody_began_is_not_written_over(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    place = published(note_set, organiser)
    with write():
        save_draft(organiser, "thread:new", {"title": "Mine", "body": "My own words"}, 0)
    browser = client_for(organiser)
    answer = browser.post(f"{place}/follow-up")
    draft = draft_for(organiser, "thread:new")

    assert answer.location == place
    assert "You have begun another conversation" in browser.get(place).text
    assert draft is not None
    assert draft.fields["body"] == "My own words"


def test_posted_they_lead_to_each_other(
    note_set: NoteSet, organiser: User, client: FlaskClient, client_for: SignIn
) -> None:
    place, browser = published(note_set, organiser), client_for(organiser)
    before = client.get(place).text
    browser.post(f"{place}/follow-up")
    draft = draft_for(organiser, "thread:new")
    assert draft is not None
    answer = browser.post("/threads/new", data={**draft.fields, "draft_sequence": "1"})
    thread = browser.get(answer.location)

    link = "The conversation that follows"
    assert answer.status_code == 302, answer.text
    assert (link in before, link in client.get(place).text) == (False, True)
    assert "Open a follow-up thread" not in browser.get(place).text
    assert f"{place}" in thread.text
    assert draft_for(organiser, "thread:new") is None


def test_who_does_not_read_the_thread_finds_no_link(
    note_set: NoteSet, organiser: User, client: FlaskClient, client_for: SignIn
) -> None:
    place, browser = published(note_set, organiser), client_for(organiser)
    browser.post(f"{place}/follow-up")
    draft = draft_for(organiser, "thread:new")
    assert draft is not None
    browser.post("/threads/new", data={**draft.fields, "audience": "network"})
    member = client_for(make_user())

    link = "The conversation that follows"
    assert (link in client.get(place).text, link in member.get(place).text) == (False, True)


def test_a_members_thread_that_quotes_the_summary_is_none(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    place = published(note_set, organiser)
    fields = {"title": "I read the summary", "body": f"See http://localhost{place} all of you",
              "topic": "homes", "kind": "discussion", "audience": "topic"}  # fmt: skip
    answer = client_for(make_user()).post("/threads/new", data=fields)
    db.session.rollback()

    assert answer.status_code == 302
    assert note_set.followup_thread_id is None


def test_only_organisers_open_one(
    note_set: NoteSet, organiser: User, client: FlaskClient, client_for: SignIn
) -> None:
    path = f"{published(note_set, organiser)}/follow-up"

    assert client_for(make_user()).post(path).status_code == 403
    assert client.post(path).status_code in {302, 401}
    assert client_for(organiser).post("/webinars/9999/summary/follow-up").status_code == 404


def test_state_of_a_promise_is_todays_and_the_text_stays(
    note_set: NoteSet, organiser: User, client: FlaskClient
) -> None:
    place = published(note_set, organiser)
    first = client.get(place).text
    with write():
        for action in actions_of(note_set):
            deciding.finish(action, action.lock_version)
    second = client.get(place).text

    assert ("Done since" in first, "Done since" in second) == (False, True)
    assert (">Open</td>" in first, ">Open</td>" in second) == (True, True)
