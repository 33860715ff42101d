"""Posts kept for later: a note, an hour, a list of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum import bookmarking, signals
from app.forum.errors import TooManyBookmarks
from app.forum.models import Post, Thread
from app.forum.reader_models import Bookmark
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counting = Callable[..., object]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def thread(app: Flask) -> Thread:
    return make_thread(make_topic(), make_user("Housing officer", make_city("Lund")))


@pytest.fixture
def reader(app: Flask) -> User:
    return make_user("Network coordinator")


def path_of(thread: Thread, number: int = 1) -> str:
    return f"/threads/{thread.id}/posts/{number}/bookmark"


def bookmarks() -> list[Bookmark]:
    return list(db.session.scalars(select(Bookmark).order_by(Bookmark.id)))


def keep(post: Post, person: User, when: datetime | None = None) -> None:
    with write():
        bookmarking.keep(post, person, remind_at=when)


def test_post_is_kept_with_note_and_hour(client_for: SignIn, thread: Thread, reader: User) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = client_for(reader)
        menu = path_of(thread).replace("bookmark", "menu")
        before = browser.get(menu).text
        typed = {"note": "For the council", "remind_on": "12.12.2026", "remind_hour": "14:30"}
        kept = browser.post(path_of(thread), data=typed)
        after = browser.get(menu).text
        form = browser.get(path_of(thread)).text
        page = browser.get("/bookmarks").text
        others = client_for(make_user()).get("/bookmarks").text

    assert kept.location.endswith("#post-1")
    assert "Keep for later" in before
    assert "Kept for later: change" in after
    assert 'value="For the council"' in form
    assert 'value="2026-12-12"' in form
    assert "For the council" in page
    assert "Housing officer, Lund" in page
    assert "No bookmarks" in others
    assert bookmarks()[0].remind_at == datetime(2026, 12, 12, 13, 30, tzinfo=UTC)


def test_without_an_hour_it_is_the_morning(
    client_for: SignIn, thread: Thread, reader: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        client_for(reader).post(path_of(thread), data={"remind_on": "2026-12-12"})

    assert bookmarks()[0].remind_at == datetime(2026, 12, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [{"note": "x" * 201}, {"remind_on": "soon"}, {"remind_on": "2020-01-01"}, {"remind_hour": "x"}],
)
def test_wrong_form_comes_back(
    client_for: SignIn, thread: Thread, reader: User, wrong: dict[str, str]
) -> None:
    answer = client_for(reader).post(path_of(thread), data={"note": "For Monday", **wrong})

    assert answer.status_code == 422
    assert ('value="For Monday"' in answer.text) == ("note" not in wrong)
    assert bookmarks() == []


def test_removed_bookmark_can_be_taken_back(
    client_for: SignIn, thread: Thread, reader: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = client_for(reader)
        typed = {"note": "For the council", "remind_on": "2026-12-12", "remind_hour": "14:30"}
        browser.post(path_of(thread), data=typed)
        removed = browser.post(f"{path_of(thread)}/delete")
        page = browser.get(removed.location).text
        gone = bookmarks()
        undo = {"note": "For the council", "remind_on": "2026-12-12", "remind_hour": "14:30:00"}
        browser.post(path_of(thread), data=undo)
        again = browser.post(f"{path_of(thread)}/delete")
        nothing = browser.post(f"{path_of(thread)}/delete")

    assert gone == []
    assert "The bookmark is removed." in page
    assert 'name="remind_hour" value="14:30:00"' in page
    assert f'action="{path_of(thread)}"' in page
    assert (again.status_code, nothing.status_code) == (302, 302)


def test_reminder_comes_once_at_its_hour(
    thread: Thread, reader: User, run_jobs: Callable[..., int]
) -> None:
    post = db.session.scalars(select(Post)).one()
    told: list[int] = []

    def due(bookmark: Bookmark, **_: object) -> None:
        told.append(bookmark.user_id)

    with signals.bookmark_due.connected_to(due):
        with time_machine.travel(NOON, tick=False):
            keep(post, reader, NOON + timedelta(hours=1))
            keep(post, reader, NOON + timedelta(hours=2))
        for hours in (1, 2, 3):
            with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
                run_jobs()
                told.append(-hours)

    assert told == [-1, reader.id, -2, -3]
    assert bookmarks()[0].reminded_at == NOON + timedelta(hours=2)


def test_nobody_is_reminded_of_what_is_hidden(
    thread: Thread, reader: User, run_jobs: Callable[..., int]
) -> None:
    post = make_reply(thread, make_user())
    with time_machine.travel(NOON, tick=False):
        keep(post, reader, NOON + timedelta(hours=1))
    with write():
        post.hidden_at = utcnow()
    told: list[Bookmark] = []

    def due(bookmark: Bookmark, **_: object) -> None:
        told.append(bookmark)

    with (
        signals.bookmark_due.connected_to(due),
        time_machine.travel(NOON + timedelta(hours=1), tick=False),
    ):
        run_jobs()

    assert told == []


def test_list_holds_what_one_may_still_read(
    client_for: SignIn, thread: Thread, reader: User
) -> None:
    hidden, removed = (
        make_reply(thread, make_user(), "Hidden."),
        make_reply(thread, reader, "Gone."),
    )
    topic = make_topic("closing")
    rule = make_thread(
        make_topic("rule"),
        make_user("Data officer", make_city("York")),
        title="Under the rule of the house",
        attribution=Attribution.CHATHAM_HOUSE,
    )
    closed = make_thread(topic, make_user(), title="In a topic that closes")
    posts = select(Post).where(Post.thread_id.in_([closed.id, rule.id])).order_by(Post.id)
    for post in (hidden, removed, *db.session.scalars(posts).all()):
        keep(post, reader)
    with write():
        hidden.hidden_at, removed.deleted_at = utcnow(), utcnow()
        topic.visibility = Visibility.CLOSED

    page = client_for(reader).get("/bookmarks").text

    assert page.count("Under the rule of the house</a>") == 1
    for word in ("Hidden.", "Gone.", "In a topic that closes", "Data officer", "York"):
        assert word not in page


def test_who_keeps(client_for: SignIn, client: FlaskClient, thread: Thread) -> None:
    assert client.get("/bookmarks").status_code == 302
    assert client.get(path_of(thread)).status_code == 302
    assert client_for(make_user(approved_at=None)).get(path_of(thread)).status_code == 403
    assert client_for(make_user()).get(path_of(thread, 9)).status_code == 404


def test_there_is_a_most(thread: Thread, reader: User) -> None:
    first = db.session.scalars(select(Post)).one()
    row = {name: getattr(first, name) for name in ("thread_id", "language", "body", "html")}
    row |= {"renderer": first.renderer, "created_at": NOON}
    with write() as session:
        rows = [{**row, "number": number} for number in range(2, 2002)]
        ids = session.scalars(insert(Post).returning(Post.id), rows).all()
        kept = [{"user_id": reader.id, "post_id": post_id, "created_at": NOON} for post_id in ids]
        session.execute(insert(Bookmark), kept)

    with pytest.raises(TooManyBookmarks):
        keep(first, reader)
    keep(db.session.get_one(Post, ids[0]), reader, utcnow() + timedelta(days=1))


def test_pages_of_thirty(
    client_for: SignIn, thread: Thread, reader: User, count_statements: Counting
) -> None:
    make_replies(thread, make_user(), 30)
    posts = db.session.scalars(select(Post).order_by(Post.number)).all()
    browser = client_for(reader)

    def statements() -> int:
        with count_statements() as seen:  # type: ignore[attr-defined]
            browser.get("/bookmarks")
        return len(seen)

    keep(posts[0], reader)
    statements()
    one = statements()
    with write():
        for post in posts:
            bookmarking.keep(post, reader)

    assert statements() == one
    assert browser.get("/bookmarks").text.count('<li class="stack tight">') == 30
    assert browser.get("/bookmarks?page=2").text.count('<li class="stack tight">') == 1
