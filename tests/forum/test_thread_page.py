"""What stands around the posts of a thread, and how few statements it takes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.accounts.drafting import save_draft
from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.files.models import StoredFile
from app.forum import reading
from app.forum.city_reading import rounded
from app.forum.enums import EventKind, ResponseKind, ThreadKind
from app.forum.models import Post, PostFile, Tag, Thread, ThreadOverview, ThreadTag
from app.forum.reader_models import PostResponse, ThreadRead
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_seat, make_topic, make_user
from tests.factories_forum import fill_thread, make_event, make_replies, make_reply, make_thread

SLUG = "who-answers-when-counters-are-closed"
Counter = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]


def address(thread: Thread, page: int = 1) -> str:
    return f"/threads/{thread.id}-{SLUG}" + (f"?page={page}" if page > 1 else "")


def change(thread: Thread, **values: Any) -> None:
    with write():
        found = db.session.get_one(Thread, thread.id)
        for name, value in values.items():
            setattr(found, name, value)


def change_post(post: Post, **values: Any) -> None:
    with write():
        found = db.session.get_one(Post, post.id)
        for name, value in values.items():
            setattr(found, name, value)


def make_everything(thread: Thread, author: User, reader: User) -> None:
    """Overview, tags, events, an accepted answer, a file, a response, a draft."""
    tag = Tag(topic_id=thread.topic_id, slug="counters", names={"en": "Counters"})
    overview = ThreadOverview(
        thread_id=thread.id, revision=1, body="It stands.", html="<p>It stands.</p>", renderer=1,
        language="en", author_id=author.id, created_at=utcnow(),
    )  # fmt: skip
    with write() as session:
        session.add_all([tag, overview])
        session.flush()
        session.add(ThreadTag(thread_id=thread.id, tag_id=tag.id))
        last = session.scalars(
            sa.select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc()).limit(1)
        ).one()
        file = StoredFile(
            key="k" * 32, name="survey.pdf", media_type="application/pdf", size=9, sha256="0" * 64,
            created_at=utcnow(), attached_at=utcnow(),
        )  # fmt: skip
        session.add(file)
        session.flush()
        session.add(PostFile(post_id=last.id, file_id=file.id))
        session.add(
            PostResponse(
                post_id=last.id, user_id=reader.id, kind=ResponseKind.HELPFUL, created_at=utcnow()
            )
        )
        last.file_count = last.response_count = 1
        save_draft(reader, f"reply:{thread.id}", {"body": "Half a reply"}, 0)
    make_event(thread, EventKind.RETAGGED, author, added=["counters"], removed=[])
    make_event(thread, EventKind.LOCKED, author)
    change(thread, overview_revision=1, accepted_number=1)


@pytest.mark.parametrize("posts", [1, 30, 5000])
def test_statements_do_not_grow_with_posts(
    client: FlaskClient,
    client_for: SignIn,
    thread: Thread,
    author: User,
    count_statements: Counter,
    posts: int,
) -> None:
    reader = make_user(city=make_city("York"))
    fill_thread(thread, author, posts)
    make_everything(thread, author, reader)
    browser = client_for(reader)
    last_page = address(thread, 9999)
    client.get(last_page)

    with count_statements() as as_visitor:
        client.get(last_page)
    with count_statements() as as_member:
        page = browser.get(last_page).text

    assert (len(as_visitor), len(as_member)) == (1, 8)
    assert "Half a reply" in page
    assert "It stands." in page
    assert "survey.pdf" in page


def test_a_reply_shows_what_it_answers_and_is_found_from_there(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    make_reply(thread, author, "We **kept** one counter open, every Tuesday.")
    make_reply(thread, author, "Which one?", reply_to=2)
    make_reply(thread, author, "And how?", reply_to=2)

    page = client.get(address(thread)).text

    assert page.count("In reply to post 2 by Human rights officer") == 2
    assert page.count('<q dir="auto">We kept one counter open, every Tuesday.</q>') == 2
    assert page.count('href="#post-2">') == 2
    assert page.count('href="#post-3">') == 1
    assert ">2 replies<" in page.replace("\n", "")


def test_links_between_pages_go_by_permalink(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    make_replies(thread, author, 30)
    make_reply(thread, author, "Late.", reply_to=1)

    first, second = (client.get(address(thread, page)).text for page in (1, 2))

    assert f'href="/threads/{thread.id}/32">' in first
    assert f'<a href="/threads/{thread.id}/1">' in second


@pytest.mark.parametrize("gone", ["hidden_at", "deleted_at"])
def test_removed_posts_lend_no_words(
    client: FlaskClient, thread: Thread, author: User, gone: str
) -> None:
    secret = make_reply(thread, author, "The name of a person.")
    make_reply(thread, author, "I see.", reply_to=2)
    answer = make_reply(thread, author, "Removed, too.", reply_to=3)
    change_post(secret, **{gone: utcnow()})
    change_post(answer, **{gone: utcnow()})

    page = client.get(address(thread)).text

    assert "The name of a person" not in page
    assert "In reply to post 2 by Human rights officer</span>" in page
    assert "1 reply" not in page.partition('id="post-3"')[2]


def test_jumps_lead_through_the_thread(client_for: SignIn, thread: Thread, author: User) -> None:
    reader = make_user("Coordinator")
    make_replies(thread, author, 24)
    make_reply(thread, reader, "Ours.")
    make_replies(thread, author, 4)
    change(thread, accepted_number=3, consolidated_number=25, kind=ThreadKind.QUESTION)
    with write():
        reading.mark_read(reader.id, thread.id, 22)

    page = client_for(reader).get(address(thread)).text

    track = page.partition('<ol class="track stops')[2].partition("</ol>")[0]
    words = [part.partition("</a>")[0].rpartition(">")[2].strip() for part in track.split("<li")]
    assert words[1:] == [
        "Question", "Solution", "First unread", "Consolidated reply", "My posts", "Latest reply",
        "Your reply",
    ]  # fmt: skip
    assert f'href="{address(thread, 2)}#new"' in track
    assert f'href="{address(thread, 2)}#post-26"' in track


def test_new_since_is_announced_with_its_day(
    client_for: SignIn, thread: Thread, author: User
) -> None:
    reader = make_user()
    with time_machine.travel(datetime(2026, 3, 3, 12, tzinfo=UTC)), write():
        reading.mark_read(reader.id, thread.id, 1)
    make_reply(thread, author)

    page = client_for(reader).get(address(thread)).text

    assert '<p class="newline" id="new" tabindex="-1">1 new since 3 Mar 2026</p>' in page
    assert page.count("Skip to the first unread post") == 1
    assert page.count("data-key-unread") == 1


def test_a_thread_that_slept_says_so_and_takes_replies(
    client: FlaskClient, client_for: SignIn, topic: Topic, author: User
) -> None:
    with time_machine.travel(utcnow() - timedelta(days=181)):
        old = make_thread(topic, author)
    words = "Nobody has written here for half a year."

    assert words in client_for(author).get(address(old)).text
    assert words not in client.get(address(old)).text


def test_tags_and_overview_are_shown(
    client: FlaskClient, client_for: SignIn, thread: Thread, author: User
) -> None:
    make_everything(thread, author, author)

    page = client.get(address(thread)).text

    assert 'href="/topics/covid-19-responses?tag=counters">Counters</a>' in page
    assert "Human rights officer added tags: Counters." in page


def test_a_page_without_posts_shows_what_happened(
    client: FlaskClient, client_for: SignIn, thread: Thread, author: User
) -> None:
    make_replies(thread, author, 45)
    make_event(thread, EventKind.SPLIT_OUT, author, to_thread=thread.id + 1, count=20)
    with write() as session:
        session.execute(sa.delete(Post).where(Post.number.between(21, 46)))

    empty, last = (client.get(address(thread, page)) for page in (2, 3))

    assert (empty.status_code, last.status_code) == (200, 200)
    assert "The posts of this page were moved to another thread." in empty.text
    assert "Human rights officer moved 20 posts to another thread." in last.text
    assert 'rel="prev"' in last.text


@pytest.mark.parametrize(
    ("count", "said"), [(0, None), (2, None), (3, 3), (20, 20), (21, 20), (24, 20), (29, 25)]
)
def test_cities_are_said_coarsely(count: int, said: int | None) -> None:
    assert rounded(count) == said


def test_cities_that_read_are_counted_for_members_only(
    client: FlaskClient, client_for: SignIn, thread: Thread
) -> None:
    readers = [make_user(city=make_city(name)) for name in ("York", "Bergen", "Barcelona")]
    readers += [make_user(), make_user(city=make_city("Utrecht"), counts_as_reader=False)]
    two = make_user()
    make_seat(two, db.session.get_one(Seat, readers[0].seats[0].id).city)

    for reader in [*readers, two]:
        client_for(reader).get(address(thread))

    assert "read in 3 cities" in client_for(readers[3]).get(address(thread)).text
    assert "read in" not in client.get(address(thread)).text


def test_who_does_not_want_to_count_is_forgotten(client_for: SignIn, thread: Thread) -> None:
    reader = make_user(city=make_city("York"))
    browser = client_for(reader)
    browser.get(address(thread))
    kept = sa.select(ThreadRead.city_id).where(ThreadRead.user_id == reader.id)
    before = db.session.scalar(kept)
    settings = {
        "display_name": "Coordinator", "handle": reader.handle, "locale": "en",
        "timezone": "Europe/Berlin",
    }  # fmt: skip

    browser.post("/settings", data=settings)
    off = db.session.scalar(kept)
    page = browser.get("/settings").text
    browser.post("/settings", data={**settings, "counts_as_reader": "y"})

    assert (before is None, off) == (False, None)
    assert "Count me among the readers of my city" in page
    assert db.session.get_one(User, reader.id).counts_as_reader


def test_an_ended_seat_counts_for_no_city(client_for: SignIn, thread: Thread) -> None:
    reader = make_user()
    make_seat(reader, make_city("York"), ends_on=date(2025, 1, 1))

    client_for(reader).get(address(thread))

    kept = sa.select(ThreadRead.city_id).where(ThreadRead.user_id == reader.id)
    assert db.session.scalars(kept).all() == [None]


def test_chatham_threads_name_nobody_in_overview_events_and_answers(
    client_for: SignIn, topic: Topic
) -> None:
    city = make_city("Middelburg")
    author = make_user("Policy adviser", city)
    thread = make_thread(topic, author, attribution=Attribution.CHATHAM_HOUSE)
    make_reply(thread, author)
    make_reply(thread, author, "To that:", reply_to=2)
    make_everything(thread, author, author)
    make_event(thread, EventKind.ACCEPTED, author, number=2)

    page = client_for(make_user()).get(address(thread)).text

    assert ("Policy adviser" in page, "Middelburg" in page) == (False, False)
    assert "A steward locked this thread." in page
    assert "Post 2 was accepted as the answer." in page
    assert "In reply to post 2:" in page


def test_applicants_read_rights_like_visitors(client_for: SignIn, thread: Thread) -> None:
    applicant = make_user(approved_at=None)

    page = client_for(applicant).get(address(thread)).text

    assert 'class="composer" id="reply"' not in page


def test_rights_by_group_come_with_the_thread(client_for: SignIn, author: User) -> None:
    group = make_group(author)
    inside = make_topic("inside", [group], visibility=Visibility.CLOSED)
    thread = make_thread(inside, author)

    assert 'class="composer" id="reply"' in client_for(author).get(address(thread)).text
    assert client_for(make_user()).get(address(thread)).status_code == 404
