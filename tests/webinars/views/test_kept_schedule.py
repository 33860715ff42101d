"""The schedule is kept for those who reach the same, and changes with what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import GroupMember, User
from app.core.db import write
from app.core.enums import Visibility
from app.topics.models import TopicGrant
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, WebinarOrganiser
from tests.factories import make_group, make_topic, make_user
from tests.factories_webinars import make_organiser, make_registration, make_webinar

SignIn = Callable[[User], FlaskClient]
IN_THE_PAST = -timedelta(days=3)


def change(entity: Any, **values: Any) -> None:
    with write() as session:
        for name, value in values.items():
            setattr(session.get(type(entity), entity.id), name, value)


@pytest.mark.parametrize("starts_in", [timedelta(days=3), IN_THE_PAST])
def test_what_is_said_of_a_webinar_changes_at_once(
    client_for: SignIn, client: FlaskClient, starts_in: timedelta
) -> None:
    topic = make_topic("housing", names={"en": "Housing"})
    webinar = make_webinar("Counting together", starts_in=starts_in, topic_id=topic.id)
    readers = [client, client_for(make_user())]

    def said(words: str) -> list[bool]:
        return [words in reader.get("/webinars").text for reader in readers]

    assert said("Counting together") == [True, True]
    change(webinar, title="Counting alone", host_label="Office, Graz", captions="German")
    change(topic, names={"en": "Homes"})

    assert said("Counting together") == [False, False]
    assert [said(now) for now in ("Counting alone", "Office, Graz", "captions: German")] == [
        [True, True]
    ] * 3
    assert said('<span class="vh">Homes</span>') == [True, True]
    change(webinar, status=Status.CANCELLED)
    assert said("Cancelled") == [True, True]
    change(webinar, visibility=Visibility.NETWORK)
    assert said("Counting alone") == [False, True]
    change(topic, visibility=Visibility.CLOSED)
    assert said("Counting alone") == [False, False]
    change(webinar, topic_id=None)
    assert said("Counting alone") == [False, True]


def test_a_registration_is_its_own_persons(client_for: SignIn) -> None:
    webinar, people = make_webinar(), [make_user(), make_user()]
    browsers = [client_for(person) for person in people]
    pages = [browser.get("/webinars").text for browser in browsers]
    assert ["You are registered" in page for page in pages] == [False, False]

    make_registration(webinar, people[0], state=RegistrationState.CONFIRMED)
    make_registration(webinar, people[1], state=RegistrationState.WAITLISTED)

    pages = [browser.get("/webinars").text for browser in browsers]
    said = ("You are registered", "You are on the waiting list", "\x1e")
    assert [[words in page for words in said] for page in pages] == [
        [True, False, False],
        [False, True, False],
    ]
    with write() as session:
        session.execute(sa.update(Registration).values(state=RegistrationState.CANCELLED))
    pages = [browser.get("/webinars").text for browser in browsers]
    assert [any(words in page for words in said) for page in pages] == [False, False]


def test_what_is_taken_away_is_gone_from_the_schedule(client_for: SignIn) -> None:
    organiser, granted, reader = make_organiser(), make_user(), make_user()
    group = make_group(granted, reader)
    topic = make_topic("rooms", visibility=Visibility.HIDDEN, groups=[group])
    make_webinar("In the group", group_id=group.id, visibility=Visibility.CLOSED)
    make_webinar("In the topic", topic_id=topic.id, organiser=organiser)
    readers = [client_for(person) for person in (organiser, granted, reader, make_user())]

    def seen() -> list[list[str]]:
        pages = [browser.get("/webinars").text for browser in readers]
        return [[name for name in ("group", "topic") if f"In the {name}" in page] for page in pages]

    assert seen() == [["topic"], ["group", "topic"], ["group", "topic"], []]
    with write() as session:
        session.execute(sa.delete(GroupMember).where(GroupMember.user_id == granted.id))
        session.execute(sa.delete(WebinarOrganiser).where(WebinarOrganiser.user_id == organiser.id))
    assert seen() == [[], [], ["group", "topic"], []]
    with write() as session:
        session.execute(sa.update(TopicGrant).values(can_read=False))
    assert seen() == [[], [], ["group"], []]
    assert readers[2].get("/webinars?topic=rooms").status_code == 404


def test_the_schedule_goes_with_the_clock_and_the_readers_zone(client_for: SignIn) -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        make_webinar("Soon", starts_in=timedelta(minutes=30), minutes=60)
        brussels, helsinki = (
            make_user(timezone=f"Europe/{city}") for city in ("Brussels", "Helsinki")
        )
        browsers = [client_for(person) for person in (brussels, helsinki)]

        def hours() -> list[bool]:
            pages = [browser.get("/webinars").text for browser in browsers]
            return [
                f"<b>{hour}</b>" in page
                for page, hour in zip(pages, ("10:30", "11:30"), strict=True)
            ]

        assert hours() == [True, True]
    said = []
    for minutes in (14, 16, 31, 91):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            page = browsers[0].get("/webinars").text
            words = ("Starts soon", "Live now", "Nothing is planned")
            said.append([one in page for one in words])
    assert said == [
        [False, False, False],
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_pages_of_the_past_and_filters_are_kept_apart(client_for: SignIn) -> None:
    reader, topic = make_user(), make_topic("housing")
    for number in range(31):
        make_webinar(f"Over {number}.", starts_in=-timedelta(days=number + 1))
    mine = make_webinar("Ahead", topic_id=topic.id)
    make_registration(mine, reader, state=RegistrationState.CONFIRMED)
    browser = client_for(reader)
    asked = ["", "?page=2", "?mine=1", "?topic=housing", "?page=2&topic=housing", ""]

    pages = [browser.get(f"/webinars{one}").text for one in asked]

    assert [("Over 0." in page, "Over 30." in page, "Ahead" in page) for page in pages] == [
        (True, False, True),
        (False, True, False),
        (False, False, True),
        (False, False, True),
        (False, False, False),
        (True, False, True),
    ]
    assert ["Earlier ones" in page for page in pages] == [True, False, False, False, False, True]
