"""A cast of readers, threads of each kind, and the two ways to be told one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.early_members import TOLD_BEFORE
from app.core.enums import Attribution, Visibility
from app.core.slugs import slugify
from app.core.visitor_pages import Meanings
from app.forum.enums import EventKind
from app.forum.models import Thread
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_event, make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
LONG_WAY = {"Authorization": "Basic x"}
"""Nothing here reads it, and so the framework is asked."""

ROLES = ("author", "writer", "reader", "late", "steward", "organiser", "admin", "inside")


@pytest.fixture
def people(app: Flask) -> Iterator[dict[str, User]]:
    """As if each of them, and anybody else, had been told before whatever one of them was told:
    nothing else than what stands in their way is to keep them out.
    """
    with with_knowledge(app, Meanings()):
        yield _made_people()


@contextmanager
def with_knowledge(app: Flask, told_before: Meanings) -> Iterator[None]:
    usual = app.extensions[TOLD_BEFORE]
    app.extensions[TOLD_BEFORE] = told_before
    yield
    app.extensions[TOLD_BEFORE] = usual


def _made_people() -> dict[str, User]:
    made = {name: make_user(f"{name.title()} <of> housing", make_city(name)) for name in ROLES}
    made["applicant"] = make_user("Applicant", approved_at=None)
    with write() as session:
        session.get_one(User, made["organiser"].id).role = SiteRole.ORGANISER
        session.get_one(User, made["admin"].id).role = SiteRole.ADMIN
        session.get_one(User, made["late"].id).timezone = "Asia/Tokyo"
        session.get_one(User, made["steward"].id).locale = "de"
    return made


@pytest.fixture
def threads(people: dict[str, User]) -> dict[str, Thread]:
    """One of each kind that is shown to others, or to others differently."""
    open_topic, closed = make_topic(), make_topic("closed", visibility=Visibility.HIDDEN)
    group = make_group(people["inside"], people["author"])
    for topic in (open_topic, closed):
        make_steward(topic, people["steward"])

    def started(title: str, topic: Topic = open_topic, **changes: Any) -> Thread:
        thread = make_thread(topic, people["author"], title)
        make_reply(thread, people["writer"])
        with write() as session:
            for name, value in changes.items():
                setattr(session.get_one(Thread, thread.id), name, value)
        return thread

    made = {
        "public": started("Who <answers>?"),
        "network": started("Only members", visibility=Visibility.NETWORK),
        "closed": started("Behind doors", visibility=Visibility.CLOSED, group_id=group.id),
        "topic": started("Hidden topic", closed),
        "locked": started("Locked", is_locked=True),
        "gone": started("Gone", deleted_at=utcnow()),
        "nameless": started("Nameless", attribution=Attribution.CHATHAM_HOUSE),
        "eventful": started("Eventful"),
        "long": started("Long"),
    }
    make_event(made["eventful"], EventKind.LOCKED, people["steward"])
    make_replies(made["long"], people["author"], 30)
    return made


@pytest.fixture
def browsers(client_for: SignIn, people: dict[str, User]) -> dict[str, FlaskClient]:
    return {name: client_for(person) for name, person in people.items()}


@contextmanager
def framework_asked(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(sender: Flask, **_: Any) -> None:
        asked.append(sender.name)

    with request_started.connected_to(note, app):
        yield asked


def address_of(thread: Thread) -> str:
    return f"/threads/{thread.id}-{slugify(thread.title)}"


def told(answer: Any) -> tuple[str, bytes, list[tuple[str, str]]]:
    heads = sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
    return answer.status, answer.data, heads


def both_ways(browser: FlaskClient, address: str) -> tuple[Any, Any]:
    """What the framework tells after the page was seen, and what is told then without it."""
    for _ in range(2):
        browser.get(address, headers=LONG_WAY)
    late = told(browser.get(address, headers=LONG_WAY))
    return told(browser.get(address)), late


class Reader:
    """A signed-in browser that forgets: each request is sent with the same cookies."""

    def __init__(self, app: Flask, browser: FlaskClient) -> None:
        self._app, self._plain = app, app.test_client(use_cookies=False)
        with browser.session_transaction() as cookie:
            self.session = {
                **cookie,
                "day": utcnow().date().isoformat(),
                "csrf_token": secrets.token_hex(20),
            }

    def signed(self, session: dict[str, Any]) -> str:
        interface: Any = self._app.session_interface
        return str(interface.get_signing_serializer(self._app).dumps(session))

    def ask(self, address: str, cookie: str | None = None, **request: Any) -> Any:
        """`cookie` is the whole header; without one it is that of the session."""
        given = cookie or f"session={self.signed(self.session)}"
        headers = {"Cookie": given, **request.pop("headers", {})}
        return self._plain.open(address, headers=headers, **request)

    def sees(self, address: str) -> None:
        """All parts are kept afterwards, and the token is signed."""
        for _ in range(2):
            assert self.ask(address, headers=LONG_WAY).status_code == 200

    def both_ways(
        self, address: str, cookie: str | None = None, **request: Any
    ) -> tuple[bool, Any]:
        """Whether the framework was not needed, and the answer, which is the same with it."""
        headers = request.pop("headers", {})
        with framework_asked(self._app) as asked:
            got = self.ask(address, cookie, headers=headers, **request)
        wanted = self.ask(address, cookie, headers=headers | LONG_WAY, **request)
        assert told(got) == told(wanted)
        return not asked, got


@pytest.fixture
def reader(app: Flask, browsers: dict[str, FlaskClient]) -> Reader:
    return Reader(app, browsers["late"])
