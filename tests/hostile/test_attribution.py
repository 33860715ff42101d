"""Who said what stays where a thread promises it: names are looked for in every output.

Everybody's name, handle, seat, city and organisation holds the word `quokka`. What a person gets
to read of a thread under the promise must not hold it; pages that name people for other reasons
(the map of cities, stewards of a topic) must hold exactly what they held before the thread began.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import feed_keys
from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.core.rate_limit import RateCount
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
from tests.factories import make_city, make_seat, make_steward, make_topic, make_user
from tests.factories_accounts import make_applicant
from tests.factories_files import attached_file
from tests.factories_forum import make_reply, make_thread

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]
MARK = re.compile(r"quokka\w*", re.IGNORECASE)
OWN = re.compile(
    r'<header class="head">.*?</header>|<select[^>]*name="speaks_as".*?</select>', re.S
)
"""Where people read their own name: the account menu, and the choice of whom to speak for."""

TITLE = "Wallaby shelters in winter"
COMMON = "wallaby"
ROLES = ("visitor", "member", "organiser", "admin", "steward", "asker", "answerer")
NUMBERS = (1, 2, 4)  # asked and attached to; accepted and edited; edited by a steward

EVERYWHERE = (
    "/",
    "/threads",
    "/threads?show=new",
    "/threads?show=following",
    "/threads?show=mine",
    "/threads?show=solved",
    "/threads?sort=replies&kind=question",
    "/topics",
    "/topics/{slug}",
    "/topics/{slug}/feed.atom",
    f"/search?q={COMMON}",
    f"/search?q={COMMON}&author=me",
    f"/search.atom?q={COMMON}",
    "/bookmarks",
    "/drafts",
    "/notifications",
    f"/threads/similar?title={COMMON}+shelters",
    "/completions/topics?q=topic",
    "/completions/people?q=quokka",
    "/completions/cities?q=quokka",
    "/members",
    "/cities",
    "/cities/quokkaville-1",
    "/sitemap.xml",
    "/feeds/{token}/latest.atom",
    "/feeds/{token}/topics/{slug}.atom",
    f"/feeds/{{token}}/search.atom?q={COMMON}",
)
OF_THE_THREAD = (
    "/threads/{thread}/live?after=0",
    "/threads/{thread}/feed.atom",
    "/feeds/{token}/threads/{thread}.atom",
    "/threads/{thread}?page=2",
    "/threads/{thread}?reply_to=2",
    "/threads/{thread}?quote=2",
    "/threads/{thread}/posts/2/history?view=sides",
    "/threads/{old}/3",
    "/threads/{old}",
    "/threads/{apart}",
)
ASKED_FOR = (
    "/threads?author=quokkaname1",
    "/threads?author=@quokkahandle1",
    "/threads?city=quokkaville-1",
    "/threads?city=Quokkatown1",
    "/topics/{slug}?author=quokkaname1",
    "/topics/{slug}?city=quokkaville-1",
    f"/search?q={COMMON}&author=quokkaname1",
    f"/search?q={COMMON}&city=quokkaville-1",
    f"/search?q={COMMON}+author:quokkahandle1",
    f"/search?q={COMMON}+city:quokkaville-1",
    "/cities/quokkaville-0",
    "/cities/quokkaville-1",
    "/search?q=quokkaname1",
    "/search?q=quokkatown1",
    "/search.atom?q=quokkaname1",
    f"/search.atom?q={COMMON}+city:quokkaville-1",
    f"/feeds/{{token}}/search.atom?q={COMMON}+author:quokkahandle1",
    f"/feeds/{{token}}/search.atom?q={COMMON}+city:quokkaville-1",
)
"""Questions for people and cities: their answers must not hold the thread."""


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


@pytest.fixture
def scene(app: Flask, client_for: SignIn) -> Scene:
    topic = make_topic("shelters")
    people: dict[str, User | None] = {"visitor": None, "applicant": make_applicant()}
    for role in ("member", "organiser", "admin"):
        known = {"organiser": SiteRole.ORGANISER, "admin": SiteRole.ADMIN}
        people[role] = make_user(f"Reader {role}", role=known.get(role, SiteRole.MEMBER))
    for number, role in enumerate(("asker", "answerer", "other", "steward")):
        people[role] = _marked(number)
    steward = people["steward"]
    assert steward is not None
    make_steward(topic, steward)
    return Scene(app, client_for, topic, people)


def _marked(number: int) -> User:
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


def test_17_chatham_thread_no_name_or_city_in_any_output_byte(
    scene: Scene, run_jobs: Callable[..., int]
) -> None:
    before = {role: _everywhere(scene, role) for role in ROLES}
    _tell(scene, Attribution.CHATHAM_HOUSE)
    run_jobs()

    for role in ROLES:
        browser = scene.browser(role)
        assert _everywhere(scene, role) == before[role], role
        for path in _addresses(scene, role):
            assert (role, path, _marks(_reached(browser, path))) == (role, path, Counter())
        for path in _filled(scene, role, ASKED_FOR):
            page = _reached(browser, path).text
            assert (role, path, scene.values["title"] in page) == (role, path, False)
        _forget_limits()


def test_network_attribution_names_people_to_members_only(
    scene: Scene, run_jobs: Callable[..., int]
) -> None:
    outside = ("visitor", "applicant")
    before = {role: _everywhere(scene, role) for role in outside}
    _tell(scene, Attribution.NETWORK)
    run_jobs()

    for role in outside:
        browser = scene.browser(role)
        assert _everywhere(scene, role) == before[role], role
        for path in _addresses(scene, role):
            assert (role, path, _marks(_reached(browser, path))) == (role, path, Counter())
        for path in _filled(scene, role, ASKED_FOR):
            page = _reached(browser, path).text
            assert (role, path, scene.values["title"] in page) == (role, path, False)
        _forget_limits()

    member, values = scene.browser("member"), scene.values
    for path in (
        "/topics/{slug}/feed.atom",
        "/threads/{thread}/feed.atom",
        "/search.atom?q=wallaby",
    ):
        assert (path, _marks(_reached(member, path.format(**values)))) == (path, Counter())
    for path in ("/threads/{thread}", "/threads/{thread}/print", "/threads/{thread}/thread.md"):
        told = _marks(_reached(member, path.format(**values)))
        wanted = {"quokkaname0", "quokkaname1", "quokkatown0", "quokkaname3", "quokkaoffice"}
        assert (path, wanted - set(told)) == (path, set())
    for path in ("/threads?author=quokkaname0", "/threads?city=quokkaville-1"):
        assert (path, values["title"] in _reached(member, path).text) == (path, True)


def _everywhere(scene: Scene, role: str) -> dict[str, Counter[str]]:
    """What every page that exists without the thread names."""
    _forget_limits()
    browser = scene.browser(role)
    values = {"token": scene.token(role), "slug": scene.topic.slug}
    return {path: _marks(_reached(browser, path.format(**values))) for path in EVERYWHERE}


def _addresses(scene: Scene, role: str) -> Iterator[str]:
    """Every address of the thread that is there to be read, with several of its posts."""
    _forget_limits()
    for rule in scene.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "<int:thread_id>" not in rule.rule:
            continue
        if rule.endpoint.startswith("personal_feeds"):
            continue
        path = rule.rule.replace("<int:thread_id>", str(scene.values["thread"]))
        path = path.replace("<slug>", "wallaby").replace("<int:revision>", "1")
        numbers = NUMBERS if "<int:number>" in path else (1,)
        yield from (path.replace("<int:number>", str(number)) for number in numbers)
    yield from _filled(scene, role, OF_THE_THREAD)
    yield from scene.values["files"]


def _filled(scene: Scene, role: str, paths: tuple[str, ...]) -> Iterator[str]:
    values = {**scene.values, "token": scene.token(role)}
    return (path.format(**values) for path in paths)


def _marks(answer: Any) -> Counter[str]:
    assert answer.status_code in {200, 302, 400, 403, 404, 401}, (
        answer.request.path,
        answer.status,
    )
    told = OWN.sub("", answer.text) + str(answer.headers)
    return Counter(word.lower() for word in MARK.findall(told))


def _reached(browser: FlaskClient, path: str) -> Any:
    """The answer behind the redirects, unless they lead to the sign-in."""
    answer = browser.get(path)
    while answer.status_code in {301, 302} and "/sign-in" not in answer.location:
        answer = browser.get(answer.location)
    return answer


def _forget_limits() -> None:
    """Printing and searching are limited; what is limited is not what is asked here."""
    with write() as session:
        session.query(RateCount).delete()


def _tell(scene: Scene, attribution: Attribution) -> None:
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
