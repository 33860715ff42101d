"""Figures of one webinar, of a year and a topic, and the cities that were reached."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO

import pytest
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db
from app.core.enums import Visibility
from app.statistics import describing, nudging
from app.statistics.figuring import figures_of
from app.webinars.enums import DatePrecision, Status
from tests.factories import make_group, make_topic, make_user
from tests.factories_registrations import make_registration, work
from tests.factories_statistics import CAME, add_people, make_held, make_whole
from tests.factories_webinars import make_organiser
from tests.statistics.test_nudging import make_member_city, summarised

SignIn = Callable[[User], FlaskClient]
Count = Callable[[], AbstractContextManager[list[str]]]
ODD = [
    "?topic=%00",
    "?topic=nothing",
    "?year=١٢٣٤",
    "?year=99999",
    "?year=abcd",
    "?topic=a&topic=b",
]


def cells(answer: object) -> list[list[str]]:
    text = answer.text  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_organisers_see_the_figures_of_their_webinar(client_for: SignIn) -> None:
    organiser, city = make_organiser(), make_member_city()
    webinar = make_whole(city.id, organiser=organiser)

    page = client_for(organiser).get(f"/webinars/{webinar.id}/figures")

    assert page.status_code == 200
    for words in (
        "5 of the 6 people who were expected came: 83 of 100.",
        "They asked 4 questions; answered: 2, votes: 12.",
        "There were 2 quick polls; people answered 14 times.",
        "5 people gave feedback: 4.0 of 5.",
        "One reminder was sent; not delivered: 1.",
        "Those who came: Graz: 4; Elsewhere: 1.",
    ):
        assert words in page.text
    bar = client_for(organiser).get(f"/webinars/{webinar.id}-counting-together").text
    assert f"/webinars/{webinar.id}/figures" in bar


@pytest.mark.parametrize("page", ["figures", "figures.csv", "coverage"])
def test_nobody_else_does(client: FlaskClient, client_for: SignIn, page: str) -> None:
    address = f"/webinars/{make_held().id}/{page}"
    hidden = make_held(visibility=Visibility.CLOSED, group_id=make_group().id)

    assert client.get(address).status_code == 302
    assert client_for(make_user()).get(address).status_code == 403
    assert client_for(make_user()).get(f"/webinars/{hidden.id}/{page}").status_code == 404
    assert client_for(make_user(role=SiteRole.ADMIN)).get(address).status_code == 200


def test_a_webinar_without_people_says_so(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_held(organiser=organiser, waitlisted_most=0)

    page = client_for(organiser).get(f"/webinars/{webinar.id}/figures").text

    assert "Nobody has registered yet." in page
    assert "figures.csv" not in page


def test_the_table_of_one_webinar_runs_no_formula(client_for: SignIn) -> None:
    organiser = make_organiser()
    city = make_member_city()
    webinar = make_whole(city.id, organiser=organiser, title="=cmd|' /C calc'!A0")

    answer = client_for(organiser).get(f"/webinars/{webinar.id}/figures.csv")

    assert answer.headers["Content-Disposition"].endswith('figures.csv"')
    assert ["Cities", "Graz: Came", "4"] in cells(answer)
    assert ["People", "Gave their seat back", "2"] in cells(answer)


def test_figures_take_the_same_statements_for_one_and_three_hundred(
    client_for: SignIn, count_statements: Count
) -> None:
    organiser = make_organiser()
    few, many = make_held(organiser=organiser), make_held(organiser=organiser)
    add_people(few, 1, city_id=make_member_city().id, **CAME)
    add_people(many, 300, city_id=make_member_city("Lund").id, **CAME)
    browser = client_for(organiser)
    counts = []
    for webinar in (few, many):
        address = f"/webinars/{webinar.id}/figures"
        browser.get(address)
        with count_statements() as statements:
            browser.get(address)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_members_see_sums_of_what_they_may_see(client_for: SignIn) -> None:
    city, topic = make_member_city(), make_topic()
    open_one = make_whole(city.id, topic_id=topic.id, title="An open webinar")
    add_people(open_one, 2, city_id=make_member_city("Lund").id, **CAME)
    closed = {"visibility": Visibility.CLOSED, "group_id": make_group().id}
    add_people(make_held(**closed), 40, **CAME)

    page = client_for(make_user()).get("/statistics").text

    assert "There was one webinar. 7 of the 8 people who were expected came: 88 of 100." in page
    assert "Lund: fewer than three" in page
    assert "An open webinar" not in page
    assert "Cities reached" not in page


def test_organisers_see_each_webinar_and_the_cities_missed(client_for: SignIn) -> None:
    organiser, city = make_organiser(), make_member_city()
    make_member_city("Lund")
    own = make_whole(city.id, organiser=organiser, title="Our own")
    other = make_whole(city.id, title="Of others")

    page = client_for(organiser).get("/statistics").text

    assert f'/webinars/{own.id}/figures">Our own' in page
    assert f'/webinars/{other.id}-of-others">Of others' in page
    assert "1 of 2 cities were reached." in page
    admin = client_for(make_user(role=SiteRole.ADMIN)).get("/statistics").text
    assert f"/webinars/{other.id}/figures" in admin


def test_topic_and_year_are_addresses(client_for: SignIn) -> None:
    topic = make_topic("housing")
    make_held(topic_id=topic.id, title="Housing hour")
    year = {"date_precision": DatePrecision.YEAR, "starts_at": None, "ends_at": None}
    make_held(**year, year=2020, title="Long ago", status=Status.ARCHIVED)
    make_held(status=Status.CANCELLED, title="Called off")
    make_held(starts_in=timedelta(days=3), title="Still to come")
    browser = client_for(make_organiser())

    def titles(query: str) -> set[str]:
        page = browser.get(f"/statistics{query}").text
        names = {"Housing hour", "Long ago", "Called off", "Still to come"}
        return {name for name in names if f">{name}<" in page}

    assert titles("") == {"Housing hour", "Long ago"}
    assert titles("?topic=housing") == {"Housing hour"}
    assert titles("?year=2020") == {"Long ago"}
    assert titles("?topic=housing&year=2020") == set()
    assert "No webinar took place in this filter." in browser.get("/statistics?year=1999").text


@pytest.mark.parametrize("query", ODD)
def test_odd_filters_are_no_error(client_for: SignIn, query: str) -> None:
    browser = client_for(make_user())

    assert browser.get(f"/statistics?{query}").status_code == 200
    assert browser.get(f"/statistics.csv?{query}").status_code == 200


@pytest.mark.parametrize("page", ["/statistics", "/statistics.csv"])
def test_numbers_of_the_network_are_for_members(
    client: FlaskClient, client_for: SignIn, page: str
) -> None:
    assert client.get(page).status_code == 302
    assert client_for(make_user(approved_at=None)).get(page).status_code == 403


def test_tables_of_many_webinars_run_no_formula(client_for: SignIn) -> None:
    make_whole(title="=1+1")

    whole = cells(client_for(make_organiser()).get("/statistics.csv"))
    sums = cells(client_for(make_user()).get("/statistics.csv"))

    assert whole[1][2] == "'=1+1"
    assert len(sums) == 2
    assert sums[1][1:5] == whole[1][3:7] == ["8", "5", "6", "5"]
    assert "=1+1" not in str(sums)


def test_statistics_take_the_same_statements_for_one_and_many(
    client_for: SignIn, count_statements: Count
) -> None:
    organiser = make_organiser()
    browser = client_for(organiser)
    make_whole(make_member_city().id, topic_id=make_topic().id)
    browser.get("/statistics")
    counts = []
    for more in (0, 12):
        for number in range(more):
            add_people(make_held(organiser=organiser, title=f"Webinar {number}"), 2, **CAME)
        db.session.rollback()
        with count_statements() as statements:
            browser.get("/statistics")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_city_is_told_from_the_page_of_cities(client_for: SignIn) -> None:
    city, away = make_member_city(), make_member_city("Lund")
    make_user("Human rights officer", city)
    webinar = summarised()
    browser = client_for(webinar.organisers[0].user)
    address = f"/webinars/{webinar.id}/coverage"
    before = browser.get(address).text

    answers = []
    for one in (city.id, city.id, away.id + 99):
        assert browser.post(f"{address}/{one}").location == address
        answers.append(browser.get(address).text)
    work()

    assert "0 of 2 cities were reached." in before
    assert "Nobody has an account for this city." in before
    assert "Tell Graz" in before
    assert "The people of Graz are told by mail." in answers[0]
    assert "Told by mail" in answers[0]
    assert "This city was told already." in answers[1]
    assert "This city was reached, or is not in the network." in answers[2]
    assert nudging.nudged_ids(webinar.id) == {city.id}


def test_cities_are_told_by_organisers_only(client: FlaskClient, client_for: SignIn) -> None:
    city, webinar = make_member_city(), summarised()
    address = f"/webinars/{webinar.id}/coverage/{city.id}"

    assert client.post(address).status_code == 302
    assert client_for(make_user()).post(address).status_code == 403
    assert client_for(make_user()).get(address).status_code in {404, 405}
    assert nudging.nudged_ids(webinar.id) == set()


def test_before_there_is_a_summary_no_city_can_be_told(client_for: SignIn) -> None:
    organiser, city = make_organiser(), make_member_city()
    make_user("Human rights officer", city)
    webinar = make_held(organiser=organiser)

    page = client_for(organiser).get(f"/webinars/{webinar.id}/coverage").text

    assert "Tell Graz" not in page
    assert "as soon as the webinar is over" in page


def test_when_every_city_was_reached_the_page_says_so(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar, empty = make_held(organiser=organiser), make_held(organiser=organiser)
    assert "There is no city to reach." in page_of(client_for(organiser), empty.id)
    make_registration(webinar, city_id=make_member_city().id, **CAME)

    assert "Every city of the network was reached." in page_of(client_for(organiser), webinar.id)


def page_of(browser: FlaskClient, webinar_id: int) -> str:
    return browser.get(f"/webinars/{webinar_id}/coverage").text


def test_a_summary_that_is_said_to_be_read_counts_once(client: FlaskClient) -> None:
    webinar, city = summarised(), make_member_city()
    seat = make_registration(webinar, city_id=city.id)
    for _time in range(2):
        assert client.post(f"/registrations/{seat.token}/summary").status_code == 302

    db.session.rollback()
    figures = figures_of(webinar)
    assert (figures.summary_opened, figures.readers) == (1, 1)
    assert describing.sentences(figures) == ["One person said that they read the summary."]
    assert figures.cities[city.id].reached == 1


def test_members_find_the_numbers_under_knowledge(client: FlaskClient, client_for: SignIn) -> None:
    link = 'href="/statistics"'

    assert link in client_for(make_user()).get("/knowledge").text
    assert link not in client.get("/knowledge").text
    assert link in client_for(make_user(role=SiteRole.ADMIN)).get("/admin").text
