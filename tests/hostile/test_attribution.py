"""Who said what stays where a thread promises it: names are looked for in every output.

Everybody's name, handle, seat, city and organisation holds the word `quokka`. What a person gets
to read of a thread under the promise must not hold it; pages that name people for other reasons
(the map of cities, stewards of a topic) must hold exactly what they held before the thread began.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import write
from app.core.enums import Attribution
from app.core.rate_limit import RateCount
from tests.factories import make_steward, make_topic, make_user
from tests.factories_accounts import make_applicant
from tests.hostile.discreet import COMMON, Scene, marked, tell

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]
MARK = re.compile(r"quokka\w*", re.IGNORECASE)
OWN = re.compile(
    r'<header class="head">.*?</header>|<select[^>]*name="speaks_as".*?</select>', re.S
)
"""Where people read their own name: the account menu, and the choice of whom to speak for."""

ROLES = ("visitor", "member", "admin", "steward", "asker", "answerer")
NUMBERS = (2, 4)  # accepted and edited by its author; edited by a steward

NAMING = (
    "/",
    "/topics/{slug}",
    "/completions/people?q=quokka",
    "/completions/cities?q=quokka",
    "/members",
    "/cities/quokkaville-1",
    "/sitemap.xml",
)
"""Pages that name people and cities for reasons of their own."""

EVERYWHERE = (
    "/threads",
    "/threads?show=new",
    "/threads?show=mine",
    "/topics/{slug}/feed.atom",
    f"/search?q={COMMON}",
    f"/search?q={COMMON}&author=me",
    f"/search.atom?q={COMMON}",
    "/bookmarks",
    "/drafts",
    "/notifications",
    f"/threads/similar?title={COMMON}+shelters",
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
    "/threads/{thread}/posts/1/history",
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

ASKING = ("visitor", "member", "admin", "asker")


@pytest.fixture
def scene(app: Flask, client_for: SignIn) -> Scene:
    topic = make_topic("shelters")
    people: dict[str, User | None] = {"visitor": None, "applicant": make_applicant()}
    for role in ("member", "organiser", "admin"):
        known = {"organiser": SiteRole.ORGANISER, "admin": SiteRole.ADMIN}
        people[role] = make_user(f"Reader {role}", role=known.get(role, SiteRole.MEMBER))
    for number, role in enumerate(("asker", "answerer", "other", "steward")):
        people[role] = marked(number)
    steward = people["steward"]
    assert steward is not None
    make_steward(topic, steward)
    return Scene(app, client_for, topic, people)


def test_17_chatham_thread_no_name_or_city_in_any_output_byte(
    scene: Scene, run_jobs: Callable[..., int]
) -> None:
    before = {role: _namings(scene, role) for role in ROLES}
    tell(scene, Attribution.CHATHAM_HOUSE)
    run_jobs()

    for role in ROLES:
        browser = scene.browser(role)
        assert _namings(scene, role) == before[role], role
        seen: set[str] = set()
        for path in _addresses(scene, role):
            assert (role, path, _marks(_reached(browser, path, seen))) == (role, path, Counter())
        for path in _filled(scene, role, ASKED_FOR if role in ASKING else ()):
            page = _reached(browser, path).text
            assert (role, path, scene.values["title"] in page) == (role, path, False)


def test_network_attribution_names_people_to_members_only(
    scene: Scene, run_jobs: Callable[..., int]
) -> None:
    outside = ("visitor", "applicant")
    before = {role: _namings(scene, role) for role in outside}
    tell(scene, Attribution.NETWORK)
    run_jobs()

    for role in outside:
        browser = scene.browser(role)
        assert _namings(scene, role) == before[role], role
        seen: set[str] = set()
        for path in _addresses(scene, role):
            assert (role, path, _marks(_reached(browser, path, seen))) == (role, path, Counter())
        for path in _filled(scene, role, ASKED_FOR):
            page = _reached(browser, path).text
            assert (role, path, scene.values["title"] in page) == (role, path, False)

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


def _namings(scene: Scene, role: str) -> dict[str, Counter[str]]:
    """What pages name that have reasons to."""
    _forget_limits()
    browser = scene.browser(role)
    values = {"token": scene.token(role), "slug": scene.topic.slug}
    return {path: _marks(_reached(browser, path.format(**values))) for path in NAMING}


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
    yield from _filled(scene, role, EVERYWHERE + OF_THE_THREAD)
    yield from scene.values["files"]


def _filled(scene: Scene, role: str, paths: tuple[str, ...]) -> Iterator[str]:
    values = {**scene.values, "token": scene.token(role)}
    return (path.format(**values) for path in paths)


def _marks(answer: Any) -> Counter[str]:
    assert answer.status_code in {200, 301, 302, 400, 403, 404, 401}, (
        answer.request.path,
        answer.status,
    )
    told = OWN.sub("", answer.text) + str(answer.headers)
    return Counter(word.lower() for word in MARK.findall(told))


def _reached(browser: FlaskClient, path: str, seen: set[str] | None = None) -> Any:
    """The answer behind the redirects, unless they lead to the sign-in or to a page seen before."""
    answer = browser.get(path)
    while answer.status_code in {301, 302} and "/sign-in" not in answer.location:
        address = answer.location.partition("#")[0]
        if seen is not None and address in seen:
            break
        if seen is not None:
            seen.add(address)
        answer = browser.get(address)
    return answer


def _forget_limits() -> None:
    """Printing and searching are limited; what is limited is not what is asked here."""
    with write() as session:
        session.query(RateCount).delete()
