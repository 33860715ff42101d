"""Replies and registrations: what is answered as done must be in the database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import urlencode

import sqlalchemy as sa

from tests.bench import ceiling
from tests.bench.client import WrongAnswer, ask_for, post
from tests.bench.measuring import expected, measure
from tests.bench.stage import Stage, count, numbers

CONNECTIONS = 4
SECONDS = 4.0
WARM_UP, LONGEST_WARM_UP = 20, 60.0
THREADS = """SELECT h.id FROM thread h JOIN topic t ON t.id = h.topic_id
    WHERE t.visibility = 'public' AND h.visibility = 'public' AND h.last_number < 100
    ORDER BY h.id DESC LIMIT 400"""
COMING = "SELECT id FROM webinar WHERE status = 'published' ORDER BY starts_at DESC LIMIT 40"
TAKEN = "SELECT webinar_id, user_id FROM registration"


def measure_replies(stage: Stage, name: str = "replies") -> None:
    """Each member one reply, so that nobody writes faster than is allowed.

    `name` stands in the text too: nobody may say the same twice.
    """
    threads = numbers(stage.database, THREADS)
    asked = iter(
        [
            post(
                f"/threads/{threads[number % len(threads)]}/posts",
                _form(member.token, body=f"{name} {number}. {ceiling.BODY[:600]}", language="en"),
                member.cookie,
            )
            for number, member in enumerate(stage.members)
        ]
    )
    _measure_writing(stage, name, "post", asked, len(stage.members) - WARM_UP)


def measure_registrations(stage: Stage) -> None:
    """Members for webinars that they are not registered for."""
    taken = _taken(stage)
    coming = numbers(stage.database, COMING)
    free = (
        (webinar, member)
        for webinar, member in itertools.product(coming, stage.members)
        if (webinar, member.user_id) not in taken
    )
    asked = [
        post(f"/webinars/{webinar}/registrations", _form(member.token), member.cookie)
        for webinar, member in itertools.islice(free, 20_000)
    ]
    _measure_writing(stage, "registrations", "registration", iter(asked), len(asked) - WARM_UP)


def _measure_writing(
    stage: Stage, name: str, table: str, asked: Iterator[bytes], most: int
) -> None:
    expected(
        ask_for(
            stage.target.port,
            asked.__next__,
            LONGEST_WARM_UP,
            status="302",
            connections=CONNECTIONS,
            most=WARM_UP,
        )
    )
    before = count(stage.database, table)
    figures = measure(
        stage.target, asked.__next__, status="302", seconds=SECONDS,
        connections=CONNECTIONS, most=most, warm_up=0,
    )  # fmt: skip
    stage.keep(name, figures)
    written = count(stage.database, table) - before
    if written != figures.requests:
        raise WrongAnswer(f"{name}: {figures.requests} accepted, {written} in the database")


def _form(token: str, **fields: str) -> bytes:
    return urlencode({"csrf_token": token, **fields}).encode()


def _taken(stage: Stage) -> set[tuple[int, int]]:
    engine = sa.create_engine(stage.database.url)
    with engine.connect() as rows:
        found = {(webinar, person) for webinar, person in rows.execute(sa.text(TAKEN))}
    engine.dispose()
    return found
