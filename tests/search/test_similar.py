"""Threads like the one somebody is about to start."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.enums import Visibility
from app.search.similar import likeness
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
ASKED = "How do you keep the shelter open in winter?"


@pytest.fixture
def author(app: Flask) -> User:
    return make_user()


def found(browser: FlaskClient, title: str) -> list[str]:
    answer = browser.get("/threads/similar", query_string={"title": title})
    assert answer.status_code == 200
    return re.findall(r'dir="auto">([^<]*)</a>', answer.text)


def test_the_closest_comes_first_and_only_what_is_close(client_for: SignIn, author: User) -> None:
    topic = make_topic()
    titles = [
        "Keeping a shelter open in winter nights",
        "Winter shelter: who keeps it open?",
        "Do you open the archives?",
        "Speed limits around schools",
    ]
    for title in titles:
        make_reply(make_thread(topic, author, title=title), author, f"About {ASKED}")

    assert found(client_for(author), ASKED) == [titles[1], titles[0]]


def test_five_at_most_with_their_number_said(client_for: SignIn, author: User) -> None:
    topic = make_topic()
    for number in range(7):
        make_thread(topic, author, title=f"Shelter in winter, part {number}")
    browser = client_for(author)

    page = browser.get("/threads/similar?title=Shelter in winter").text

    assert page.count("<li>") == 5
    assert ">5 similar threads</p>" in page
    assert 'role="status" hx-swap-oob="true"' in page


def test_hidden_threads_are_like_nothing(client_for: SignIn, author: User) -> None:
    closed = make_topic("inside", [make_group(author)], visibility=Visibility.HIDDEN)
    make_thread(closed, author, title="Shelter in winter, our budget")

    assert found(client_for(author), ASKED) == ["Shelter in winter, our budget"]
    assert found(client_for(make_user()), ASKED) == []


@pytest.mark.parametrize(
    "title",
    ["", "Shelter", '" OR "a" * b', "NEAR(a b) title:", "'; DROP TABLE x", "\x00" * 20,
     "%%%%%%%%%%%%", "x" * 5000, "🏙️" * 10, "(((((((((((", "שלום עולם מה שלומך",
     "& | ! <-> :*A shelter"],
)  # fmt: skip
def test_odd_titles_are_like_nothing_and_harmless(
    client_for: SignIn, author: User, title: str
) -> None:
    make_thread(make_topic(), author, title="Who answers the telephone?")

    assert found(client_for(author), title) == []


def test_accents_and_capitals_do_not_matter(client_for: SignIn, author: User) -> None:
    make_thread(make_topic(), author, title="Straßenbäume in der Stadt Łódź")

    assert found(client_for(author), "STRASSENBAUME in LODZ") == ["Straßenbäume in der Stadt Łódź"]


def test_likeness_counts_letters_of_shared_words(app: Flask) -> None:
    assert likeness("winter shelter", "Shelter in Winter") == 1
    assert likeness("winter shelter", "Winter sports") == pytest.approx(6 / 13)
    assert likeness("winter shelter budget question", "Winter") == 0
    assert likeness("", "Winter") == 0


def test_only_members_are_told(client: FlaskClient, client_for: SignIn) -> None:
    assert client.get("/threads/similar?title=Shelter in winter").status_code == 401
    applicant = client_for(make_user(approved_at=None))
    assert applicant.get("/threads/similar?title=Shelter in winter").status_code == 403
