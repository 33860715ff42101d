"""The page of a summary is kept, and says what one made now would say, to whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.fragments import fragments
from app.notes import unpublishing
from app.notes.glancing import summary_glance
from app.notes.models import NoteSet, NoteTaker
from app.notes.permissions import can_write_notes, reads_practitioners_part
from app.webinars.models import WebinarOrganiser
from tests.factories import make_group, make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


def _edit(note_set: NoteSet, organiser: User, person: User) -> None:
    save(note_at(note_set, 1), "Rents rose by a third.", organiser)


def _publish(note_set: NoteSet, organiser: User, person: User) -> None:
    publish(note_set, organiser, "Figures added")


def _rename(note_set: NoteSet, organiser: User, person: User) -> None:
    with write():
        note_set.webinar.title = "Counting anew"


def _rename_topic(note_set: NoteSet, organiser: User, person: User) -> None:
    with write():
        note_set.webinar.topic.names = {"en": "Homes"}  # type: ignore[union-attr]


def _join_practitioners(note_set: NoteSet, organiser: User, person: User) -> None:
    make_group(person)


def _organise(note_set: NoteSet, organiser: User, person: User) -> None:
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=note_set.webinar_id, user_id=person.id))


def _close(note_set: NoteSet, organiser: User, person: User) -> None:
    with write():
        note_set.webinar.topic.visibility = Visibility.HIDDEN  # type: ignore[union-attr]


def shown(browser: FlaskClient, address: str) -> tuple[int, str]:
    """What is refused names the request, so its text differs each time."""
    answer = browser.get(address)
    return answer.status_code, answer.text if answer.status_code == 200 else ""


def _name_note_taker(note_set: NoteSet, organiser: User, person: User) -> None:
    row = NoteTaker(webinar_id=note_set.webinar_id, user_id=person.id, added_at=utcnow())
    with write() as session:
        session.add(row)


def _unpublish(note_set: NoteSet, organiser: User, person: User) -> None:
    with write():
        unpublishing.unpublish(note_set, "A wrong number", organiser)


def _publish_again(note_set: NoteSet, organiser: User, person: User) -> None:
    publish(note_set, organiser, "The number is right now")


ACTS = [_edit, _publish, _rename, _rename_topic, _name_note_taker, _unpublish, _publish_again,
        _join_practitioners, _organise, _close]  # fmt: skip


@pytest.mark.any_engine
@time_machine.travel(utcnow().replace(microsecond=0), tick=False)
def test_page_says_what_is_so_after_each_act(
    app: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    organiser, person = make_organiser(), make_user("Housing officer")
    note_set = make_summary(
        organiser, topic_id=make_topic("housing").id, starts_in=-timedelta(days=2)
    ).note_set
    address = f"/webinars/{note_set.webinar_id}/summary"
    clients = [client, client_for(person), client_for(organiser)]

    for act in ACTS:
        for browser in clients:
            browser.get(address)
        act(note_set, organiser, person)
        kept = [shown(browser, address) for browser in clients]
        fragments().clear()
        made = [shown(browser, address) for browser in clients]
        assert (act.__name__, kept) == (act.__name__, made)


@pytest.mark.parametrize("role", [SiteRole.MEMBER, SiteRole.ADMIN])
@pytest.mark.parametrize("belongs", ["", "group", "practitioners", "organiser", "applicant"])
@pytest.mark.parametrize("has_group", [False, True])
def test_glance_knows_what_permissions_say(
    app: Flask, role: SiteRole, belongs: str, has_group: bool
) -> None:
    approved_at = None if belongs == "applicant" else utcnow()
    person, organiser = make_user(role=role, approved_at=approved_at), make_organiser()
    group = make_group(*([person] if belongs == "group" else []), slug="lab")
    make_group(*([person] if belongs == "practitioners" else []))
    group_id = group.id if has_group else None
    note_set = make_summary(organiser, group_id=group_id).note_set
    if belongs == "organiser":
        _organise(note_set, organiser, person)

    webinar = note_set.webinar
    glance = summary_glance(person, webinar.id)
    assert glance is not None
    assert (glance.can_write, glance.is_whole) == (
        can_write_notes(person, webinar),
        reads_practitioners_part(person, webinar),
    )


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_few_statements(
    client_for: SignIn, count_statements: Any, count: int
) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, tuple(f"Item {number}" for number in range(count)))
    for position in range(1, count + 1):
        save(note_at(note_set, position), "Rents rose by a third.", organiser)
    publish(note_set, organiser)
    address = f"/webinars/{note_set.webinar_id}/summary"
    client = client_for(make_user("Housing officer"))
    client.get(address)
    with count_statements() as again:
        client.get(address)

    assert len(again) == 3


@pytest.mark.any_engine
@pytest.mark.parametrize("form", ["docx", "txt"])
def test_file_is_written_once(client: FlaskClient, client_for: SignIn, form: str) -> None:
    webinar_id = make_summary(make_organiser()).note_set.webinar_id
    address = f"/webinars/{webinar_id}/summary.{form}"
    first = client.get(address)
    misses = fragments().misses
    again = client_for(make_user("Housing officer")).get(address)

    assert (again.data, fragments().misses) == (first.data, misses)
