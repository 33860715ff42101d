"""Who may change which text, and what its readers see of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.forum import editing, limits, signals
from app.forum.editing import version_of
from app.forum.enums import Standing
from app.forum.models import Post, PostRevision, Thread
from app.forum.posting import text_of
from app.topics.models import Topic
from tests.factories import make_user
from tests.factories_forum import make_reply, make_thread, thread_page

SignIn = Callable[[User], FlaskClient]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "We rang everybody up, one by one, and kept one counter open for those without a phone."


@pytest.fixture
def writer(app: Flask) -> User:
    return make_user("Cycling officer")


@pytest.fixture
def thread(topic: Topic) -> Thread:
    return make_thread(topic, make_user())


@pytest.fixture
def post(thread: Thread, writer: User) -> Post:
    with time_machine.travel(utcnow() - timedelta(hours=1), tick=False):
        return make_reply(thread, writer, TEXT)


def edited(post: Post, body: str, **more: str) -> dict[str, str]:
    return {"body": body, "language": "en", "based_on": version_of(post), **more}


def path_of(post: Post) -> str:
    return f"/threads/{post.thread_id}/posts/{post.number}"


def revisions() -> list[PostRevision]:
    return list(db.session.scalars(select(PostRevision).order_by(PostRevision.revision)))


def change(post: Post, editor: User, body: str, **more: bool) -> bool:
    with write():
        return editing.edit_post(
            post,
            editor,
            text_of(body),
            version_of(post),
            "Because",
            is_steward=more.get("st", False),
        )


def test_steward_says_why_and_the_author_is_told(
    client_for: SignIn, post: Post, steward: User
) -> None:
    told: list[tuple[int, str]] = []

    def tell(post: Post, reason: str, **_: object) -> None:
        told.append((post.number, reason))

    browser = client_for(steward)
    path = f"{path_of(post)}/edit"
    with signals.post_edited_by_steward.connected_to(tell):
        form = browser.get(path).text
        silent = browser.post(path, data=edited(post, "Without the names."))
        changed = browser.post(path, data=edited(post, "Without the names.", reason="Privacy"))

    assert "They are told that you changed it, and why." in form
    assert silent.status_code == 422
    assert "Without the names.</textarea>" in silent.text
    assert changed.status_code == 302
    assert told == [(2, "Privacy")]
    assert (revisions()[0].editor_id, revisions()[0].reason) == (steward.id, "Privacy")


def test_steward_edits_in_a_locked_thread(
    client_for: SignIn, post: Post, steward: User, writer: User
) -> None:
    with write():
        post.thread.is_locked = True

    path = f"{path_of(post)}/edit"
    assert client_for(writer).get(path).status_code == 403
    answer = client_for(steward).post(path, data=edited(post, "Shorter text.", reason="Privacy"))
    assert answer.status_code == 302


def test_author_does_not_quietly_undo_a_steward(
    thread: Thread, steward: User, writer: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        post = make_reply(thread, writer, TEXT)
        change(post, steward, TEXT[:-10], st=True)
        is_marked = change(post, writer, TEXT)

    assert is_marked
    assert [kept.editor_id for kept in revisions()] == [steward.id, writer.id]


@pytest.mark.parametrize(
    ("length", "is_steward", "is_marked"),
    [(101, False, True), (101, True, False), (401, True, True)],
)
def test_stewards_have_more_room_for_corrections(
    thread: Thread, steward: User, length: int, is_steward: bool, is_marked: bool
) -> None:
    with time_machine.travel(NOON, tick=False):
        post = make_reply(thread, steward, TEXT)

        assert change(post, steward, TEXT + "x" * length, st=is_steward) is is_marked


def test_grace_counts_from_the_last_own_edit(thread: Thread, writer: User) -> None:
    with time_machine.travel(NOON, tick=False):
        post = make_reply(thread, writer, TEXT)
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        change(post, writer, TEXT[:-2])
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        assert not change(post, writer, TEXT[:-4])

    assert (len(revisions()), post.edited_at) == (1, NOON + timedelta(minutes=6))


def test_old_posts_are_for_stewards(
    client_for: SignIn, thread: Thread, writer: User, steward: User
) -> None:
    with time_machine.travel(utcnow() - timedelta(days=31), tick=False):
        post = make_reply(thread, writer, TEXT)
    browser = client_for(writer)
    path = f"{path_of(post)}/edit"

    page = browser.get(path)
    sent = browser.post(path, data=edited(post, "My long correction."))

    assert (page.status_code, sent.status_code) == (200, 403)
    assert steward.display_name in page.text
    assert "My long correction.</pre>" in sent.text
    assert "Ask for a change" in browser.get(f"{path_of(post)}/menu").text


@pytest.mark.parametrize("why", ["formal", "accepted"])
def test_what_others_rely_on_is_only_added_to(
    client_for: SignIn, post: Post, writer: User, steward: User, why: str
) -> None:
    with write():
        if why == "formal":
            post.standing = Standing.FORMAL
        else:
            post.thread.accepted_number = post.number
    browser = client_for(writer)
    path = path_of(post)

    form = browser.get(f"{path}/edit")
    sent = browser.post(f"{path}/edit", data=edited(post, "Something else."))
    empty = browser.post(f"{path}/addenda", data={"body": " "})
    added = browser.post(f"{path}/addenda", data={"body": "The phone number has changed."})

    assert form.status_code == 200
    assert TEXT in form.text
    assert sent.status_code == 409
    assert "Something else.</pre>" in sent.text
    assert empty.status_code == 422
    assert added.status_code == 302
    day = f"{utcnow():%-d %B %Y}"
    assert post.body == f"{TEXT}\n\n**Added on {day}:** The phone number has changed."
    assert [kept.body for kept in revisions()] == [TEXT]
    assert client_for(steward).get(f"{path}/edit").status_code == 403
    assert client_for(steward).post(f"{path}/addenda", data={"body": "Mine."}).status_code == 403


def test_date_of_an_addition_speaks_the_language_of_the_post(thread: Thread, writer: User) -> None:
    post = make_reply(thread, writer, TEXT)
    post.language = "de"

    with time_machine.travel(NOON, tick=False):
        text = editing.with_addendum(post, "Mehr.")

    assert "2. März 2026" in text.body


def test_addition_to_a_text_that_is_open_is_refused(
    client_for: SignIn, post: Post, writer: User
) -> None:
    answer = client_for(writer).post(f"{path_of(post)}/addenda", data={"body": "More words."})

    assert answer.status_code == 403


def test_open_posts_are_everybodys(client_for: SignIn, post: Post, writer: User) -> None:
    member = client_for(make_user())
    path = path_of(post)
    closed = member.get(f"{path}/edit").status_code
    stranger = member.post(f"{path}/wiki", data={"open": "1"}).status_code

    client_for(writer).post(f"{path}/wiki", data={"open": "1"})
    page = thread_page(member, post.thread)
    changed = member.post(f"{path}/edit", data=edited(post, "A list that all keep."))
    client_for(writer).post(f"{path}/wiki", data={"open": "0"})

    assert (closed, stranger) == (403, 403)
    assert "Open to edits" in page
    assert changed.status_code == 302
    assert post.body == "A list that all keep."
    assert member.get(f"{path}/edit").status_code == 403


def test_conflict_shows_three_texts(client_for: SignIn, post: Post, writer: User) -> None:
    browser = client_for(writer)
    form = browser.get(f"{path_of(post)}/edit").text
    stale = edited(post, "From this window.", started_from=TEXT)
    change(post, writer, "From the other window.")

    answer = browser.post(f"{path_of(post)}/edit", data=stale)

    assert f'name="started_from" type="hidden" value="{TEXT}"' in form
    assert answer.status_code == 409
    assert "From this window.</textarea>" in answer.text
    assert 'dir="auto">From the other window.</pre>' in answer.text
    assert f'dir="auto">{TEXT}</pre>' in answer.text


def test_edit_raises_the_revision_of_the_thread(post: Post, writer: User) -> None:
    before = post.thread.revision

    change(post, writer, "Something else altogether.")

    assert post.thread.revision == before + 1


@pytest.fixture
def changed(post: Post, writer: User) -> Post:
    """Two edits: the first an hour ago, the second now."""
    with time_machine.travel(utcnow() - timedelta(minutes=40), tick=False):
        change(post, writer, "The address of somebody.")
    change(post, writer, "Without that address.")
    return post


def test_history_side_by_side(client: FlaskClient, changed: Post) -> None:
    page = client.get(f"{path_of(changed)}/history?view=sides").text

    before, after = page.index("<h3>Before</h3>"), page.index("<h3>After</h3>")
    assert before < page.index("of somebody.") < after < page.index("Without")
    assert "by Cycling officer" in page


def test_history_keeps_to_the_chatham_house_rule(client: FlaskClient, changed: Post) -> None:
    with write():
        changed.thread.attribution = Attribution.CHATHAM_HOUSE

    page = client.get(f"{path_of(changed)}/history").text

    assert "Version 3" in page
    assert "Cycling officer" not in page


def test_author_hides_one_older_text_in_time(
    client_for: SignIn, client: FlaskClient, changed: Post, writer: User, steward: User
) -> None:
    browser = client_for(writer)
    path = f"{path_of(changed)}/revisions"

    offered = browser.get(f"{path_of(changed)}/history").text
    late = browser.get(browser.post(f"{path}/1/hide").location).text
    browser.post(f"{path}/2/hide")
    again = browser.get(browser.post(f"{path}/2/hide").location).text
    public = client.get(f"{path_of(changed)}/history").text
    raw = client_for(steward).get(f"{path_of(changed)}/history").text

    assert f'action="{path}/2/hide"' in offered
    assert f'action="{path}/1/hide"' not in offered
    assert "Ask a steward." in late
    assert "Ask a steward." in again
    assert "The address of somebody." not in public
    assert public.count("One of these two versions is hidden.") == 2
    assert "of somebody." in raw
    assert [kept.hidden_by_id for kept in revisions()] == [None, writer.id]


def test_steward_hides_and_shows_again(
    client_for: SignIn, client: FlaskClient, changed: Post, steward: User
) -> None:
    browser = client_for(steward)
    path = f"{path_of(changed)}/revisions/1"

    browser.post(f"{path}/hide")
    hidden = client.get(f"{path_of(changed)}/history").text
    browser.post(f"{path}/unhide")
    shown = client.get(f"{path_of(changed)}/history").text

    notice = "One of these two versions is hidden."
    assert (hidden.count(notice), shown.count(notice)) == (1, 0)
    assert ("rang" in hidden, "rang" in shown) == (False, True)
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["forum.hide_revision", "forum.unhide_revision"]


def test_admin_erases_for_good(
    client_for: SignIn, changed: Post, steward: User, writer: User
) -> None:
    admin = make_user(role=SiteRole.ADMIN)
    path = f"{path_of(changed)}/revisions/2"

    assert client_for(steward).post(f"{path}/erase").status_code == 403
    assert client_for(writer).post(f"{path}/unhide").status_code == 403
    assert client_for(make_user()).post(f"{path}/hide").status_code == 403
    assert client_for(admin).post(f"{path}/erase").status_code == 302

    page = client_for(admin).get(f"{path_of(changed)}/history").text
    assert "The address of somebody." not in page
    assert "was removed because of personal data." in page
    assert (revisions()[1].body, revisions()[1].html) == ("", "")
    assert db.session.scalars(select(AuditEntry.act)).all() == ["forum.erase_revision"]


def test_history_tells_of_titles(client_for: SignIn, thread: Thread, steward: User) -> None:
    client_for(steward).post(
        f"/threads/{thread.id}/rename", data={"title": "Which counters stay open?"}
    )

    page = client_for(steward).get(f"/threads/{thread.id}/posts/1/history").text

    assert "Titles of this thread" in page
    assert "Which counters stay open?</ins>" in page


def test_thirty_edits_a_day(client_for: SignIn, post: Post, writer: User) -> None:
    browser = client_for(writer)
    path = f"{path_of(post)}/edit"

    with write():
        for _ in range(30):
            limits.check_edit(writer)
    answer = browser.post(path, data=edited(post, "One wording too many."))

    assert answer.status_code == 429
    assert "One wording too many." in answer.text
