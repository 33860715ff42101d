"""Who wrote something, from where, and whether they still do."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.accounts.models import Seat
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.i18n import speaking
from app.forum.byline import Byline
from app.forum.showing_posts import posts_between
from tests.factories import make_city, make_seat, make_topic, make_user
from tests.factories_forum import make_thread

GRAZ = {"en": "Graz"}


@pytest.mark.parametrize(
    ("name", "title", "is_past", "role"),
    [
        ("Somebody", "Human rights officer", False, "Human rights officer, Graz"),
        ("Human rights officer, Graz", "Human rights officer", False, ""),
        ("Somebody", "Human rights officer", True, "then Human rights officer, Graz"),
        ("Human rights officer, York", "Human rights officer", True, "then Graz"),
        ("Human rights officer, Graz", "", True, "then Graz"),
    ],
)
def test_role_says_what_the_name_does_not(
    app: Flask, name: str, title: str, is_past: bool, role: str
) -> None:
    with speaking("en"):
        assert Byline(name, title, GRAZ, "graz", None, is_past).role == role


@pytest.mark.parametrize(("ends_in_days", "is_past"), [(None, False), (0, False), (-1, True)])
def test_a_seat_is_past_the_day_after_its_last(
    app: Flask, ends_in_days: int | None, is_past: bool
) -> None:
    author = make_user("Somebody")
    seat = make_seat(author, make_city(), title="Coordinator")
    thread = make_thread(make_topic(), author)
    if ends_in_days is not None:
        last = date.fromordinal(utcnow().date().toordinal() + ends_in_days)
        with write():
            db.session.get_one(Seat, seat.id).ends_on = last

    shown = posts_between(None, thread.id, 1, 1)[0].author

    assert shown is not None
    assert (shown.title, shown.is_past) == ("Coordinator", is_past)
