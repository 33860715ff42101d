"""A thread under a promise, in which everything happened that can happen.

Its people are told apart by words that hold `quokka`; the texts hold none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import feed_keys
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.forum import (
    accepting,
    bookmarking,
    editing,
    following,
    overviewing,
    posting,
    responding,
    timeboxing,
)
from app.forum.curating import hiding, locking, merging, splitting, tagging, titling
from app.forum.curating.holding import hold, hold_post_for
from app.forum.enums import FollowLevel, ResponseKind, ThreadKind
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.network.enums import OrganisationKind
from app.network.models import Organisation
from app.topics.models import Topic
from tests.factories import make_city, make_seat, make_user
from tests.factories_files import attached_file
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]

TITLE = "Wallaby shelters in winter"
COMMON = "wallaby"


@dataclass
class Scene:
    app: Flask
    sign_in: SignIn
    topic: Topic
    people: dict[str, User | None]
    values: dict[str, Any] = field(default_factory=dict)

    def browser(self, role: str) -> FlaskClient:
        person = self.people[role]
        return self.sign_in(person) if person else self.app.test_client()

    def token(self, role: str) -> str:
        person = self.people[role]
        if person is None:
            return "none"
        with write():
            return feed_keys.feed_token(feed_keys.renew(db.session.get_one(User, person.id)))


def marked(number: int) -> User:
    """Somebody of a city of their own; the third sits for an organisation."""
    person = make_user(f"Quokkaname{number}", handle=f"quokkahandle{number}")
    title = f"Quokkatitle{number}"
    if number == 2:
        with write() as session:
            office = Organisation(
                slug="quokkaoffice",
                names={"en": "Quokkaoffice"},
                kind=next(iter(OrganisationKind)),
                created_at=utcnow(),
            )
            session.add(office)
        make_seat(person, make_city(), city_id=None, organisation_id=office.id, title=title)
    else:
        city = make_city(f"Quokkatown{number}", slug=f"quokkaville-{number}")
        make_seat(person, city, title=title)
    return person


def tell(scene: Scene, attribution: Attribution) -> None:
    """A thread in which everything happened that can happen, by people of several cities."""
    people = {role: person for role, person in scene.people.items() if person is not None}
    asker, answerer, other = people["asker"], people["answerer"], people["other"]
    followers = [person for role, person in people.items() if role != "applicant"]
    with write():
        for person in followers:
            following.follow_topic(scene.topic.id, person, FollowLevel.LOUD)
    promise = {"attribution": attribution}
    old = make_thread(scene.topic, other, f"Old {COMMON} question", f"{COMMON} again", **promise)
    make_reply(old, answerer, f"{COMMON}: yes.")
    make_reply(old, asker, f"{COMMON}: no.")
    thread = make_thread(
        scene.topic, asker, TITLE, f"{COMMON}: which doors?", kind=ThreadKind.QUESTION, **promise
    )
    quotation = f"> {COMMON}: which doors?\n> [post 1](/threads/{thread.id}/1)"
    second = make_reply(thread, answerer, f"{quotation}\n\nOurs, {COMMON}.", reply_to=1)
    third = make_reply(thread, other, f"{COMMON}: all of them.", reply_to=2)
    fourth = make_reply(thread, answerer, f"{COMMON}: we too, with a long text.", reply_to=3)
    with write():
        for number in range(5, 24):
            text = text_of(f"{COMMON} note {number}.")
            posting.reply(thread, (asker, other)[number % 2], text, reply_to=4)
    files = [attached_file(post, who) for post, who in ((second, answerer), (third, other))]
    scene.values = {"thread": thread.id, "old": old.id, "slug": scene.topic.slug}
    scene.values["files"] = [f"/files/{file.key}/{file.name}" for file in files]
    _write_and_answer(people, thread, second, fourth)
    for person in followers:
        with write():
            bookmarking.keep(second, person, "For later")
            bookmarking.keep(fourth, person)
    _look_after(scene, people["steward"], thread, old)


def _write_and_answer(people: dict[str, User], thread: Thread, second: Post, fourth: Post) -> None:
    asker, answerer, steward = people["asker"], people["answerer"], people["steward"]
    longer = text_of(f"{COMMON}: ours, and here is why. " + "Because people came. " * 12)
    with write():
        version = editing.version_of(second)
        editing.edit_post(second, answerer, longer, version, "More to say")
        version = editing.version_of(fourth)
        editing.edit_post(fourth, steward, longer, version, "Personal data", is_steward=True)
        accepting.accept(second, asker)
        for role in ("asker", "steward", "other", "member"):
            responding.toggle(second, people[role], ResponseKind.SAME_HERE)
        responding.toggle(fourth, asker, ResponseKind.HELPFUL)
        overviewing.save_overview(thread, answerer, text_of(f"{COMMON}: first"), 0)
        overviewing.save_overview(thread, people["other"], text_of(f"{COMMON}: second"), 1)
        timeboxing.set_deadline(thread, asker, (utcnow() + timedelta(days=9)).date())
    with write() as session:
        session.get_one(Thread, thread.id).answers_by = utcnow() - timedelta(minutes=5)


def _look_after(scene: Scene, steward: User, thread: Thread, old: Thread) -> None:
    scene.values["title"] = f"{TITLE}, renamed"
    with write():
        tagging.make_tag(scene.topic, {"en": "Doors"}, steward)
        held = hold(thread.id, old.id)
        here = held[thread.id]
        titling.rename(here, scene.values["title"], steward)
        tagging.retag(here, {"doors"}, steward)
        for locked in (True, False):
            locking.set_locked(here, steward, locked=locked)
        locking.set_pinned(here, steward, pinned=True)
        hiding.hide(hold_post_for(steward, thread.id, 6), steward, "Personal data")
        hiding.hide(hold_post_for(steward, thread.id, 8), steward, "Personal data")
        hiding.unhide(hold_post_for(steward, thread.id, 8), steward)
        merging.merge(held[old.id], here, steward)
        scene.values["apart"] = splitting.split(here, {7, 9}, f"{COMMON} apart", steward).id
