"""A webinar's file is told out of what is kept to whoever sees the webinar, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.early_members import TOLD_TO_ANYBODY
from app.core.enums import Visibility
from app.core.visitor_pages import Meanings
from app.webinars.enums import Status
from app.webinars.models import Webinar
from tests.factories_webinars import make_webinar
from tests.forum.early import LONG_WAY, Reader, browsers, framework_asked, people, told

__all__ = ["browsers", "people"]

KINDS: dict[str, dict[str, Any]] = {
    "public": {},
    "network": {"visibility": Visibility.NETWORK},
    "draft": {"published": False},
    "without an hour": {"starts_at": None, "ends_at": None, "year": 2020},
    "thrown away": {"published": False, "deleted_at": utcnow()},
}
ROLES = ("author", "applicant", "organiser", "admin")


@pytest.fixture
def webinars(people: dict[str, User]) -> dict[str, Webinar]:
    return {
        kind: make_webinar(f"Who counts, {kind}?", organiser=people["organiser"], **changes)
        for kind, changes in KINDS.items()
    }


@pytest.fixture
def readers(
    app: Flask, browsers: dict[str, FlaskClient], webinars: dict[str, Webinar]
) -> Iterator[dict[str, Reader]]:
    """As if each file had been told to somebody before."""
    usual, known = app.extensions[TOLD_TO_ANYBODY], Meanings()
    app.extensions[TOLD_TO_ANYBODY] = known
    made = {role: Reader(app, browsers[role]) for role in ROLES}
    for webinar in webinars.values():
        for one in made.values():
            one.ask(place(webinar), headers=LONG_WAY)
    yield made
    app.extensions[TOLD_TO_ANYBODY] = usual


def place(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}/calendar.ics"


def test_everybody_gets_what_the_framework_gives(
    readers: dict[str, Reader], webinars: dict[str, Webinar]
) -> None:
    found = {}
    for role, one in readers.items():
        for kind, webinar in webinars.items():
            was_early, answer = one.both_ways(place(webinar))
            found[role, kind] = (was_early, answer.status_code)

    there, not_there = (True, 200), (False, 404)
    seen = {role: {"public", "network"} for role in ROLES} | {"applicant": {"public"}}
    seen["organiser"] = {"public", "network", "draft"}
    assert found == {
        (role, kind): there if kind in seen[role] else not_there for role in ROLES for kind in KINDS
    }


def test_who_asks_for_the_first_time_is_told_early_too(
    app: Flask,
    browsers: dict[str, FlaskClient],
    readers: dict[str, Reader],
    webinars: dict[str, Webinar],
) -> None:
    """Also without a token: there is no form in it."""
    first = Reader(app, browsers["late"])
    del first.session["csrf_token"]

    with framework_asked(app) as asked:
        answer = first.ask(place(webinars["network"]))

    assert (answer.status_code, asked) == (200, [])
    assert told(answer) == told(readers["author"].ask(place(webinars["network"])))


def test_change_is_told_at_once(readers: dict[str, Reader], webinars: dict[str, Webinar]) -> None:
    one, webinar = readers["author"], webinars["public"]
    before = one.ask(place(webinar))
    with write() as session:
        session.get_one(Webinar, webinar.id).title = "Another name"
    after = one.both_ways(place(webinar))[1]
    with write() as session:
        session.get_one(Webinar, webinar.id).status = Status.DRAFT

    assert b"Another name" not in before.data
    assert b"Another name" in after.data
    assert after.headers["Content-Disposition"] == 'attachment; filename="another-name.ics"'
    assert one.both_ways(place(webinar))[1].status_code == 404


def test_unchanged_file_is_not_sent_again(
    readers: dict[str, Reader], webinars: dict[str, Webinar]
) -> None:
    one, address = readers["author"], place(webinars["public"])
    etag = one.ask(address).headers["ETag"]

    same = one.both_ways(address, headers={"If-None-Match": etag})[1]
    other = one.both_ways(address, headers={"If-None-Match": '"another"'})[1]

    assert (same.status_code, same.data) == (304, b"")
    assert (other.status_code, other.headers["ETag"]) == (200, etag)


def test_visitors_have_the_same_text_kept_for_them(
    app: Flask, client: FlaskClient, readers: dict[str, Reader], webinars: dict[str, Webinar]
) -> None:
    webinar = webinars["public"]
    first = told(client.get(place(webinar)))
    with framework_asked(app) as asked:
        again = client.get(place(webinar))
    same = client.get(place(webinar), headers={"If-None-Match": again.headers["ETag"]})

    assert (told(again), asked) == (first, [])
    assert (same.status_code, same.data) == (304, b"")
    assert again.data == readers["author"].ask(place(webinar)).data
    assert again.headers["Cache-Control"].startswith("public")
    with write() as session:
        session.get_one(Webinar, webinar.id).visibility = Visibility.NETWORK
    assert client.get(place(webinar)).status_code == 404
