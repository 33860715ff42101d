"""Looking after threads: each act, who may do it, what readers and the audit log see of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.drafting import save_draft
from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.curating import hiding, tagging
from app.forum.curating.holding import hold
from app.forum.enums import EventKind, ThreadKind
from app.forum.models import Post, Tag, Thread, ThreadTag
from app.topics.models import Topic
from tests.factories import make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.forum.curated import (
    audited,
    details,
    events,
    landed,
    make_tags,
    merge,
    nothing_is_miscounted,
    page_of,
    post_at,
)

SignIn = Callable[[User], FlaskClient]


ACTS = [
    ("lock", {}, 302),
    ("unlock", {}, 302),
    ("pin", {}, 302),
    ("unpin", {}, 302),
    ("rename", {"title": "Another title of fair length"}, 302),
    ("tags", {}, 302),
    ("move", {"topic": "elsewhere"}, 302),
    ("split", {"title": "A thread of its own", "posts": "2"}, 302),
    ("merge", {"target": "2"}, 302),
    ("attribution", {"attribution": "network"}, 302),
    ("posts/2/hide", {"reason": "Names a resident"}, 302),
    ("posts/2/unhide", {}, 302),
]


@pytest.mark.parametrize("act_of", [None, SiteRole.ORGANISER])
@pytest.mark.parametrize(("act", "typed", "status"), ACTS)
def test_each_act_is_for_stewards_and_the_office(
    client_for: SignIn,
    client: FlaskClient,
    topic: Topic,
    thread: Thread,
    member: User,
    steward: User,
    act: str,
    typed: dict[str, str],
    status: int,
    act_of: SiteRole | None,
) -> None:
    make_thread(topic, member, "Another thread in this topic")
    make_reply(thread, member)
    make_topic("elsewhere")
    path = f"/threads/{thread.id}/{act}"

    assert client.post(path, data=typed).location.startswith("/sign-in")
    assert client_for(member).post(path, data=typed).status_code == 403
    assert events(thread) == []
    person = steward if act_of is None else make_user(role=act_of)
    assert client_for(person).post(path, data=typed).status_code == status
    assert nothing_is_miscounted()


@pytest.mark.parametrize(("act", "typed", "status"), ACTS)
def test_hidden_thread_is_missing_for_admins_and_stewards_of_other_topics(
    client_for: SignIn, author: User, act: str, typed: dict[str, str], status: int
) -> None:
    closed = make_topic("closed", visibility=Visibility.HIDDEN)
    make_steward(closed, author)
    thread = make_thread(closed, author)
    make_reply(thread, author)
    stranger = make_user(role=SiteRole.ADMIN)
    make_steward(make_topic("elsewhere"), stranger)

    answer = client_for(stranger).post(f"/threads/{thread.id}/{act}", data=typed)

    assert answer.status_code == 404
    assert client_for(stranger).get(f"/threads/{thread.id}/{act}").status_code in {404, 405}
    assert events(thread) == []


def test_admin_curates_what_they_read(client_for: SignIn, thread: Thread) -> None:
    browser = client_for(make_user(role=SiteRole.ADMIN))

    assert browser.post(f"/threads/{thread.id}/lock").status_code == 302
    assert thread.is_locked


def test_lock_closes_and_unlock_opens(
    client_for: SignIn, thread: Thread, steward: User, member: User
) -> None:
    browser, path = client_for(steward), f"/threads/{thread.id}"

    page = landed(browser, browser.post(f"{path}/lock"))
    again = landed(browser, browser.post(f"{path}/lock"))

    assert f'action="{path}/unlock"' in page
    assert ">Undo</button>" in page
    assert "The thread was locked already." in again
    assert client_for(member).post(f"{path}/posts", data={"body": "A reply"}).status_code == 403
    browser.post(f"{path}/unlock")
    browser.post(f"{path}/unlock")
    assert events(thread) == [EventKind.LOCKED, EventKind.UNLOCKED]
    assert audited(thread) == ["forum.locked", "forum.unlocked"]
    assert (thread.event_count, thread.is_locked) == (2, False)


def test_pin_and_unpin_leave_one_event_each(
    client_for: SignIn, thread: Thread, steward: User
) -> None:
    browser, path = client_for(steward), f"/threads/{thread.id}"

    for act in ("pin", "pin", "unpin", "unpin"):
        browser.post(f"{path}/{act}")

    assert events(thread) == [EventKind.PINNED, EventKind.UNPINNED]
    assert audited(thread) == ["forum.pinned", "forum.unpinned"]


def test_author_renames_on_the_first_day(
    client_for: SignIn, thread: Thread, author: User, steward: User
) -> None:
    path, typed = f"/threads/{thread.id}/rename", {"title": "Who answers by telephone?"}
    old = thread.title

    browser = client_for(author)
    page = landed(browser, browser.post(path, data=typed))
    with time_machine.travel(utcnow() + timedelta(hours=25), tick=False):
        later = client_for(author).post(path, data={"title": "Something else entirely"})
        by_steward = client_for(steward).post(path, data={"title": "Something else entirely"})

    assert "Who answers by telephone?</h1>" in page
    assert f'name="title" value="{old}"' in page
    assert (later.status_code, by_steward.status_code) == (403, 302)
    assert events(thread) == [EventKind.RENAMED, EventKind.RENAMED]
    assert details(thread) == {"old": typed["title"], "new": "Something else entirely"}
    assert thread.title == "Something else entirely"


@pytest.mark.parametrize("title", ["", "Short", "x" * 151, "\x00\x01"])
def test_wrong_title_comes_back(
    client_for: SignIn, thread: Thread, steward: User, title: str
) -> None:
    answer = client_for(steward).post(f"/threads/{thread.id}/rename", data={"title": title})

    assert answer.status_code == 422
    assert "Write a title of 8 to 150 characters." in answer.text
    assert events(thread) == []


def test_same_title_changes_nothing(client_for: SignIn, thread: Thread, steward: User) -> None:
    client_for(steward).post(f"/threads/{thread.id}/rename", data={"title": thread.title})

    assert events(thread) == []


def test_author_of_a_locked_thread_renames_it_no_more(
    client_for: SignIn, topic: Topic, author: User
) -> None:
    locked = make_thread(topic, author, is_locked=True)

    answer = client_for(author).get(f"/threads/{locked.id}/rename")

    assert answer.status_code == 403


def test_steward_makes_names_and_removes_tags(
    client_for: SignIn, topic: Topic, steward: User
) -> None:
    browser, path = client_for(steward), f"/topics/{topic.slug}/tags"

    made = browser.post(path, data={"name_en": "Cargo bikes", "name_de": "Lastenräder"})
    double = browser.post(path, data={"name_en": "Cargo  bikes"})
    tag = db.session.scalars(select(Tag)).one()
    one = f"{path}/{tag.id}"

    assert (made.status_code, tag.slug) == (302, "cargo-bikes")
    assert tag.names == {"en": "Cargo bikes", "de": "Lastenräder"}
    assert double.status_code == 422
    assert "This topic has a tag with this name already." in double.text
    assert 'value="Lastenräder"' in browser.get(one).text
    assert browser.post(one, data={"name_en": "Bikes"}).status_code == 302
    db.session.rollback()
    assert (tag.slug, tag.names) == ("cargo-bikes", {"en": "Bikes"})
    assert "Bikes" in browser.get(path).text
    assert browser.post(f"{one}/delete").status_code == 302
    assert db.session.scalars(select(Tag)).all() == []
    assert browser.post(f"{one}/delete").status_code == 404


@pytest.mark.parametrize("typed", [{}, {"name_en": "x" * 41}, {"name_en": " "}])
def test_wrong_tag_comes_back(
    client_for: SignIn, topic: Topic, steward: User, typed: dict[str, str]
) -> None:
    answer = client_for(steward).post(f"/topics/{topic.slug}/tags", data=typed)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_tags_are_made_by_stewards_only(
    client_for: SignIn, client: FlaskClient, topic: Topic, member: User
) -> None:
    path = f"/topics/{topic.slug}/tags"
    hidden = make_topic("hidden", visibility=Visibility.HIDDEN)

    assert client_for(member).get(path).status_code == 403
    assert client_for(member).get(f"/topics/{hidden.slug}/tags").status_code == 404
    assert client.get(path).location.startswith("/sign-in")


def test_thread_takes_up_to_five_tags_of_its_topic(
    client_for: SignIn, topic: Topic, thread: Thread, author: User, steward: User
) -> None:
    names = ["Bikes", "Buses", "Cars", "Feet", "Rails", "Ships"]
    make_tags(topic, steward, *names)
    make_tags(make_topic("elsewhere"), steward, "Foreign")
    browser, path = client_for(author), f"/threads/{thread.id}/tags"

    too_many = browser.post(path, data={"tags": [name.lower() for name in names]})
    page = landed(browser, browser.post(path, data={"tags": ["bikes", "buses", "foreign"]}))
    again = browser.post(path, data={"tags": ["buses bikes"]})
    browser.post(path, data={"tags": ["buses"]})

    assert (too_many.status_code, again.status_code) == (422, 302)
    assert "Choose at most five tags." in too_many.text
    assert "Bikes</a>" in page
    assert 'value="buses" checked' in browser.get(path).text
    assert events(thread) == [EventKind.RETAGGED, EventKind.RETAGGED]
    assert details(thread) == {"added": [], "removed": ["bikes"]}
    assert [tag.slug for tag in tagging.tags_of(thread)] == ["buses"]


def test_removed_tag_leaves_its_threads(topic: Topic, thread: Thread, steward: User) -> None:
    make_tags(topic, steward, "Bikes")
    with write():
        tagging.retag(hold(thread.id)[thread.id], ["bikes"], steward)
    with write():
        tagging.remove_tag(db.session.scalars(select(Tag)).one(), steward)

    assert db.session.scalars(select(ThreadTag)).all() == []


def test_hidden_post_keeps_its_number_and_shows_no_text(
    client_for: SignIn, client: FlaskClient, thread: Thread, member: User, steward: User
) -> None:
    make_reply(thread, member, "The name of a resident")
    make_reply(thread, member, "Something harmless")
    browser, path = client_for(steward), f"/threads/{thread.id}/posts/2"

    form = browser.get(f"{path}/hide").text
    page = landed(browser, browser.post(f"{path}/hide", data={"reason": "Names a resident"}))
    browser.post(f"{path}/hide", data={"reason": "Again"})

    assert "The name of a resident" in form
    assert f'action="/threads/{thread.id}/posts/2/unhide"' in page
    assert "The name of a resident" not in page
    assert "The name of a resident" not in page_of(client, thread)
    assert events(thread) == [EventKind.HIDDEN]
    assert details(thread) == {"number": 2}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "forum.hidden")).one()
    assert entry.details == {"number": 2, "reason": "Names a resident"}
    assert (thread.reply_count, thread.last_number) == (1, 3)
    hidden = browser.get(f"/threads/{thread.id}/hidden").text
    assert "The name of a resident" in hidden
    assert "Names a resident" in hidden
    browser.post(f"{path}/unhide")
    browser.post(f"{path}/unhide")
    assert events(thread) == [EventKind.HIDDEN, EventKind.UNHIDDEN]
    assert (thread.reply_count, post_at(thread, 2).hidden_reason) == (2, "")
    assert "Nothing is hidden" in browser.get(f"/threads/{thread.id}/hidden").text


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_hiding_needs_a_reason(
    client_for: SignIn, thread: Thread, steward: User, reason: str
) -> None:
    path = f"/threads/{thread.id}/posts/1/hide"

    answer = client_for(steward).post(path, data={"reason": reason})

    assert answer.status_code == 422
    assert "Say why, in at most 200 characters." in answer.text


def test_hidden_answer_solves_nothing(topic: Topic, author: User, steward: User) -> None:
    question = make_thread(topic, author, kind=ThreadKind.QUESTION)
    post = make_reply(question, steward)
    with write():
        question.accepted_number = question.consolidated_number = 2
    with write():
        hold(question.id)
        hiding.hide(db.session.get_one(Post, post.id), steward, "Wrong")

    assert (question.accepted_number, question.consolidated_number) == (None, None)
    assert events(question) == [EventKind.HIDDEN, EventKind.UNACCEPTED]


def test_promise_is_tightened_and_never_loosened(
    client_for: SignIn, client: FlaskClient, thread: Thread, steward: User
) -> None:
    browser, path = client_for(steward), f"/threads/{thread.id}/attribution"

    statuses = [
        browser.post(path, data={"attribution": wanted}).status_code
        for wanted in ("network", "network", "chatham_house", "open", "all")
    ]

    assert statuses == [302, 302, 302, 422, 422]
    assert thread.attribution is Attribution.CHATHAM_HOUSE
    assert events(thread) == [EventKind.TIGHTENED, EventKind.TIGHTENED]
    assert details(thread) == {"old": "network", "new": "chatham_house"}
    assert "Human rights officer" not in page_of(browser, thread)
    assert 'value="chatham_house"' in browser.get(path).text


def test_aside_offers_what_a_person_may_do(
    client_for: SignIn, thread: Thread, author: User, member: User, steward: User
) -> None:
    path = f"/threads/{thread.id}"
    of_author, of_member, of_steward = (
        page_of(client_for(person), thread) for person in (author, member, steward)
    )

    assert "Look after this thread" not in of_member
    assert f'href="{path}/rename"' in of_author
    assert f"{path}/lock" not in of_author
    assert f'action="{path}/lock"' in of_steward


def test_menu_of_a_post_offers_stewards_to_hide_it_or_give_it_a_thread(
    client_for: SignIn, thread: Thread, member: User, steward: User
) -> None:
    make_reply(thread, member)
    path = f"/threads/{thread.id}"

    def menu_of(person: User, number: int) -> str:
        return client_for(person).get(f"{path}/posts/{number}/menu").text

    first, second = (menu_of(steward, number) for number in (1, 2))

    assert f'href="{path}/posts/1/hide"' in first
    assert f'href="{path}/posts/2/hide"' in second
    assert f'href="{path}/split?posts=2&amp;first=2"' in second
    assert f"{path}/split?posts=1" not in first
    assert "/hide" not in menu_of(member, 1)


def test_reply_to_a_thread_that_was_merged_meanwhile_goes_on_there(
    client_for: SignIn, topic: Topic, thread: Thread, author: User, member: User, steward: User
) -> None:
    browser, target = client_for(member), make_thread(topic, author, "The thread that stays")
    with write():
        save_draft(member, f"reply:{thread.id}", {"body": "A beginning"}, 0)
    merge(thread, target, steward)

    typed = {"body": "My long answer", "language": "en", "reply_to": "1"}
    answer = browser.post(f"/threads/{thread.id}/posts", data=typed)
    missing = browser.post("/threads/99/posts", data=typed)

    assert (answer.status_code, missing.status_code) == (409, 404)
    assert "The thread you answered was merged into this one" in answer.text
    assert "My long answer</textarea>" in answer.text
    assert f'action="/threads/{target.id}/posts"' in answer.text
    assert "A beginning</textarea>" in page_of(browser, target)
