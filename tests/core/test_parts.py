"""Parts that all readers share say each reader's own words, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import write
from app.core.fragments import END, fragments, path_place, token_place
from app.core.parts import laid_in, place_of
from tests.factories import make_user

SignIn = Callable[..., FlaskClient]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_the_frame_of_a_page_is_kept_once_and_names_its_reader(client_for: SignIn) -> None:
    names = ["Housing officer", "Planner <York>", "Adviser & co"]
    people = [make_user(name) for name in names]
    browsers = [client_for(person) for person in people]
    written = ["Housing officer", "Planner &lt;York&gt;", "Adviser &amp; co"]

    def said() -> list[list[int]]:
        pages = [browser.get("/topics").text for browser in browsers]
        return [[page.count(f'menu__who">{name}<') for name in written] for page in pages]

    def headers() -> int:
        kept = [key for key in fragments()._texts if key[0] == "layouts/_shell.html"]
        return len(kept)

    assert [said(), headers()] == [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], 1]
    for browser, person in zip(browsers, people, strict=True):
        assert f'data-person="{person.id}"' in browser.get("/topics").text
    with write() as session:
        session.get_one(User, people[0].id).display_name = "Planner <York>"
    assert [said(), headers()] == [[[0, 1, 0], [0, 1, 0], [0, 0, 1]], 1]
    with write() as session:
        session.get_one(User, people[2].id).role = "admin"
    assert said()[2] == [0, 0, 1]
    has_office = ["/admin" in browser.get("/topics").text for browser in browsers]
    assert [has_office, headers()] == [[False, False, True], 2]


def test_words_are_laid_in_where_their_names_stand(app: Flask) -> None:
    with app.app_context():
        one, two, other = (place_of(name) for name in ("one", "two", "other"))
        text = f"{one}-{two}{token_place()} {one}{path_place()}-one- {other}."

        laid = laid_in(text, {"one": "1-one-", "two": ""})

        assert laid == f"1-one--{token_place()} 1-one-{path_place()}-one- {other}."
        assert laid_in("nothing-one-", {"one": "1"}) == "nothing-one-"


def test_visitors_see_nobodys_name(client: FlaskClient, client_for: SignIn) -> None:
    client_for(make_user("Housing officer")).get("/topics")

    page = client.get("/topics").text

    assert ["menu__who" in page, "data-person" in page, "Housing officer" in page] == [False] * 3


def test_a_token_is_signed_anew_after_a_while_and_is_nobody_elses(client_for: SignIn) -> None:
    def tokens() -> list[str]:
        pages = [browser.get("/topics").text for browser in browsers]
        return [TOKEN.findall(page)[0] for page in pages]

    with time_machine.travel("2026-11-22T09:00:00Z", tick=False) as clock:
        browsers = [client_for(make_user(name)) for name in ("Adviser", "Planner")]
        first = tokens()
        clock.shift(299)
        assert tokens() == first
        clock.shift(2)
        later = tokens()

    assert len({*first, *later}) == 4
    own = [[token.split(".")[0] for token in row] for row in (first, later)]
    assert own[0] == own[1]  # what stands before the moment and the signature


def test_kept_pieces_hold_no_mark_of_a_place(client_for: SignIn, client: FlaskClient) -> None:
    browsers = [client, client_for(make_user("Adviser")), client_for(make_user("Planner"))]

    for browser in browsers * 2:
        page = browser.get("/topics").text
        with browser.application.app_context():
            assert [token_place() in page, END in page] == [False, False]
        assert len(set(TOKEN.findall(page))) == (0 if browser is client else 1)


def test_an_address_with_the_mark_between_parts_moves_nothing(client_for: SignIn) -> None:
    browser = client_for(make_user("Adviser"))

    page, plain = (browser.get(f"/no-such{mark}").text for mark in ("%1E", ""))

    assert 'name="next" value="/no-such%1E"' in page
    assert TOKEN.sub("", page.replace("%1E", "")) == TOKEN.sub("", plain)
