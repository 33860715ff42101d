"""What is made ready before web processes are forked: pages, and nothing else."""

from __future__ import annotations

import logging
import socket
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import event

from app import create_app
from app.accounts.models import User
from app.accounts.reader import passer_by
from app.core.db import Base, db
from app.core.enums import Visibility
from app.core.prepared import EVERY
from app.core.slugs import slugify
from app.core.warming import warm
from app.forum.models import Thread
from app.home.first_pages import first_pages
from config import Settings
from tests.chaos.accounts import cookie_of
from tests.core.test_early_answers import framework_asked
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread
from tests.factories_webinars import make_webinar

READERS = [None, passer_by()]


@pytest.fixture
def thread(app: Flask) -> Thread:
    """In a network with something of everything that lists show."""
    make_webinar()
    return make_thread(make_topic(), make_user(), title="Rent registers in practice")


@pytest.fixture
def fresh(thread: Thread, settings: Settings) -> Flask:
    """An application that was asked nothing yet."""
    return create_app(settings, WTF_CSRF_ENABLED=False)


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_first_visitor_has_a_kept_page(fresh: Flask, thread: Thread, settings: Settings) -> None:
    warm(fresh, first_pages, READERS)

    with framework_asked(fresh) as asked:
        for path in ("/", "/topics", f"/threads/{thread.id}-{slugify(thread.title)}"):
            found = fresh.test_client().get(path, base_url=settings.base_url)
            assert found.status_code == 200
    assert asked == []


def test_all_pages_are_found(fresh: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answered: Counter[int] = Counter()
    fresh.after_request(lambda answer: answered.update([answer.status_code]) or answer)
    with caplog.at_level(logging.INFO):
        warm(fresh, first_pages, READERS)

    assert answered == {200: 16}  # eight addresses
    assert [line for line in caplog.records if line.levelno > logging.INFO] == []


def test_members_find_statements_put_together(
    fresh: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in EVERY:
        monkeypatch.setattr(statement, "_ready", {})
        monkeypatch.setattr(statement, "_spoken", {})
    headers = {"Cookie": cookie_of(fresh, make_user())}
    warm(fresh, first_pages, READERS)
    before = put_together()

    for path in ("/", "/topics", "/threads", "/webinars"):
        found = fresh.test_client(use_cookies=False).get(
            path, base_url=settings.base_url, headers=headers
        )
        assert (found.status_code, "Sign out" in found.text) == (200, True)
    assert put_together() == before
    assert len(before) > len(EVERY) / 2


def put_together() -> set[str]:
    return {
        f"{statement._build.__qualname__} {kinds}"
        for statement in EVERY
        for kinds in statement._ready
    }


def test_visitors_get_nothing_of_members(fresh: Flask, settings: Settings) -> None:
    inside = make_topic("rooms-of-our-own", visibility=Visibility.NETWORK)
    make_thread(inside, make_user(), title="What only members read")
    warm(fresh, first_pages, READERS)

    browser = fresh.test_client()
    for path in ("/", "/topics", "/threads"):
        found = browser.get(path, base_url=settings.base_url).text
        assert "Rooms of our own" not in found
        assert "What only members read" not in found


def test_nothing_is_written(fresh: Flask, thread: Thread) -> None:
    before = everything()
    warm(fresh, first_pages, READERS)

    db.session.rollback()
    assert everything() == before
    assert before["user"]
    assert before["thread"]


def everything() -> dict[str, list[str]]:
    rows = {
        name: db.session.execute(sa.select(table)).all()
        for name, table in Base.metadata.tables.items()
    }
    return {name: sorted(map(repr, found)) for name, found in rows.items()}


def test_no_connection_is_left(fresh: Flask) -> None:
    opened: Counter[str] = Counter()
    with fresh.app_context():
        event.listen(db.engine, "connect", lambda *_: opened.update(["connect"]))
        event.listen(db.engine, "close", lambda *_: opened.update(["close"]))
    warm(fresh, first_pages, READERS)

    assert opened["connect"] == opened["close"] > 0


def test_shared_memory_is_not_asked(thread: Thread, settings: Settings) -> None:
    """Its connection would go through the fork."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        url = f"redis://127.0.0.1:{door.getsockname()[1]}/0"
        warm(create_app(replace(settings, redis_url=url)), first_pages, READERS)
        with pytest.raises(BlockingIOError):
            door.accept()


@pytest.mark.any_engine
@pytest.mark.parametrize("place", ["sqlite:///{}/no-tables.db", "sqlite:///{}/none/at-all.db"])
def test_database_that_is_not_there_stops_no_start(
    settings: Settings, tmp_path: object, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    away = replace(settings, database_url=place.format(tmp_path))
    with caplog.at_level(logging.INFO):
        warm(create_app(away), first_pages, READERS)

    assert "no page was made ready" in caplog.text


def test_page_that_fails_stops_no_start(fresh: Flask, caplog: pytest.LogCaptureFixture) -> None:
    fresh.before_request(lambda: 1 / 0)
    warm(fresh, first_pages, READERS)

    failed = [line for line in caplog.records if line.exc_info]
    assert len(failed) == 16  # eight addresses


def test_passer_by_is_nobody(app: Flask) -> None:
    assert db.session.get(User, passer_by().id) is None
    assert passer_by().is_approved
