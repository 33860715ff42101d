"""Every kind of reader against every kind of thread, in every output."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import Group, User
from app.core.enums import Visibility
from app.core.slugs import slugify
from app.forum.models import Thread
from app.forum.posting import Audience
from app.forum.topic_counts import counts_by_topic
from app.topics.models import Topic
from tests.factories import make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SECRET = "Shelter in winter, what a council asked"
EVERYBODY = {"visitor", "applicant", "member", "practitioner", "steward", "admin"}
APPROVED = {"member", "practitioner", "steward", "admin"}
INSIDE = {"practitioner", "steward"}
GROUP = {"practitioner"}

PLACES = {
    # place: visibility of the topic, audience of the thread, who reads, who knows the topic
    "public": (Visibility.PUBLIC, "topic", EVERYBODY, EVERYBODY),
    "network": (Visibility.NETWORK, "topic", APPROVED, APPROVED),
    "closed": (Visibility.CLOSED, "topic", INSIDE, EVERYBODY),
    "hidden": (Visibility.HIDDEN, "topic", INSIDE, INSIDE),
    "network thread in public": (Visibility.PUBLIC, "network", APPROVED, EVERYBODY),
    "group thread in public": (Visibility.PUBLIC, "group", GROUP, EVERYBODY),
    "group thread in hidden": (Visibility.HIDDEN, "group", GROUP, INSIDE),
}
ROLES = sorted(EVERYBODY)


@dataclass
class Scene:
    topic: Topic
    thread: Thread
    author: User
    viewer: User | None
    browser: FlaskClient
    reads: bool
    knows_topic: bool
    is_steward: bool


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    client_for: Callable[[User], FlaskClient],
) -> Scene:
    place, role = request.param
    visibility, audience, readers, knowing = PLACES[place]
    author = make_user()
    people: dict[str, User] = {
        "applicant": make_user(approved_at=None),
        "member": make_user(),
        "practitioner": make_user(),
        "steward": make_user(),
        "admin": make_user(role=SiteRole.ADMIN),
    }
    group = make_group(author, people["practitioner"])
    topic = make_topic("shelter", [group], visibility=visibility)
    make_steward(topic, people["steward"])
    thread = make_thread(topic, author, SECRET, audience=_audience(audience, group))
    make_reply(thread, author)
    viewer = people.get(role)
    signs_in = viewer is not None and role != "applicant"
    return Scene(
        topic=topic,
        thread=thread,
        author=author,
        viewer=viewer,
        browser=client_for(viewer) if viewer and signs_in else client,
        reads=role in readers,
        knows_topic=role in knowing,
        is_steward=role == "steward",
    )


def _audience(name: str, group: Group) -> Audience:
    return {
        "topic": Audience(),
        "network": Audience(Visibility.NETWORK),
        "group": Audience(Visibility.CLOSED, group.id),
    }[name]


ALL = [(place, role) for place in PLACES for role in ROLES]
every_reader = pytest.mark.parametrize(
    "scene", ALL, indirect=True, ids=[f"{role} in {place}" for place, role in ALL]
)


@every_reader
def test_every_page_shows_it_to_its_readers_alone(scene: Scene) -> None:
    """Counts, lists, thread, unread, history, feed, edit, follow, marks, posting."""
    found = counts_by_topic(scene.viewer).get(scene.topic.id)
    assert (found.thread_count if found else 0) == int(scene.reads)
    _check_pages(scene)
    _check_acts(scene)


def _check_pages(scene: Scene) -> None:
    browser, address = scene.browser, f"/threads/{scene.thread.id}"
    assert (scene.topic.names["en"] in browser.get("/topics").text) == scene.knows_topic
    topic_page = browser.get("/topics/shelter")
    assert topic_page.status_code == _topic_status(scene)
    assert (SECRET in topic_page.text) == scene.reads
    page = browser.get(f"{address}-{slugify(SECRET)}")
    assert (page.status_code, SECRET in page.text) == ((200, True) if scene.reads else (404, False))
    assert browser.get(f"{address}/unread").status_code == (302 if scene.reads else 404)
    history = browser.get(f"{address}/posts/1/history")
    assert history.status_code == (200 if scene.reads else 404)
    assert (SECRET in browser.get("/topics/shelter/feed.atom").text) == _is_public(scene)


def _check_acts(scene: Scene) -> None:
    browser, address = scene.browser, f"/threads/{scene.thread.id}"
    signed_in = scene.viewer is not None and scene.viewer.is_approved
    hidden = 404 if signed_in else 302

    posted = browser.post(f"{address}/posts", data={"body": "We did.", "language": "en"})
    assert posted.status_code == (_posting_status(scene, signed_in) if scene.reads else 404)
    edited = browser.get(f"{address}/posts/1/edit")
    assert edited.status_code == (_editing_status(scene, signed_in) if scene.reads else hidden)
    followed = browser.post(f"{address}/follow", data={"level": "following"})
    assert followed.status_code == (302 if scene.reads else hidden)
    unread = browser.post(f"{address}/posts/1/unread")
    assert unread.status_code == (302 if scene.reads else hidden)


def _editing_status(scene: Scene, signed_in: bool) -> int:
    """Of a post of somebody else: stewards may, with a reason."""
    return (200 if scene.is_steward else 403) if signed_in else 302


def _posting_status(scene: Scene, signed_in: bool) -> int:
    return 302 if signed_in else 401


def _is_public(scene: Scene) -> bool:
    return scene.topic.visibility == scene.thread.visibility == Visibility.PUBLIC


def _topic_status(scene: Scene) -> int:
    if not scene.knows_topic:
        return 404
    return 403 if scene.topic.visibility is Visibility.CLOSED and not scene.reads else 200


def test_hidden_looks_exactly_like_missing(
    client_for: Callable[[User], FlaskClient],
) -> None:
    group = make_group(author := make_user())
    topic = make_topic("shelter", [group], visibility=Visibility.HIDDEN)
    thread = make_thread(topic, author, SECRET)
    browser = client_for(make_user())

    for hidden, missing in [
        (f"/threads/{thread.id}", "/threads/99999"),
        ("/topics/shelter", "/topics/nothing"),
        (f"/threads/{thread.id}/posts/1/history", "/threads/99999/posts/1/history"),
        (f"/threads/{thread.id}/unread", "/threads/99999/unread"),
        ("/topics/shelter/feed.atom", "/topics/nothing/feed.atom"),
    ]:
        answers = [(browser.get(path), path) for path in (hidden, missing)]
        assert [answer.status_code for answer, _ in answers] == [404, 404]
        bodies = [_without_own_marks(answer.text, path) for answer, path in answers]
        assert bodies[0] == bodies[1]


def _without_own_marks(html: str, path: str) -> str:
    html = re.sub(r'csrf_token" value="[^"]*"|X-CSRFToken": "[^"]*"|nonce="[^"]*"', "", html)
    return html.replace(path, "")


def test_a_new_thread_cannot_go_into_a_topic_that_is_only_seen(
    client_for: Callable[[User], FlaskClient],
) -> None:
    make_topic("shelter", [make_group(make_user())], visibility=Visibility.CLOSED)
    make_topic()

    answer = client_for(make_user()).post(
        "/threads/new",
        data={
            "title": "A title of some length",
            "topic": "shelter",
            "body": "Some text.",
            "language": "en",
            "kind": "discussion",
            "audience": "topic",
        },
    )

    assert answer.status_code == 422
