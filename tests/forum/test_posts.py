"""Replying, editing, history, preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.drafting import save_draft
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import editing
from app.forum.editing import version_of
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.topics.models import TopicGrant
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SLUG = "who-answers-when-counters-are-closed"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


@pytest.fixture
def member(app: Flask) -> User:
    return make_user("Network coordinator")


def replied(body: str = "We rang everybody up.", **changes: str) -> dict[str, str]:
    return {"body": body, "language": "en", **changes}


def opening(thread: Thread) -> Post:
    return db.session.scalars(
        select(Post).where(Post.thread_id == thread.id, Post.number == 1)
    ).one()


def edited(post: Post, body: str = "A better text.", **changes: str) -> dict[str, str]:
    return {"body": body, "language": "en", "based_on": version_of(post), **changes}


def test_member_replies_and_lands_on_it(client_for: SignIn, thread: Thread, member: User) -> None:
    browser = client_for(member)

    answer = browser.post(f"/threads/{thread.id}/posts", data=replied(reply_to="1"))

    assert answer.location == f"/threads/{thread.id}-{SLUG}#post-2"
    page = browser.get(answer.location).text
    assert "<p>We rang everybody up.</p>" in page
    assert "Post 2 of 2, by Network coordinator, reply to 1" in page


def test_reply_link_says_what_is_answered(client_for: SignIn, thread: Thread, member: User) -> None:
    page = client_for(member).get(f"/threads/{thread.id}-{SLUG}?reply_to=1").text

    assert "Answers post 1" in page
    assert 'name="reply_to" type="hidden" value="1"' in page


def test_visitor_whose_session_ended_keeps_the_text(client: FlaskClient, thread: Thread) -> None:
    answer = client.post(f"/threads/{thread.id}/posts", data=replied("My long answer"))

    assert answer.status_code == 401
    assert "My long answer</textarea>" in answer.text
    assert "Your session ended." in answer.text
    assert thread.last_number == 1


def test_visitor_is_shown_the_way_in(client: FlaskClient, thread: Thread) -> None:
    page = client.get(f"/threads/{thread.id}-{SLUG}").text

    assert "<textarea" not in page
    assert f'href="/sign-in?next=/threads/{thread.id}-{SLUG}"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": ""},
        {"body": "    a  "},
        {"body": "x" * 32_001},
        {"language": "xx"},
        {"reply_to": "first"},
    ],
)
def test_wrong_reply_comes_back(
    client_for: SignIn, thread: Thread, member: User, wrong: dict[str, str]
) -> None:
    answer = client_for(member).post(f"/threads/{thread.id}/posts", data=replied(**wrong))

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert ("We rang everybody up.</textarea>" in answer.text) == ("body" not in wrong)


def test_locked_thread_says_so(client_for: SignIn, author: User, member: User) -> None:
    thread = make_thread(make_topic(), author, is_locked=True)
    browser = client_for(member)

    page = browser.get(f"/threads/{thread.id}-{SLUG}")
    answer = browser.post(f"/threads/{thread.id}/posts", data=replied())

    assert "This thread is locked." in page.text
    assert "<textarea" not in page.text
    assert answer.status_code == 403
    assert "This thread is locked. You can read it, but nobody can add to it." in answer.text
    assert "We rang everybody up." in answer.text


def test_reading_right_alone_does_not_reply(client_for: SignIn, author: User, member: User) -> None:
    group = make_group(author, member)
    topic = make_topic(groups=[group], visibility=Visibility.CLOSED)
    thread = make_thread(topic, author)
    with write():
        right = db.session.get_one(TopicGrant, (topic.id, group.id))
        right.can_reply = right.can_start = False
    browser = client_for(member)

    assert browser.get(f"/threads/{thread.id}-{SLUG}").status_code == 200
    answer = browser.post(f"/threads/{thread.id}/posts", data=replied())
    assert answer.status_code == 403
    assert "We rang everybody up." in answer.text


def test_two_people_reply_one_after_the_other(client_for: SignIn, thread: Thread) -> None:
    answers = [
        client_for(make_user()).post(f"/threads/{thread.id}/posts", data=replied())
        for _ in range(2)
    ]

    assert [answer.location[-7:] for answer in answers] == ["#post-2", "#post-3"]


def test_draft_of_a_reply(client_for: SignIn, thread: Thread, member: User) -> None:
    browser = client_for(member)
    address = f"/threads/{thread.id}/posts"

    saved = browser.post(address, data=replied("Half a thought", save_draft="1"))
    page = browser.get(f"/threads/{thread.id}-{SLUG}").text
    other_tab = browser.post(address, data=replied("Other thought", save_draft="1"))
    number = str(db.session.scalars(select(Draft.sequence)).one())
    browser.post(address, data=replied("Whole thought", draft_sequence=number))

    assert saved.status_code == 302
    assert "Half a thought</textarea>" in page
    assert other_tab.status_code == 422
    assert "Other thought</textarea>" in other_tab.text
    assert "Half a thought" in other_tab.text
    assert db.session.scalars(select(Draft)).all() == []


def test_draft_from_a_script_fills_the_reply(
    client_for: SignIn, thread: Thread, member: User
) -> None:
    with write():
        fields = {"body": "By script", "language": "de", "reply_to": ""}
        save_draft(member, f"reply:{thread.id}", fields, 0)

    page = client_for(member).get(f"/threads/{thread.id}-{SLUG}").text

    assert "By script</textarea>" in page
    assert '<option selected value="de">' in page


def test_author_edits(client_for: SignIn, thread: Thread, author: User) -> None:
    browser = client_for(author)
    address = f"/threads/{thread.id}/posts/1/edit"

    form = browser.get(address).text
    answer = browser.post(address, data=edited(opening(thread), "A *better* text." + "x" * 200))
    page = browser.get(f"/threads/{thread.id}-{SLUG}").text

    assert "What worked elsewhere?</textarea>" in form
    assert answer.location == f"/threads/{thread.id}-{SLUG}#post-1"
    assert "A <em>better</em> text." in page
    assert f'href="/threads/{thread.id}/posts/1/history"' in page


def test_only_authors_edit(client_for: SignIn, thread: Thread, member: User) -> None:
    answer = client_for(member).get(f"/threads/{thread.id}/posts/1/edit")

    assert answer.status_code == 403
    assert client_for(member).get(f"/threads/{thread.id}/posts/2/edit").status_code == 404


def test_edit_ends_after_thirty_days(client_for: SignIn, author: User) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now - timedelta(days=30, minutes=1), tick=False):
        thread = make_thread(make_topic(), author)

    browser, address = client_for(author), f"/threads/{thread.id}/posts/1/edit"
    page = browser.get(address).text

    assert "Ask a steward" in page
    assert "<textarea" not in page
    assert browser.post(address, data={"body": "Other words"}).status_code == 403


def test_visitor_cannot_edit(client: FlaskClient, thread: Thread) -> None:
    assert client.get(f"/threads/{thread.id}/posts/1/edit").status_code == 302


def test_stale_edit_shows_both_texts(client_for: SignIn, thread: Thread, author: User) -> None:
    browser = client_for(author)
    address = f"/threads/{thread.id}/posts/1/edit"
    stale = edited(opening(thread), "From this window, unsaved")
    with write():
        post = opening(thread)
        editing.edit_post(post, author, text_of("From the other window"), version_of(post))

    answer = browser.post(address, data=stale)

    assert answer.status_code == 409
    assert "From this window, unsaved</textarea>" in answer.text
    assert 'dir="auto">From the other window</pre>' in answer.text
    assert f'value="{version_of(opening(thread))}"' in answer.text
    assert opening(thread).body == "From the other window"


def test_wrong_edit_comes_back(client_for: SignIn, thread: Thread, author: User) -> None:
    answer = client_for(author).post(
        f"/threads/{thread.id}/posts/1/edit",
        data=edited(opening(thread), reason="x" * 201),
    )

    assert answer.status_code == 422
    assert "A better text.</textarea>" in answer.text


def test_edit_without_a_base_is_stale(client_for: SignIn, thread: Thread, author: User) -> None:
    answer = client_for(author).post(f"/threads/{thread.id}/posts/1/edit", data=replied("No base"))

    assert answer.status_code == 409


def test_history_shows_each_change(client_for: SignIn, thread: Thread, author: User) -> None:
    browser = client_for(author)
    make_reply(thread, make_user())
    for body, reason in (("One counter stayed.", "Shorter"), ("Two counters stayed.", "")):
        browser.post(
            f"/threads/{thread.id}/posts/1/edit",
            data=edited(opening(thread), body, reason=reason),
        )

    page = browser.get(f"/threads/{thread.id}/posts/1/history").text

    assert page.index("Version 3") < page.index("Version 2")
    assert '<del><span class="vh">removed: </span>One' in page
    assert '<ins><span class="vh">added: </span>Two' in page
    assert "Shorter" in page
    assert 'name="robots" content="noindex"' in page


def test_history_of_an_untouched_post(client: FlaskClient, thread: Thread) -> None:
    page = client.get(f"/threads/{thread.id}/posts/1/history")

    assert page.status_code == 200
    assert "This post was never changed." in page.text


def test_history_of_text_with_marks_is_escaped(
    client_for: SignIn, thread: Thread, author: User
) -> None:
    browser = client_for(author)
    browser.post(
        f"/threads/{thread.id}/posts/1/edit",
        data=edited(opening(thread), "<script>alert(1)</script>" + "x" * 200),
    )

    page = browser.get(f"/threads/{thread.id}/posts/1/history").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_preview_is_what_the_post_will_be(client_for: SignIn, member: User) -> None:
    browser = client_for(member)

    page = browser.post("/preview", data={"body": "**bold**"})
    part = browser.post("/preview", data={"body": "**bold**"}, headers={"HX-Request": "true"})
    empty = browser.post("/preview", data={})
    long = browser.post("/preview", data={"body": "x" * 32_001})

    assert "<p><strong>bold</strong></p>" in page.text
    assert page.text.count("<h1") == 1
    assert part.text.strip().startswith("<section")
    assert "There is nothing to show yet." in empty.text
    assert "Write between 5 and 32,000 characters." in long.text


def test_visitors_have_no_preview(client: FlaskClient) -> None:
    assert client.post("/preview", data={"body": "x"}).status_code == 401
