from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import calendar_keys
from app.webinars.enums import FeedKind
from app.webinars.errors import CalendarEnded
from app.webinars.place_models import CalendarKey
from tests.factories import make_user

NOW = "2026-03-10T08:15:00+00:00"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def make(person: User, kind: FeedKind = FeedKind.MINE) -> str:
    with write():
        return calendar_keys.calendar_token(calendar_keys.renew(person, kind))


def test_token_opens_one_calendar_of_one_person(app: Flask) -> None:
    person = make_user()
    tokens = {kind: make(person, kind) for kind in FeedKind}

    for kind, token in tokens.items():
        found = calendar_keys.reader_of(token)
        assert found is not None
        assert (found[0].id, found[1].kind) == (person.id, kind)
        assert re.fullmatch("[a-z2-7]{47}", token)
    assert len(set(tokens.values())) == 3


def test_token_is_the_same_until_it_is_renewed(app: Flask) -> None:
    person = make_user()
    token = make(person)

    assert calendar_keys.calendar_token(calendar_keys.keys_of(person)[FeedKind.MINE]) == token
    assert make(person) != token


def test_renewed_and_ended_addresses_are_gone_each_by_itself(app: Flask) -> None:
    person = make_user()
    old, organised = make(person), make(person, FeedKind.ORGANISED)
    new = make(person)
    with pytest.raises(CalendarEnded):
        calendar_keys.reader_of(old)
    with write():
        calendar_keys.revoke(person, FeedKind.MINE)
    with pytest.raises(CalendarEnded):
        calendar_keys.reader_of(new)

    assert calendar_keys.reader_of(organised) is not None
    assert [*calendar_keys.keys_of(person)] == [FeedKind.ORGANISED]


def test_ended_address_does_not_come_back_with_a_new_one(app: Flask) -> None:
    person = make_user()
    old = make(person)
    with write():
        calendar_keys.revoke(person, FeedKind.MINE)
    new = make(person)

    with pytest.raises(CalendarEnded):
        calendar_keys.reader_of(old)
    assert calendar_keys.reader_of(new) is not None


def test_calendar_of_somebody_who_is_no_member_any_more_is_gone(app: Flask) -> None:
    person = make_user()
    token = make(person)
    with write():
        db.session.merge(person).approved_at = None

    with pytest.raises(CalendarEnded):
        calendar_keys.reader_of(token)


@pytest.mark.parametrize(
    "token", ["", "a" * 47, "ä" * 47, "2" * 10_000, "\x00", "public", "A" * 47]
)
def test_what_was_never_given_opens_nothing(app: Flask, token: str) -> None:
    assert calendar_keys.reader_of(token) is None


def test_token_with_one_changed_letter_opens_nothing(app: Flask) -> None:
    token = make(make_user())
    for place in range(0, 47, 5):
        letter = "b" if token[place] == "a" else "a"
        assert calendar_keys.reader_of(token[:place] + letter + token[place + 1 :]) is None


def test_use_is_noted_to_the_hour(app: Flask, clock: time_machine.Traveller) -> None:
    person = make_user()
    make(person)
    key = calendar_keys.keys_of(person)[FeedKind.MINE]
    assert calendar_keys.is_worth_noting(key) is True
    with write():
        calendar_keys.note_use(person.id, FeedKind.MINE)
    db.session.refresh(key)

    assert (key.last_used_at, calendar_keys.is_worth_noting(key)) == (utcnow(), False)
    clock.shift(timedelta(minutes=61))
    assert calendar_keys.is_worth_noting(key) is True


def test_one_row_for_each_calendar_however_often_it_is_renewed(app: Flask) -> None:
    person = make_user()
    for _ in range(3):
        make(person)

    (key,) = db.session.scalars(db.select(CalendarKey)).all()
    assert key.serial == 3
