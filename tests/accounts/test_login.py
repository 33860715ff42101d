"""Whom a cookie stands for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient

from app.accounts.models import User
from tests.factories import make_user

Sign = Callable[[User], FlaskClient]


def test_signed_in_browser_reaches_a_page_for_members(client_for: Sign) -> None:
    browser = client_for(make_user())

    assert browser.get("/sign-in/again").status_code == 200


def test_visitor_is_asked_to_sign_in_and_comes_back(client: FlaskClient) -> None:
    answer = client.get("/sign-in/again?next=%2Ftopics")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/sign-in/again?next%3D%252Ftopics"


def test_two_browsers_are_two_people(client_for: Sign) -> None:
    one, two = make_user("Officer, Graz"), make_user("Officer, York")
    first, second = client_for(one), client_for(two)

    assert one.display_name in first.get("/sign-in/again").text
    assert two.display_name in second.get("/sign-in/again").text
    assert two.display_name not in first.get("/sign-in/again").text


def test_a_person_is_loaded_with_one_statement(
    client_for: Sign, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    browser = client_for(make_user())

    with count_statements() as for_a_picture:
        browser.get("/static/js/app.js")
    with count_statements() as for_a_redirect:
        browser.get("/sign-in")

    assert (len(for_a_picture), len(for_a_redirect)) == (0, 1)
