"""The directory of cities and their pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import Seat
from app.core.db import write
from app.core.enums import Attribution, Visibility
from app.forum.models import Thread
from app.forum.posting import Audience
from app.network.admitting import begin_membership
from app.network.enums import MembershipKind
from app.network.models import City
from tests.factories import make_city, make_seat, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_webinars import make_organiser, make_webinar

Counting = Callable[[], AbstractContextManager[list[str]]]


def join_network(city: City, kind: MembershipKind = MembershipKind.GUEST, **days: Any) -> None:
    with write():
        begin_membership(city, kind, **days)


def in_order(page: str, *words: str) -> bool:
    places = [page.index(word) for word in words]
    return places == sorted(places)


def test_the_directory_names_country_membership_and_people(client: FlaskClient) -> None:
    city = make_city("Graz")
    join_network(city, starts_on=date(2020, 5, 1))
    make_user(city=city)

    page = client.get("/cities").text

    for words in ("Graz", "Austria", "Guest member", "since 1 May 2020", "1 person"):
        assert words in page


def test_days_nobody_wrote_down_are_told_as_such(client: FlaskClient) -> None:
    join_network(make_city("Graz"))
    join_network(make_city("Lund"), ends_on=date(2020, 12, 31))
    make_city("York")

    page = client.get("/cities").text

    assert "start not recorded" in page
    assert "until 31 December 2020" in page
    assert "not recorded</span>" in page


def test_the_directory_is_sorted_by_its_heads(client: FlaskClient) -> None:
    graz = make_city("Graz", country_code="AT")
    lund = make_city("Lund", country_code="SE")
    york = make_city("York", country_code="GB")
    join_network(york, starts_on=date(2019, 1, 1))
    join_network(graz, starts_on=date(2021, 1, 1))
    make_user(city=lund)

    def order(sort: str) -> list[str]:
        page = client.get(f"/cities?sort={sort}").text
        body = page[page.index("<tbody") : page.index("</tbody")]
        return sorted(("Graz", "Lund", "York"), key=lambda name: body.index(f">{name}<"))

    assert order("city") == ["Graz", "Lund", "York"]
    assert order("country") == ["Graz", "Lund", "York"]
    assert order("since") == ["York", "Graz", "Lund"]
    assert order("people") == ["Lund", "Graz", "York"]
    assert order("nonsense") == ["Graz", "Lund", "York"]


def test_an_empty_network_says_so(client: FlaskClient) -> None:
    assert "No city is here yet." in client.get("/cities").text


def test_names_are_the_readers_with_their_language(client: FlaskClient) -> None:
    make_city("Nuremberg", names={"en": "Nuremberg", "de": "Nürnberg"}, country_code="DE")
    make_city("Utrecht", names={"nl": "Utrecht"}, languages=["nl"], country_code="NL")

    page = client.get("/cities", headers={"Accept-Language": "de"}).text

    assert 'lang="de">Nürnberg<' in page
    assert 'lang="nl">Utrecht<' in page
    assert "Niederlande" in page


def test_visitors_see_how_many_members_see_who(
    client: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    city = make_city("Graz")
    officer = make_user("Human rights officer", city)

    assert "Human rights officer" not in client.get("/cities/graz").text
    assert "1 person speaks for this city here." in client.get("/cities/graz").text
    assert "Human rights officer" in client_for(officer).get("/cities/graz").text


def test_applicants_see_what_visitors_see(client_for: Callable[..., FlaskClient]) -> None:
    make_user("Human rights officer", make_city("Graz"))
    applicant = make_user("Newcomer", approved_at=None)

    assert "Human rights officer" not in client_for(applicant).get("/cities/graz").text


def test_ended_seats_and_closed_accounts_are_nobody(client: FlaskClient) -> None:
    city = make_city("Graz")
    make_seat(make_user(), city, ends_on=date(2024, 6, 1))
    make_user(city=city, active=False)
    make_user(city=city, approved_at=None)

    assert "Nobody from Graz is here yet." in client.get("/cities/graz").text


def test_a_city_shows_what_its_people_asked_and_answered(client: FlaskClient) -> None:
    city = make_city("Graz")
    officer, other = make_user(city=city), make_user()
    topic = make_topic()
    make_thread(topic, officer, "Asked from here")
    make_reply(make_thread(topic, other, "Answered from here"), officer)
    make_thread(topic, other, "Not ours")

    page = client.get("/cities/graz").text

    assert ["Asked from here" in page, "Answered from here" in page, "Not ours" in page] == [
        True,
        True,
        False,
    ]


def test_a_city_does_not_give_away_who_spoke_in_confidence(
    client: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    officer = make_user(city=make_city("Graz"))
    topic = make_topic()
    make_thread(topic, officer, "Unattributed", attribution=Attribution.CHATHAM_HOUSE)
    make_thread(topic, officer, "Named inside", attribution=Attribution.NETWORK)
    make_thread(topic, officer, "For members", audience=Audience(Visibility.NETWORK))

    def shown(browser: FlaskClient) -> list[bool]:
        page = browser.get("/cities/graz").text
        return [title in page for title in ("Unattributed", "Named inside", "For members")]

    assert shown(client) == [False, False, False]
    assert shown(client_for(make_user())) == [False, True, True]


def test_a_city_shows_the_webinars_its_people_organise(client: FlaskClient) -> None:
    city = make_city("Graz")
    organiser = make_organiser()
    make_seat(organiser, city)
    make_webinar("Counting together", organiser=organiser)
    make_webinar("Secret plan", organiser=organiser, published=False)

    page = client.get("/cities/graz").text

    assert ["Counting together" in page, "Secret plan" in page] == [True, False]


def test_membership_periods_come_with_their_remarks(client: FlaskClient) -> None:
    city = make_city("Barcelona")
    join_network(
        city,
        MembershipKind.PARTNER,
        starts_on=date(2018, 1, 1),
        ends_on=date(2020, 12, 31),
        remark="founding participant",
    )

    page = client.get("/cities/barcelona").text

    assert "1 January 2018 to 31 December 2020" in page
    assert "founding participant" in page


@pytest.mark.parametrize("slug", ["atlantis", "%00", "..%2f..", "a" * 3000, "ü"])
def test_an_unknown_city_is_not_found(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/cities/{slug}").status_code == 404


def test_one_city_costs_as_many_statements_as_thirty(
    client_for: Callable[..., FlaskClient], count_statements: Counting
) -> None:
    browser = client_for(make_user())

    def statements() -> tuple[int, int]:
        counts = []
        for _ in ("made", "kept"):
            with count_statements() as made:
                assert browser.get("/cities").status_code == 200
            counts.append(len(made))
        return counts[0], counts[1]

    make_city("Graz")
    one = statements()
    for number in range(29):
        join_network(make_city(f"City {number}", slug=f"city-{number}"))

    assert (one, statements()) == ((6, 3), (6, 3))


def test_the_list_changes_with_cities_and_people(client_for: Callable[..., FlaskClient]) -> None:
    city, browser = make_city("Graz"), client_for(make_user())

    def said(*words: str) -> list[bool]:
        page = browser.get("/cities").text
        return [one in page for one in words]

    assert said(">Graz</a>", "1 person") == [True, False]
    make_user(city=city)
    assert said(">Graz</a>", "1 person") == [True, True]
    with write() as session:
        session.get_one(City, city.id).names = {"en": "Gradec"}
    assert said(">Graz</a>", ">Gradec</a>") == [False, True]


def test_a_kept_city_changes_with_its_people_its_name_and_what_they_write(
    client: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    city, topic, other = make_city("Graz"), make_topic(), make_user()
    officer = make_user("Human rights officer", city)
    browsers = [client, client_for(other)]
    thread = make_thread(topic, other, "Asked elsewhere")

    def said(*words: str) -> list[list[bool]]:
        pages = [browser.get("/cities/graz").text for browser in browsers]
        return [[one in page for page in pages] for one in words]

    words = ("Human rights officer", "Asked elsewhere", ">Graz</h1>", "since 1 May 2020")
    assert said(*words) == [[False, True], [False, False], [True, True], [False, False]]
    make_reply(thread, officer)
    join_network(city, starts_on=date(2020, 5, 1))
    assert said(*words[1:]) == [[True, True]] * 3
    with write() as session:
        session.get_one(City, city.id).names = {"en": "Gradec"}
        session.get_one(Thread, thread.id).title = "Asked again"
    assert said(">Gradec</h1>", "Asked elsewhere", "Asked again") == [
        [True, True], [False, False], [True, True]
    ]  # fmt: skip
    with write() as session:
        session.get_one(Thread, thread.id).visibility = Visibility.NETWORK
        session.execute(sa.update(Seat).values(ends_on=date(2024, 6, 1)))
    assert said("Asked again", "Nobody from Gradec is here yet.") == [[False, True], [True, True]]
    with write() as session:
        session.execute(sa.delete(Seat))
    assert said("Asked again", "No conversation that you can read yet.") == [
        [False, False], [True, True]
    ]  # fmt: skip


def test_a_city_shows_its_last_words_in_the_order_of_the_last_posts(client: FlaskClient) -> None:
    city, topic, other = make_city("Graz"), make_topic(), make_user()
    officers = [make_user(city=city) for _ in range(12)]
    threads = [make_thread(topic, one, f"Asked {at}.") for at, one in enumerate(officers * 2)]
    make_reply(threads[0], other)
    make_reply(threads[10], officers[0])

    page = client.get("/cities/graz").text
    shown = [at for at in range(24) if f"Asked {at}." in page]

    assert shown == list(range(4, 24))
    assert page.index("Asked 10.") < page.index("Asked 23.") < page.index("Asked 11.")


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_one_thread_of_a_city_costs_as_many_statements_as_twenty(
    client_for: Callable[..., FlaskClient], count_statements: Counting
) -> None:
    officer, topic = make_user(city=make_city("Graz")), make_topic()
    make_thread(topic, officer, "Asked 0")
    browser = client_for(make_user())

    def statements() -> tuple[int, int]:
        counts = []
        for _ in ("made", "kept"):
            with count_statements() as made:
                assert browser.get("/cities/graz").status_code == 200
            counts.append(len(made))
        return counts[0], counts[1]

    statements()
    make_thread(topic, officer, "Asked 1")
    few = statements()
    for number in range(25):
        make_thread(topic, officer, f"Asked {number + 2}")

    assert [few, statements()] == [(9, 6)] * 2
