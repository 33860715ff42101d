"""A page kept for visitors says what one made now would say, whatever was done before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.fragments import fragments
from app.core.slugs import slugify
from app.core.visitor_pages import BASIS
from app.forum.models import Post, Tag, Thread
from app.network.models import City, Membership
from app.notes.models import Decision, NoteSet, SummaryVersion
from app.topics.models import Topic, TopicSteward
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories import make_city, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

SESSION: Any = db.session
SOON = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def first(model: Any, *conditions: Any) -> Any:
    return SESSION.scalars(db.select(model).where(*conditions).order_by(model.id)).first()


def coming_webinar() -> Any:
    return first(Webinar, Webinar.status == Status.PUBLISHED)


def public_thread() -> Any:
    return first(Thread, Thread.visibility == Visibility.PUBLIC, Thread.deleted_at.is_(None))


def changing(find: Callable[[], Any], **values: Any) -> Callable[[], None]:
    def act() -> None:
        with write():
            row = find()
            for name, value in values.items():
                setattr(row, name, value)

    return act


def in_thread(number: int = 1, **values: Any) -> Callable[[], None]:
    """What every change of a post does: the revision of its thread grows."""

    def act() -> None:
        thread = public_thread()
        post = (Post.thread_id == thread.id, Post.number == number)
        changing(lambda: first(Post, *post), **values)()
        changing(public_thread, revision=thread.revision + 1)()

    return act


def adding(make: Callable[[], Any]) -> Callable[[], None]:
    def act() -> None:
        with write() as session:
            session.add(make())

    return act


def _reply() -> None:
    make_reply(public_thread(), first(User))


def _start() -> None:
    make_thread(public_thread().topic, first(User), "Who measures noise at night?")


def _writer_of_public_thread() -> Any:
    return db.session.get(User, public_thread().author_id)


def _steward() -> Any:
    return TopicSteward(topic_id=public_thread().topic_id, user_id=first(User).id)


def _tag() -> Any:
    return Tag(topic_id=public_thread().topic_id, slug="noise", names={"en": "Noise"})


ACTS: dict[str, Callable[[], object]] = {
    "reply": _reply,
    "thread": _start,
    "rename thread": changing(public_thread, title="Another title"),
    "pin": changing(public_thread, is_pinned=True),
    "withhold names": changing(public_thread, attribution=Attribution.CHATHAM_HOUSE),
    "edit": in_thread(html="<p>Another text</p>", revision=2),
    "hide post": in_thread(number=2, hidden_at=utcnow()),
    "rename person": changing(_writer_of_public_thread, display_name="Another name"),
    "rename city": changing(lambda: first(City), names={"en": "Another city"}),
    "end membership": changing(lambda: first(Membership), ends_on=utcnow().date()),
    "new city": lambda: make_city("Gent"),
    "new person": lambda: make_user("Youth officer", first(City)),
    "steward": adding(_steward),
    "tag": adding(_tag),
    "rename topic": changing(lambda: first(Topic), names={"en": "Another topic"}),
    "rename webinar": changing(lambda: first(Webinar), title="Another webinar"),
    "cancel webinar": changing(
        lambda: first(Webinar, Webinar.status == Status.PUBLISHED), status=Status.CANCELLED
    ),
    "move webinar": changing(coming_webinar, starts_at=SOON, ends_at=SOON + timedelta(hours=1)),
    "fewer seats": changing(coming_webinar, capacity=3),
    "register": lambda: make_registration(coming_webinar(), state=RegistrationState.CONFIRMED),
    "withdraw": changing(
        lambda: first(Registration, Registration.state == RegistrationState.CONFIRMED),
        state=RegistrationState.CANCELLED,
    ),
    "publish webinar": lambda: make_webinar("A new webinar", topic_id=public_thread().topic_id),
    "rename summary": changing(lambda: first(SummaryVersion), change_note="Another note"),
    "decision": changing(lambda: first(Decision), text="Decided otherwise"),
    "close topic": changing(lambda: public_thread().topic, visibility=Visibility.HIDDEN),
    "delete thread": changing(public_thread, deleted_at=utcnow()),
}


@pytest.mark.any_engine
@time_machine.travel("2026-11-22T09:30:20Z", tick=False)
def test_kept_pages_say_what_is_so(demo: Flask, client: FlaskClient) -> None:
    with demo.test_request_context():
        addresses = kept_addresses(demo)
    assert {"/", "/topics", "/threads", "/cities", "/knowledge", "/privacy"} <= set(addresses)
    found = [client.get(address).status_code for address in addresses]
    assert (found.count(301), set(found)) == (1, {200, 301})  # a webinar without its words

    wrong = []
    for name, act in ACTS.items():
        before, addresses = addresses, kept_addresses(demo)
        for address in set(addresses) - set(before):
            client.get(address)
        act()
        kept = [client.get(address) for address in addresses]
        fragments().clear()
        made = [client.get(address) for address in addresses]
        wrong += [
            f"{name}: {address}"
            for address, old, new in zip(addresses, kept, made, strict=True)
            if (old.status_code, old.data) != (new.status_code, new.data)
        ]

    assert wrong == []


NOTED = NoteSet.id.in_(db.select(SummaryVersion.note_set_id))


def kept_addresses(app: Flask) -> list[str]:
    """One of each marked page, and lists that are narrowed, ordered and long."""
    found = [
        "/calendars/public.ics",
        f"/topics/{public_thread().topic.slug}/calendar.ics",
        f"/webinars/{coming_webinar().id}/calendar.ics",
        f"/webinars/{coming_webinar().id}-{slugify(coming_webinar().title)}",
        f"/webinars?topic={public_thread().topic.slug}",
        "/threads?show=unanswered&sort=newest",
        "/threads?kind=question&city=graz",
        "/?show=all",
    ]
    for rule in app.url_map.iter_rules():
        if hasattr(app.view_functions[rule.endpoint], BASIS):
            with app.test_request_context():
                found.append(app.url_for(rule.endpoint, **_values(rule.arguments, rule.endpoint)))
    return list(dict.fromkeys(address.replace("http://localhost", "") for address in found))


def _values(names: set[str], endpoint: str) -> dict[str, Any]:
    thread, webinar = public_thread(), SESSION.get(Webinar, first(NoteSet, NOTED).webinar_id)
    found = {"thread_id": thread.id, "webinar_id": webinar.id, "number": 1, "form": "md"}
    if endpoint.startswith("cities."):
        found["slug"] = first(City).slug
    elif names & {"thread_id", "webinar_id"}:
        found["slug"] = slugify(webinar.title if "webinar_id" in names else thread.title)
    else:
        found["slug"] = thread.topic.slug
    return {name: found[name] for name in names}
