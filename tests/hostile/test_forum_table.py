"""Roles × visibilities × outputs of the forum: every cell, hidden always 404 or absent.

Each thing says a word of its own in its title, its text and the name of its file, and names
everybody. An output is an address; whoever is not in READERS of a thing must not get its word
from any of them, and whoever is must get it from each.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import feed_keys
from app.accounts.enums import SiteRole
from app.accounts.models import GroupMember, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.rate_limit import RateCount
from app.files.uploading import keep, prepare
from app.files.using import Attachment
from app.forum.attaching import attach_files
from app.forum.models import Post, Thread
from app.forum.posting import Audience
from app.forum.reader_models import Bookmark
from app.forum.topic_counts import counts_by_topic
from app.notifications.queries import unread_count
from app.search.facets import facets_of
from app.search.finding import find
from tests.factories import make_group, make_steward, make_topic, make_user
from tests.factories_accounts import make_applicant
from tests.factories_forum import make_reply, make_thread

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]
COMMON = "zebrafinch"

EVERYBODY = {"visitor", "applicant", "member", "worker", "insider", "steward", "organiser", "admin"}
APPROVED = EVERYBODY - {"visitor", "applicant"}
READERS: dict[str, set[str]] = {
    "public": EVERYBODY,
    "network": APPROVED,
    "members": APPROVED,  # a thread for members in a public topic
    "group": {"worker"},  # a thread for one group in a public topic
    "closed": {"worker", "steward"},
    "hidden": {"insider"},
    "deleted": set(),  # a post taken back by its author
    "silenced": set(),  # a post hidden by a steward
    "gone": set(),  # a deleted thread
}
REMOVED_POSTS = {"deleted", "silenced"}
"""Replies in public threads: the thread is everybody's, the post is nobody's."""

OF_A_THING = {
    "page": "/threads/{thread}",
    "permalink": "/threads/{thread}/{number}",
    "print": "/threads/{thread}/print",
    "export": "/threads/{thread}/thread.md",
    "upload": "{file}",
}
OF_ALL = {
    "list": "/threads",
    "search": f"/search?q={COMMON}",
    "similar": f"/threads/similar?title={COMMON}+and+more+words",
    "bookmarks": "/bookmarks",
    "notices": "/notifications",
    "own feed": "/feeds/{token}/latest.atom",
    "own search feed": f"/feeds/{{token}}/search.atom?q={COMMON}",
}
FOR_MEMBERS = {"similar", "bookmarks", "notices", "own feed", "own search feed"}
FOR_ANYONE = {
    "topic feed": "/topics/{slug}/feed.atom",
    "thread feed": "/threads/{thread}/feed.atom",
    "search feed": f"/search.atom?q={COMMON}",
}
"""Feeds without a key: what they hold, anyone may read, whoever asks."""


@dataclass(frozen=True)
class Thing:
    """A post to be found or not."""

    slug: str
    thread: int
    number: int
    file: str


@dataclass
class World:
    people: dict[str, User | None]
    things: dict[str, Thing]


@pytest.fixture
def world(app: Flask) -> World:
    people = _people()
    groups = {
        "closed": make_group(people["worker"], slug="working-group"),
        "hidden": make_group(people["insider"], slug="inner-circle"),
    }
    topics = {kind.value: _topic(kind, groups) for kind in Visibility}
    make_steward(topics["closed"], people["steward"])
    author = make_user("Author of everything")
    for group in groups.values():
        _join(group.id, author.id)
    named = " ".join(f"@{name}" for name in sorted(APPROVED))
    things = {}
    for name in READERS:
        topic = topics.get(name, topics["public"])
        audience = {
            "members": Audience(Visibility.NETWORK),
            "group": Audience(Visibility.CLOSED, groups["closed"].id),
        }.get(name, Audience())
        body = f"{COMMON} {word_of(name)} {named}"
        title = f"{COMMON} question: {word_of(name)}"
        if name in REMOVED_POSTS:
            thread = make_thread(topic, author, f"The {name} reply of somebody", "Words stay.")
            post = make_reply(thread, author, body)
        else:
            thread = make_thread(topic, author, title, body, audience=audience)
            post = db.session.query(Post).filter_by(thread_id=thread.id).one()
        things[name] = Thing(topic.slug, thread.id, post.number, _attach(post, author, name))
        _bookmark(post, people)
    return World(people, things)


def test_every_output_shows_what_is_theirs_and_nothing_else(
    world: World, app: Flask, client_for: SignIn, run_jobs: Callable[..., int]
) -> None:
    run_jobs()
    _remove(world)
    for role in sorted(EVERYBODY):
        _check_outputs(world, app, client_for, role)


def _check_outputs(world: World, app: Flask, client_for: SignIn, role: str) -> None:
    person = world.people[role]
    browser = client_for(person) if person else app.test_client()
    values = {"token": _token(person)}
    expected = {name for name, readers in READERS.items() if role in readers}
    public = {name for name, readers in READERS.items() if "visitor" in readers}

    seen = {}
    for output, path in OF_A_THING.items():
        seen[output] = {
            name
            for name, thing in world.things.items()
            if _shows(browser, path.format(**vars(thing)), name, output)
        }
    for output, path in OF_ALL.items():
        if output in FOR_MEMBERS and role not in APPROVED:
            continue
        page = _reached(browser, path.format(**values)).text
        seen[output] = {name for name in READERS if word_of(name) in page}
    assert (role, seen) == (role, dict.fromkeys(seen, expected))

    polled = {
        name
        for name, thing in world.things.items()
        if browser.get(f"/threads/{thing.thread}/live?after=0").status_code == 200
    }
    assert (role, polled) == (role, expected | REMOVED_POSTS)

    if role not in {"visitor", "insider"}:
        return
    for output, path in FOR_ANYONE.items():
        shown = {
            name
            for name, thing in world.things.items()
            if _shows(browser, path.format(**vars(thing)), name, output)
        }
        assert (role, output, shown) == (role, output, public)


def test_every_count_counts_what_is_theirs(world: World, run_jobs: Callable[..., int]) -> None:
    run_jobs()
    _remove(world)
    for role in sorted(EVERYBODY):
        _check_counts(world, role)


def _check_counts(world: World, role: str) -> None:
    person = world.people[role]
    expected = {name for name, readers in READERS.items() if role in readers}
    threads = expected | REMOVED_POSTS

    counted = sum(counts.thread_count for counts in counts_by_topic(person).values())
    found = find(person, COMMON)

    assert (role, counted) == (role, len(threads))
    assert (role, found.counts["conversations"]) == (role, len(expected))
    facets = facets_of(found)
    for facet in (facets.topic, facets.kind, facets.language):
        assert sum(facet.values()) == len(expected)
    if role in APPROVED:
        assert person is not None
        assert unread_count(person) == len(expected)


@pytest.mark.parametrize("role", ["admin", "applicant"])
def test_no_address_of_a_thread_admits_that_it_exists(
    world: World, app: Flask, client_for: SignIn, role: str
) -> None:
    """Every address under a thread, by GET and POST: hidden is 404, like a number never given."""
    _remove(world)
    person = world.people[role]
    assert person is not None
    browser = client_for(person)
    nowhere = _answers(app, browser, 999_999)
    for name in ("hidden", "group", "gone"):
        here = _answers(app, browser, world.things[name].thread)
        assert (name, here) == (name, nowhere)
        assert set(here.values()) <= {404, 403, 400}, (name, here)


def test_16_hidden_area_is_404_or_empty_for_outsiders_everywhere(
    world: World, client_for: SignIn, run_jobs: Callable[..., int]
) -> None:
    run_jobs()
    thing, word = world.things["hidden"], word_of("hidden")
    outsider, insider = world.people["member"], world.people["insider"]
    assert outsider is not None
    assert insider is not None
    named_in = {person.handle: unread_count(person) for person in (outsider, insider)}
    browser = client_for(outsider)

    codes = {
        path: browser.get(path).status_code
        for path in (
            f"/topics/{thing.slug}",
            f"/topics/{thing.slug}/feed.atom",
            f"/threads/{thing.thread}",
            f"/threads/{thing.thread}/{thing.number}",
            f"/completions/people?q=m&thread={thing.thread}",
            thing.file,
        )
    }
    assert codes == dict.fromkeys(codes, 404)
    for path in (f"/search?q={COMMON}", f"/search.atom?q={COMMON}", "/threads", "/topics"):
        assert word not in browser.get(path).text
        assert thing.slug not in browser.get(path).text
    assert f"/threads/{thing.thread}-" not in browser.get("/sitemap.xml").text
    assert named_in["insider"] > 0
    assert word not in browser.get("/notifications").text


def test_completion_of_people_asks_for_the_thread(world: World, client_for: SignIn) -> None:
    """Only who reads the thread is offered; who does not read it is told that it is not there."""
    closed = world.things["closed"].thread
    path = f"/completions/people?q=worker&thread={closed}"
    steward, member = world.people["steward"], world.people["member"]
    assert steward is not None
    assert member is not None

    offered = client_for(steward).get(path)
    others = client_for(steward).get(path.replace("q=worker", "q=member"))

    assert "worker" in offered.text
    assert "@member" not in others.text
    assert client_for(member).get(path).status_code == 404


def test_completion_of_topics_names_no_hidden_one(world: World, client_for: SignIn) -> None:
    for role in APPROVED:
        person = world.people[role]
        assert person is not None
        page = client_for(person).get("/completions/topics?q=topic").text
        assert ("topic-hidden" in page) == (role == "insider")


def word_of(name: str) -> str:
    return f"quokka{name}"


def _people() -> dict[str, Any]:
    roles = {"organiser": SiteRole.ORGANISER, "admin": SiteRole.ADMIN}
    people: dict[str, Any] = {
        name: make_user(name, handle=name, role=roles.get(name, SiteRole.MEMBER))
        for name in sorted(APPROVED)
    }
    return {**people, "visitor": None, "applicant": make_applicant()}


def _topic(kind: Visibility, groups: dict[str, Any]) -> Any:
    granted = [groups[kind.value]] if kind.value in groups else []
    return make_topic(f"topic-{kind.value}", granted, visibility=kind)


def _join(group_id: int, user_id: int) -> None:
    with write() as session:
        session.add(GroupMember(group_id=group_id, user_id=user_id))


def _attach(post: Post, author: User, name: str) -> str:
    prepared = prepare(io.BytesIO(word_of(name).encode()), f"{word_of(name)}.txt")
    with write():
        owner = db.session.get_one(User, author.id)
        file = keep(prepared, owner)
        attach_files(db.session.get_one(Post, post.id), owner, [Attachment(file.key)])
        return f"/files/{file.key}/{file.name}"


def _bookmark(post: Post, people: dict[str, Any]) -> None:
    with write() as session:
        session.add_all(
            Bookmark(user_id=person.id, post_id=post.id, created_at=utcnow())
            for person in people.values()
            if person is not None
        )


def _remove(world: World) -> None:
    now = utcnow()
    with write() as session:
        for name in REMOVED_POSTS:
            thing = world.things[name]
            post = session.query(Post).filter_by(thread_id=thing.thread, number=2).one()
            if name == "deleted":
                post.deleted_at = now
            else:
                post.hidden_at = now
            session.get_one(Thread, thing.thread).reply_count = 0
        session.get_one(Thread, world.things["gone"].thread).deleted_at = now


def _token(person: User | None) -> str:
    if person is None:
        return "none"
    with write():
        return feed_keys.feed_token(feed_keys.renew(db.session.get_one(User, person.id)))


def _reached(browser: FlaskClient, path: str) -> Any:
    """The answer behind the redirects, unless they lead to the sign-in."""
    answer = browser.get(path)
    while answer.status_code in {301, 302} and "/sign-in" not in answer.location:
        answer = browser.get(answer.location)
    return answer


def _shows(browser: FlaskClient, path: str, name: str, output: str) -> bool:
    """Whether the word is there. What does not show it is 404, or a page that goes on without."""
    if output in {"print", "export"}:
        _forget_counts()
    answer = _reached(browser, path)
    shown = answer.status_code == 200 and word_of(name) in answer.text
    if output != "upload":  # the page of an unknown address repeats the address
        assert shown or word_of(name) not in answer.text, (output, name)
    assert answer.status_code in {200, 404}, (output, name, answer.status_code)
    return shown


def _forget_counts() -> None:
    """Printing is limited; what is limited is not what is asked here."""
    with write() as session:
        session.query(RateCount).delete()


def _answers(app: Flask, browser: FlaskClient, thread_id: int) -> dict[str, int]:
    """Status of every address that begins with this thread, with real and odd arguments."""
    codes = {}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/threads/<int:thread_id>"):
            continue
        path = rule.rule.replace("<int:thread_id>", str(thread_id)).replace("<slug>", "x")
        path = path.replace("<int:number>", "1").replace("<int:revision>", "1")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            codes[f"{method} {rule.rule}"] = browser.open(path, method=method).status_code
    return codes
