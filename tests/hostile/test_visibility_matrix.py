"""One visibility rule: what is not yours to see is in no list, count, feed, mail or file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from difflib import unified_diff

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.drafting import save_draft
from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import write
from app.core.enums import Attribution, Visibility
from app.forum.models import Thread
from app.notes import deciding
from app.notes.deciding import Owner
from app.webinars.models import Webinar
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_accounts import make_applicant
from tests.factories_forum import make_reply, make_thread
from tests.factories_notes import note_at, open_notes, publish, save
from tests.factories_registrations import all_mails, mails_to, register, work
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]
KINDS = ("public", "network", "closed", "hidden")
ROLES = ("visitor", "applicant", "member", "practitioner", "insider", "organiser", "admin")
MARK = re.compile(r"quokka(?:topic|thread|reply|webinar|notes|record|draft)(?:[a-z]+)")
COMMON = "zebrafinch"


@dataclass
class World:
    people: dict[str, User | None] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    webinars: dict[str, Webinar] = field(default_factory=dict)


@pytest.fixture
def world(app: Flask) -> World:
    """A topic, a thread, a webinar and a summary of each visibility; every name is a marker."""
    made = World()
    city = make_city()
    inside = make_user("Shelter officer", city)
    practitioner = make_user("Practice officer", city)
    host = make_organiser()
    practitioners = make_group(practitioner)
    secret = make_group(inside, slug="secret")
    groups = {"closed": practitioners, "hidden": secret}
    made.people = {
        "visitor": None,
        "applicant": make_applicant(),
        "member": make_user("Housing officer"),
        "practitioner": practitioner,
        "insider": inside,
        "organiser": host,
        "admin": make_user("Network office", role=SiteRole.ADMIN),
    }
    assert tuple(made.people) == ROLES
    for kind in KINDS:
        group = groups.get(kind)
        author = {"closed": practitioner}.get(kind, inside)
        topic = make_topic(
            f"topic-{kind}",
            [group] if group else [],
            visibility=Visibility(kind),
            names={"en": f"quokkatopic{kind}"},
        )
        thread = make_thread(
            topic,
            author,
            f"quokkathread{kind} about {COMMON}",
            f"quokkathread{kind} asks about {COMMON}.",
        )
        make_reply(thread, author, f"quokkareply{kind} knows {COMMON}. https://example.org")
        made.threads[kind] = thread
        webinar = make_webinar(
            f"quokkawebinar{kind} on {COMMON}",
            organiser=host,
            topic_id=topic.id,
            visibility=Visibility.CLOSED if group else Visibility(kind),
            group_id=group.id if group else None,
        )
        make_agenda_item(webinar, f"quokkanotes{kind} welcome")
        _minute(webinar, host, kind)
        register(webinar, author)
        made.webinars[kind] = webinar
    _narrow(made, practitioner, practitioners.id)
    with write():
        save_draft(inside, "thread:new", {"title": "quokkadrafthidden", "body": "text"}, 0)
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    return made


def _minute(webinar: Webinar, host: User, kind: str) -> None:
    notes = open_notes(webinar, host)
    save(note_at(notes, 1), f"quokkanotes{kind} heard of {COMMON}.", host)
    with write():
        deciding.decide(notes, f"quokkarecord{kind} decided on {COMMON}", note_at(notes, 1))
        deciding.promise(
            notes, f"quokkarecord{kind} promised {COMMON}", Owner(label="Office"), date(2030, 1, 1)
        )
    publish(notes, host)


def _narrow(made: World, author: User, group_id: int) -> None:
    """A thread that fewer people read than its public topic."""
    narrow = make_thread(
        made.threads["public"].topic,
        author,
        f"quokkathreadnarrow about {COMMON}",
        f"quokkathreadnarrow asks about {COMMON}.",
        visibility=Visibility.CLOSED,
        group_id=group_id,
    )
    make_reply(narrow, author, f"quokkareplynarrow knows {COMMON}.")
    made.threads["narrow"] = narrow


def entitled(role: str) -> set[str]:
    """The markers that this person may ever see."""
    kinds = {
        "visitor": {"public"},
        "applicant": {"public"},
        "member": {"public", "network"},
        "practitioner": {"public", "network", "closed", "narrow"},
        "insider": {"public", "network", "hidden"},
        "organiser": {"public", "network"},
        "admin": {"public", "network"},
    }[role]
    marks = {f"quokka{thing}{kind}" for thing in ("thread", "reply") for kind in kinds}
    meetings = set(KINDS) if role == "organiser" else kinds - {"narrow"}
    marks |= {f"quokka{t}{k}" for t in ("webinar", "notes", "record") for k in meetings}
    marks |= {f"quokkatopic{kind}" for kind in meetings | {"closed"}}  # of one's own webinar, too
    return marks | ({"quokkadrafthidden"} if role == "insider" else set())


def outputs(world: World) -> list[str]:
    """Every address that gives something out."""
    found = ["/", "/?show=all", "/topics", "/webinars", "/knowledge", "/cities", "/cities/graz",
             "/members", "/sitemap.xml", "/calendars/public.ics", "/drafts", "/threads/new",
             "/webinars/new", "/settings", "/admin", f"/search?q={COMMON}", "/search?q=example.org",
             "/search?q=quokka*", "/webinars?mine=1", "/metrics", "/robots.txt"]  # fmt: skip
    for kind in KINDS:
        found += [f"/topics/topic-{kind}{tail}" for tail in ("", "?show=all", "/feed.atom",
                                                           "/calendar.ics")]  # fmt: skip
        found += [f"/webinars?topic=topic-{kind}", f"/search?q={COMMON}+topic:topic-{kind}"]
    for thread in world.threads.values():
        found += [f"/threads/{thread.id}{tail}" for tail in THREAD_TAILS]
    for webinar in world.webinars.values():
        found += [f"/webinars/{webinar.id}{tail}" for tail in WEBINAR_TAILS]
    return found


THREAD_TAILS = ("", "-x", "/unread", "/posts/1/history", "/posts/2/history", "/posts/1/edit",
                "/posts/1/menu")  # fmt: skip
WEBINAR_TAILS = (
    "", "-x", "/calendar.ics", "/notes", "/summary", "/summary.md", "/summary.txt", "/summary.docx",
    "/summary.odt", "/join", "/registrations", "/registrations.csv", "/registrations/new", "/edit",
    "/schedule", "/cancel",
)  # fmt: skip


def fetched(browser: FlaskClient, path: str) -> str:
    """Everything on the way: redirects name addresses, too."""
    answer = browser.get(path)
    told = text_of(answer)
    for _step in range(3):
        if answer.status_code not in {301, 302}:
            break
        answer = browser.get(answer.location)
        told += text_of(answer)
    return told


def text_of(answer: object) -> str:
    """All that went over the wire: archives opened, lines of calendars whole (RFC 5545, 3.1)."""
    content = answer.data  # type: ignore[attr-defined]
    parts = [str(answer.headers)]  # type: ignore[attr-defined]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    else:
        parts.append(content.replace(b"\r\n ", b"").decode("utf-8", "replace"))
    return "\n".join(parts)


@pytest.mark.parametrize("role", ROLES)
def test_each_marker_reaches_exactly_the_people_it_is_for(
    world: World, client: FlaskClient, client_for: SignIn, role: str
) -> None:
    person = world.people[role]
    browser = client_for(person) if person else client
    leaks: list[tuple[str, list[str]]] = []
    seen: set[str] = set()

    for path in outputs(world):
        marks = set(MARK.findall(fetched(browser, path)))
        seen |= marks
        if more := marks - entitled(role):
            leaks.append((path, sorted(more)))

    assert leaks == []
    assert sorted(entitled(role) - seen) == []


def test_pdf_is_given_to_whom_the_text_is_given(
    world: World, client: FlaskClient, client_for: SignIn
) -> None:
    webinars = {kind: webinar.id for kind, webinar in world.webinars.items()}
    given = {}

    for role, person in world.people.items():
        browser = client_for(person) if person else client
        answers = {k: browser.get(f"/webinars/{n}/summary.pdf") for k, n in webinars.items()}
        given[role] = {kind for kind, answer in answers.items() if answer.status_code == 200}

    wanted = {
        role: {kind for kind in KINDS if f"quokkanotes{kind}" in entitled(role)} for role in given
    }
    assert given == wanted


def test_search_counts_only_what_it_shows(
    world: World, client: FlaskClient, client_for: SignIn
) -> None:
    different = []

    for role in ("visitor", "applicant", "member", "admin"):
        person = world.people[role]
        browser = client_for(person) if person else client
        for word in ("quokkathreadhidden", "quokkareplynarrow", "quokkanotesclosed"):
            missing = "quokka" + "x" * (len(word) - 6)
            found, nothing = (browser.get(f"/search?q={w}").text for w in (word, missing))
            if steady(found.replace(word, missing)) != steady(nothing):
                different.append((role, word))

    assert different == []


def test_hidden_and_missing_are_answered_alike(
    world: World, client: FlaskClient, client_for: SignIn
) -> None:
    hidden_thread, hidden_webinar = world.threads["hidden"].id, world.webinars["hidden"].id
    twins = [(f"/threads/{hidden_thread}{t}", f"/threads/99999{t}") for t in THREAD_TAILS]
    twins += [(f"/webinars/{hidden_webinar}{t}", f"/webinars/99999{t}") for t in WEBINAR_TAILS]
    twins += [
        (f"/topics/topic-hidden{t}", f"/topics/topic-nowhere{t}")
        for t in ("", "/feed.atom", "/calendar.ics")
    ]
    twins += [("/webinars?topic=topic-hidden", "/webinars?topic=topic-nowhere")]
    posts = [(f"/threads/{hidden_thread}{t}", f"/threads/99999{t}")
             for t in ("/posts", "/follow", "/posts/1/unread", "/posts/1/edit")]  # fmt: skip
    posts += [(f"/webinars/{hidden_webinar}{t}", f"/webinars/99999{t}")
              for t in ("/registrations", "/join", "/join/link", "/publish", "/cancel", "/notes",
                        "/summary", "/decisions", "/actions", "/edit", "/schedule")]  # fmt: skip
    posts += [("/topics/topic-hidden/read", "/topics/topic-nowhere/read")]
    different = []

    for role in ("visitor", "applicant", "member", "practitioner", "admin"):
        person = world.people[role]
        browser = client_for(person) if person else client
        for verb, pairs in ((browser.get, twins), (browser.post, posts)):
            for there, nowhere in pairs:
                one, other = _bare(verb(there), there), _bare(verb(nowhere), nowhere)
                if one != other:
                    lines = unified_diff(one[1].split("\n"), other[1].split("\n"), n=0)
                    different.append((role, there, one[0], other[0], *list(lines)[:8]))

    assert different == []


CHANGING = re.compile(r"nonce=\"[^\"]*\"|/static/v-[0-9a-f]+|[\w-]{40,}\.[\w-]{6}\.[\w-]{20,}")


def steady(page: str) -> str:
    """A page without nonces, form tokens and versions of files, which differ each time."""
    return CHANGING.sub("", page)


def _bare(answer: object, path: str) -> tuple[int, str]:
    """The answer without what names the address or changes each time."""
    text: str = answer.text  # type: ignore[attr-defined]
    for name in (path, path.replace("/", "%2F")):
        text = text.replace(name, "")
    return answer.status_code, re.sub(r"(hidden|nowhere|\b\d+\b)", "", steady(text))  # type: ignore[attr-defined]


def test_mails_go_to_those_who_see_the_webinar(world: World) -> None:
    work()

    told = {
        role: set(MARK.findall("".join(str(mail) for mail in mails_to(person.email))))
        for role, person in world.people.items()
        if person
    }

    assert {role: marks - entitled(role) for role, marks in told.items() if marks} == {
        "practitioner": set(),
        "insider": set(),
    }


def test_chatham_house_threads_name_nobody(
    app: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    place = make_city("Wombatville")
    asks = make_user("Numbat officer", place, handle="numbat-handle")
    answers = make_user("Bilby officer", place, handle="bilby-handle")
    topic = make_topic()
    thread = make_thread(topic, asks, "quokkathreadquiet here", "Said under the rule.",
                         attribution=Attribution.CHATHAM_HOUSE)  # fmt: skip
    make_reply(thread, answers, "Answered under the rule.")
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    own = ["", "-quokkathreadquiet-here", "-quokkathreadquiet-here?page=2", "/unread",
           "/posts/1/history", "/posts/2/history"]  # fmt: skip
    paths = [f"/threads/{thread.id}{tail}" for tail in own]
    paths += [f"/topics/{topic.slug}", f"/topics/{topic.slug}/feed.atom", "/search?q=rule"]
    names = re.compile(r"numbat|bilby|wombatville", re.I)
    viewers = {
        "visitor": client,
        "member": client_for(make_user("Housing officer")),
        "admin": client_for(make_user("Network office", role=SiteRole.ADMIN)),
    }

    told = [
        (role, path, sorted(set(found)))
        for role, browser in viewers.items()
        for path in paths
        if (found := names.findall(fetched(browser, path)))
    ]
    on_city_page = [
        role
        for role, browser in viewers.items()
        if "quokka" in browser.get("/cities/wombatville").text
    ]
    home = [role for role, b in viewers.items() if re.search("Numbat|Bilby", b.get("/").text)]
    work()

    assert told == []
    assert on_city_page == []
    assert home == []
    assert all_mails() == []
