"""The search page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from app.core.db import write
from app.core.enums import Visibility
from app.forum.posting import Audience
from app.network.admitting import CityFacts, add_city
from app.search.receivers import on_webinar_changed
from app.webinars.enums import DatePrecision
from tests.factories import make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread
from tests.factories_webinars import make_webinar
from tests.search.test_finding import publish_summary

Counting = Callable[[], AbstractContextManager[list[str]]]
NURNBERG = CityFacts(
    {"en": "Nuremberg", "de": "Nürnberg"}, ["de"], "DE", 49.45, 11.08, "Europe/Berlin"
)


def test_an_empty_question_shows_the_field_alone(client: FlaskClient) -> None:
    page = client.get("/search")

    assert (page.status_code, 'name="q" value=""' in page.text) == (200, True)
    assert "Ask this as a question" not in page.text


def test_the_field_keeps_the_question_and_marks_the_words(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user(), "Who closed counters?", "Our <b>counters</b> & more.")

    page = client.get("/search?q=counters").text

    assert 'value="counters"' in page
    assert "Who closed <mark>counters</mark>?" in page
    assert "<mark>counters</mark>&lt;/b&gt; &amp; more." in page


def test_a_reply_leads_to_its_place_on_its_page(client: FlaskClient) -> None:
    author = make_user()
    thread = make_thread(make_topic(), author, "Counters")
    make_replies(thread, author, 28)
    make_reply(thread, author, "A telephone line.")

    page = client.get("/search?q=telephone").text

    assert f'href="/threads/{thread.id}-counters?page=2#post-30"' in page


def test_each_kind_leads_to_its_page(client: FlaskClient) -> None:
    with write():
        add_city(NURNBERG)
    webinar = make_webinar("Nuremberg counts")
    with write():
        on_webinar_changed(webinar)
    publish_summary(webinar, ["What Nuremberg said."], [])

    page = client.get("/search?q=nuremberg").text

    for address in (
        "/cities/nuremberg",
        f"/webinars/{webinar.id}-nuremberg-counts",
        f"/webinars/{webinar.id}/summary",
    ):
        assert f'href="{address}"' in page


def test_a_day_nobody_recorded_is_not_invented(client: FlaskClient) -> None:
    webinar = make_webinar(
        "The way forward",
        date_precision=DatePrecision.YEAR,
        year=2020,
        starts_at=None,
        ends_at=None,
        start_local=None,
        end_local=None,
    )
    with write():
        on_webinar_changed(webinar)

    page = client.get("/search?q=forward").text

    assert "<span>2020</span>" in page


def test_tabs_count_and_narrow(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user(), "Counting")
    webinar = make_webinar("Counting together")
    with write():
        on_webinar_changed(webinar)

    page = client.get("/search?q=counting&type=webinars").text

    assert 'Webinars <span class="num">1</span>' in page
    assert 'All <span class="num">2</span>' in page
    assert page.count('<article class="found">') == 1


def test_nothing_found_offers_to_ask(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "bollards & <trees>"}).text

    assert "Nothing found for “bollards &amp; &lt;trees&gt;”." in page
    assert 'href="/threads/new?title=bollards+%26+%3Ctrees%3E&amp;kind=question"' in page


def test_other_kinds_are_offered_when_this_one_is_empty(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user(), "Counting")

    assert "See 1 result of other kinds" in client.get("/search?q=counting&type=cities").text


def test_the_count_on_the_page_is_that_of_the_reader(
    client: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    author = make_user()
    topic = make_topic()
    make_thread(topic, author, "Counters", audience=Audience(Visibility.NETWORK))

    def counted(browser: FlaskClient) -> bool:
        return 'All <span class="num">1</span>' in browser.get("/search?q=counters").text

    assert [counted(client), counted(client_for(make_user()))] == [False, True]


@pytest.mark.parametrize(
    "question",
    [
        "%00", "%ff%fe", '"', "a" * 10_000, "%F0%9F%98%80", "%D7%A9%D7%9C%D7%95%D7%9D", "NEAR(",
        "title:x", "-", "a%20AND", "%E2%80%AEabc", "'; DROP TABLE post; --", "x&q=y&q=z",
        "x&type=nonsense", "x&page=-1", "x&page=99999999999", "x&page=abc", "x&type=%00",
    ],
)  # fmt: skip
def test_no_question_is_a_failure(client: FlaskClient, question: str) -> None:
    assert client.get(f"/search?q={question}").status_code == 200


def test_one_hit_costs_as_many_statements_as_thirty(
    client_for: Callable[..., FlaskClient], count_statements: Counting
) -> None:
    author = make_user()
    topic = make_topic()
    with write():
        add_city(NURNBERG)
    webinar = make_webinar("Nuremberg counts")
    with write():
        on_webinar_changed(webinar)
    thread = make_thread(topic, author, "Nuremberg asks")
    publish_summary(webinar, ["What Nuremberg said."], ["What Nuremberg did not say."])
    browser = client_for(author)

    def statements() -> int:
        with count_statements() as made:
            assert browser.get("/search?q=nuremberg").status_code == 200
        return len(made)

    statements()  # what is kept for all is made
    one = statements()
    for number in range(29):
        make_reply(thread, author, f"Nuremberg answers {number}")

    assert one <= 8
    assert statements() == one


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/search?q=nuremberg", 3),
        ("/search?q=nuremberg&topic=covid-19-responses&language=en", 3),
        ("/search?q=nuremberg&author=member", 4),
    ],
)
def test_a_visitor_costs_as_many_statements_with_thirty_hits(
    client: FlaskClient, count_statements: Counting, path: str, most: int
) -> None:
    author = make_user()
    thread = make_thread(make_topic(), author, "Nuremberg asks")

    def statements() -> int:
        with count_statements() as made:
            assert client.get(path).status_code == 200
        return len(made)

    statements()  # what is kept for all is made
    one = statements()
    for number in range(29):
        make_reply(thread, author, f"Nuremberg answers {number}")

    assert one <= most
    assert statements() == one
