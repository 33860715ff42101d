"""The front page for members, visitors and applicants."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Seat
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.i18n import speaking
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.forum.posting import Audience
from app.home.wording import near_day, since_day
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_webinars import make_webinar

Counting = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[..., FlaskClient]
LONG_AGO = timedelta(days=30)


def member(**changes: Any) -> Any:
    return make_user("Reader", **({"approved_at": utcnow() - LONG_AGO} | changes))


def register(user: Any, webinar: Any) -> None:
    now = utcnow()
    with write() as session:
        session.add(
            Registration(
                webinar_id=webinar.id,
                user_id=user.id,
                email=user.email,
                name=user.display_name,
                language="en",
                timezone=user.timezone,
                state=RegistrationState.CONFIRMED,
                token=f"token-{webinar.id}-{user.id}",
                created_at=now,
                queued_at=now,
            )
        )


def test_a_member_sees_their_own_next_webinar_in_their_zone(client_for: SignIn) -> None:
    reader = member(timezone="Europe/Helsinki")
    make_webinar("The sooner one", starts_in=timedelta(days=1))
    mine = make_webinar("My own one", starts_in=timedelta(days=9))
    register(reader, mine)

    page = client_for(reader).get("/").text

    assert "Your next webinar" in page
    assert page.index("My own one") < page.index("The sooner one")
    assert mine.starts_at is not None
    assert "+02:00" in page or "+03:00" in page


def test_own_webinar_is_told_however_many_come_before(client_for: SignIn) -> None:
    reader = member()
    for number in range(35):
        make_webinar(f"Before {number}", starts_in=timedelta(days=1, minutes=number))
    later, mine = (make_webinar("Mine", starts_in=timedelta(days=days)) for days in (9, 2))
    for webinar in (later, mine):
        register(reader, webinar)

    page = client_for(reader).get("/").text

    assert "Your next webinar" in page
    assert [f'href="/webinars/{one.id}-mine"' in page for one in (mine, later)] == [True, False]
    soon = page[page.index("Coming up") :]
    assert [f"Before {number}" in soon for number in (0, 3, 4)] == [True, True, False]
    assert "You are registered" not in soon


def test_without_an_own_one_the_networks_next_is_shown(client_for: SignIn) -> None:
    make_webinar("Counting together", host_label="Barcelona", captions="English")

    page = client_for(member()).get("/").text

    for words in ("Next webinar", "Hosted by Barcelona.", "Live captions: English.", "Register"):
        assert words in page


def test_the_door_is_offered_when_it_is_open(client_for: SignIn) -> None:
    reader = member()
    webinar = make_webinar(starts_in=timedelta(minutes=10))
    register(reader, webinar)

    assert f'href="/webinars/{webinar.id}/join"' in client_for(reader).get("/").text


def test_nothing_planned_leads_to_the_schedule(client_for: SignIn) -> None:
    assert "No webinar is planned." in client_for(member()).get("/").text


def test_what_is_new_for_a_member_and_nobody_elses_secrets(client_for: SignIn) -> None:
    author, insider = make_user(), make_user()
    hidden = make_topic(
        "hidden", [make_group(author, slug="insiders")], visibility=Visibility.HIDDEN
    )
    make_thread(make_topic(), author, "New to everybody")
    make_thread(hidden, author, "Hidden from most")
    assert insider

    page = client_for(member()).get("/").text

    assert ["New to everybody" in page, "Hidden from most" in page] == [True, False]
    assert 'New for you <span class="num">1</span>' in page
    assert "New today" in page


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("new", ["Asked", "Talked about"]),
        ("unanswered", ["Asked"]),
        ("following", []),
        ("solved", []),
        ("all", ["Asked", "Talked about"]),
        ("nonsense", ["Asked", "Talked about"]),
    ],
)
def test_lists_are_links(client_for: SignIn, show: str, expected: list[str]) -> None:
    author, topic = make_user(), make_topic()
    make_thread(topic, author, "Asked")
    make_reply(make_thread(topic, author, "Talked about"), make_user())

    page = client_for(member()).get(f"/?show={show}").text
    rows = page[page.index('class="filters') :]
    shown = rows[: rows.index("All topics")] if expected else ""

    assert [title for title in ("Asked", "Talked about") if title in shown] == expected


def test_with_nothing_new_good_conversations_are_offered(client_for: SignIn) -> None:
    author = member()
    make_thread(make_topic(), author, "My own question")

    page = client_for(author).get("/").text

    assert "You are up to date." in page
    assert "My own question" in page


def test_the_first_day_of_an_empty_network(client_for: SignIn, client: FlaskClient) -> None:
    assert "You are up to date." in client_for(member()).get("/").text
    assert "No public conversation yet." in client.get("/").text


def test_topics_with_news_come_first(client_for: SignIn) -> None:
    make_topic("quiet")
    make_thread(make_topic("busy"), make_user(), "Asked")

    page = client_for(member()).get("/").text
    stops = page[page.index("track stops") :]

    assert stops.index("Busy") < stops.index("Quiet")


def test_visitors_see_what_is_public(client: FlaskClient) -> None:
    author, topic = make_user(), make_topic()
    make_thread(topic, author, "For anybody")
    make_thread(topic, author, "For members", audience=Audience(Visibility.NETWORK))
    make_webinar("Open webinar")
    make_webinar("Members' webinar", visibility=Visibility.NETWORK)
    make_city("Graz")

    page = client.get("/").text

    expected = {
        "For anybody": True,
        "For members": False,
        "Open webinar": True,
        "Members&#39; webinar": False,
        "1 city in 1 country.": True,
        "Request an account": True,
    }
    assert {words: words in page for words in expected} == expected


def test_applicants_are_told_that_they_wait(client_for: SignIn) -> None:
    make_thread(make_topic(), make_user(), "Secret", audience=Audience(Visibility.NETWORK))

    page = client_for(make_user("Newcomer", approved_at=None)).get("/").text

    assert "Your request waits for the network office." in page
    assert ["Secret" in page, "Request an account" in page] == [False, False]


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_one_row_costs_as_many_statements_as_thirty(
    client_for: SignIn, client: FlaskClient, count_statements: Counting
) -> None:
    reader = member()
    author, topic = make_user(city=make_city("Graz")), make_topic()
    make_thread(topic, author, "Asked 0")
    make_webinar("Counting 0")
    browser = client_for(reader)

    def statements(who: FlaskClient) -> int:
        who.get("/")
        with count_statements() as made:
            assert who.get("/").status_code == 200
        return len(made)

    ones = (statements(browser), statements(client))
    for number in range(29):
        make_thread(topic, author, f"Asked {number + 1}")
        make_webinar(f"Counting {number + 1}")
        make_city(f"City {number}", slug=f"city-{number}")

    assert (statements(browser), statements(client)) == ones
    assert ones == (6, 1)


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_what_is_kept_of_the_page_changes_with_what_it_shows(client_for: SignIn) -> None:
    readers = [member(timezone=f"Europe/{city}") for city in ("Brussels", "Helsinki")]
    browsers = [client_for(reader) for reader in readers]
    first = make_webinar("Counting together", starts_in=timedelta(days=1), host_label="Graz")
    second = make_webinar("The day after", starts_in=timedelta(days=2))
    topic = make_topic("housing", names={"en": "Housing"})

    def said(*words: str) -> list[list[bool]]:
        pages = [browser.get("/").text for browser in browsers]
        return [[one in page for one in words] for page in pages]

    assert said("<time", ">10:00<", ">11:00<") == [[True, True, False], [True, False, True]]
    register(readers[1], second)
    assert said("Your next webinar", "You are registered") == [[False, False], [True, True]]
    change(first, title="Counting alone", host_label="York")
    change(topic, names={"en": "Homes"})
    make_thread(topic, make_user(), "Asked")
    assert (
        said("Counting together", "Counting alone", "York", ">Homes<", "1 new")
        == [[False, True, True, True, True]] * 2
    )
    change(first, status=Status.CANCELLED)
    assert said("Counting alone", "The day after") == [[False, True]] * 2
    change(second, visibility=Visibility.HIDDEN)
    assert said("The day after") == [[False]] * 2


def test_the_map_shows_the_city_of_the_seat_of_today(client_for: SignIn) -> None:
    reader = member(city=make_city("Graz"))
    make_city("York")
    browser = client_for(reader)

    assert "Graz is your city." in browser.get("/").text
    with write() as session:
        session.execute(sa.delete(Seat).where(Seat.user_id == reader.id))
    page = browser.get("/").text
    assert ["your city" in page, "line map with 2 cities" in page] == [False, True]


def change(entity: Any, **values: Any) -> None:
    with write() as session:
        for name, value in values.items():
            setattr(session.get(type(entity), entity.id), name, value)


def test_days_are_named_as_people_do(app: Flask) -> None:
    today = date(2026, 11, 25)
    days = [today, today + timedelta(days=1), date(2026, 12, 3)]

    assert [near_day(day, today) for day in days] == ["today", "tomorrow", "Thu 3 Dec"]
    since = [since_day(day, today) for day in (today, date(2026, 11, 19), date(2026, 11, 1))]
    assert since == ["New today", "Since Thursday", "Since 1 November 2026"]


@pytest.mark.parametrize(
    ("code", "words"), [("de", "Do., 3. Dez."), ("nl", "do 3 dec"), ("fr", "jeu. 3 déc.")]
)
def test_days_follow_the_language(app: Flask, code: str, words: str) -> None:
    with speaking(code):
        assert near_day(date(2026, 12, 3), date(2026, 11, 25)) == words


def test_new_today_is_the_readers_day(client_for: SignIn) -> None:
    midnight = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # the 22nd in Brussels
    reader, author = member(approved_at=midnight - LONG_AGO), make_user()
    with time_machine.travel(midnight, tick=False):
        make_thread(make_topic(), author, "Asked after midnight")
        page = client_for(reader).get("/").text

    assert "New today" in page


def test_questions_one_could_answer_are_offered(client_for: SignIn) -> None:
    reader, author = member(), make_user()
    known, followed, other = make_topic(), make_topic("housing"), make_topic("shelter")
    make_reply(make_thread(known, author, "Long answered"), reader)
    with write():
        follow_topic(followed.id, reader, FollowLevel.NEW)
    for topic, title in ((known, "Open in a known one"), (followed, "Open in a followed one")):
        make_thread(topic, author, title)
    make_thread(other, author, "Open elsewhere")
    make_thread(known, reader, "My own open one")

    page = client_for(reader).get("/?show=solved").text
    offered = page[page.index("Could you answer one of these?") :]

    expected = {
        "Open in a known one": True,
        "Open in a followed one": True,
        "Open elsewhere": False,
        "My own open one": False,
        "Long answered": False,
    }
    assert {title: title in offered for title in expected} == expected


def test_nobody_is_asked_what_they_may_not_read(client_for: SignIn) -> None:
    author, reader = make_user(), member()
    group = make_group(author)
    topic = make_topic()
    make_reply(make_thread(topic, author), reader)
    make_thread(topic, author, "For the group", audience=Audience(Visibility.CLOSED, group.id))

    assert "Could you answer one of these?" not in client_for(reader).get("/").text


def test_everything_is_marked_as_read_from_home(client_for: SignIn) -> None:
    make_thread(make_topic(), make_user())
    browser = client_for(member())

    before = browser.get("/").text
    browser.post("/threads/read", data={"list": "home"})
    after = browser.get("/").text

    assert ["Mark all as read" in page for page in (before, after)] == [True, False]
