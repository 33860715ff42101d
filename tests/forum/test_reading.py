"""How far people have read, and what is new for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.forum import reading
from app.forum.choosing import chosen
from app.forum.enums import FollowLevel, Show
from app.forum.listing import thread_list
from app.forum.models import Post, Thread
from app.forum.own_news import Mark
from app.forum.reach import reach_of
from app.forum.reader_models import ThreadRead
from app.forum.rows import Line, lines_of
from app.forum.topic_counts import counts_by_topic
from app.topics.models import Topic
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

TITLE = "Who answers when counters are closed?"
ADDRESS = "/threads/{}-who-answers-when-counters-are-closed"


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


def last_read(person: User, thread: Thread) -> int | None:
    db.session.rollback()
    return db.session.scalar(
        select(ThreadRead.last_read).where(
            ThreadRead.user_id == person.id, ThreadRead.thread_id == thread.id
        )
    )


def rows_in(reader: User, topic: Topic, show: Show = Show.ALL) -> Sequence[Mark | Line]:
    choice = chosen(reader, {"show": show.value}, [])
    return thread_list(reader, choice, 1, topic).page.rows


def titles_in(reader: User, topic: Topic, show: Show) -> list[str]:
    found = [row.id for row in rows_in(reader, topic, show)]
    return [line.title for line in lines_of(reach_of(reader), found)]


def test_reply_from_another_city_is_one_new_and_the_link_leads_to_it(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    browser = client_for(author)
    browser.get(ADDRESS.format(thread.id))
    other = client_for(make_user("Network coordinator", make_city("York")))
    other.post(f"/threads/{thread.id}/posts", data={"body": "We rang up.", "language": "en"})

    topic_page = browser.get("/topics/covid-19-responses").text
    jump = browser.get(f"/threads/{thread.id}/unread")
    page = browser.get(ADDRESS.format(thread.id)).text

    assert "1 new" in topic_page
    assert f'href="/threads/{thread.id}/unread"' in topic_page
    assert jump.location == ADDRESS.format(thread.id) + "#post-2"
    assert page.count('class="newline" id="new"') == 1
    assert page.index('id="new"') < page.index('id="post-2"')
    assert "1 new" not in browser.get("/topics/covid-19-responses").text


def test_first_unread_on_a_later_page(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    reader = make_user()
    make_replies(thread, author, 45)
    with write():
        reading.mark_read(reader.id, thread.id, 30)

    jump = client_for(reader).get(f"/threads/{thread.id}/unread")

    assert jump.location == ADDRESS.format(thread.id) + "?page=2#post-31"


def test_nothing_unread_leads_to_the_last_post(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    make_reply(thread, author)

    jump = client_for(author).get(f"/threads/{thread.id}/unread")

    assert jump.location == ADDRESS.format(thread.id) + "#post-2"


def test_reading_a_page_marks_up_to_its_end(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    make_replies(thread, author, 45)
    reader = make_user()
    browser = client_for(reader)

    browser.get(ADDRESS.format(thread.id))
    assert last_read(reader, thread) == 20
    browser.get(ADDRESS.format(thread.id) + "?page=3")
    assert last_read(reader, thread) == 46
    browser.get(ADDRESS.format(thread.id))
    assert last_read(reader, thread) == 46


def test_looking_ahead_is_not_reading(
    thread: Thread, client_for: Callable[[User], FlaskClient]
) -> None:
    reader = make_user()
    browser = client_for(reader)

    browser.head(ADDRESS.format(thread.id))
    browser.get(ADDRESS.format(thread.id), headers={"Sec-Purpose": "prefetch;prerender"})
    browser.get("/topics/covid-19-responses/feed.atom")

    assert last_read(reader, thread) is None


def test_visitors_write_nothing(
    thread: Thread, client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    with count_statements() as statements:
        client.get(ADDRESS.format(thread.id))

    assert [statement for statement in statements if not statement.startswith("SELECT")] == []


def test_reading_again_writes_nothing(
    thread: Thread,
    client_for: Callable[[User], FlaskClient],
    count_statements: Callable[[], object],
) -> None:
    browser = client_for(make_user())
    browser.get(ADDRESS.format(thread.id))

    with count_statements() as statements:
        browser.get(ADDRESS.format(thread.id))

    assert [statement for statement in statements if not statement.startswith("SELECT")] == []


def test_mark_never_lowers(thread: Thread, author: User) -> None:
    for number in (3, 1, 2):
        with write():
            reading.mark_read(author.id, thread.id, number)

    assert last_read(author, thread) == 3


def test_marking_unread_from_a_post_lowers(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    make_replies(thread, author, 4)
    reader = make_user()
    with write():
        reading.mark_read(reader.id, thread.id, 5)

    answer = client_for(reader).post(f"/threads/{thread.id}/posts/3/unread")

    assert answer.location == "/topics/covid-19-responses"
    assert last_read(reader, thread) == 2


def test_all_threads_of_a_topic_are_read_at_once(
    thread: Thread, author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    reader = make_user()
    make_replies(thread, author, 2)
    second = make_thread(thread.topic, author, "Another thread of this topic")
    with write():
        reading.mark_read(reader.id, thread.id, 1)

    answer = client_for(reader).post("/topics/covid-19-responses/read")

    assert answer.location == "/topics/covid-19-responses"
    assert (last_read(reader, thread), last_read(reader, second)) == (3, None)
    assert titles_in(reader, thread.topic, Show.NEW) == []


def test_own_posts_are_never_unread(thread: Thread, author: User) -> None:
    make_reply(thread, author)

    assert counts_by_topic(author)[thread.topic_id].unread_count == 0


def test_what_came_before_a_member_or_long_ago_is_not_new(author: User) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    old_hand = make_user(approved_at=now - timedelta(days=400))
    newcomer = make_user(approved_at=now - timedelta(days=1))
    topic = make_topic()
    for days in (50, 10):
        with time_machine.travel(now - timedelta(days=days), tick=False):
            make_thread(topic, author, f"Started {days} days ago")

    with time_machine.travel(now, tick=False):
        new = [titles_in(person, topic, Show.NEW) for person in (old_hand, newcomer)]

    assert new == [["Started 10 days ago"], []]


def test_filters_of_a_topic(thread: Thread, author: User) -> None:
    answered = make_thread(thread.topic, author, "This one has a reply")
    reader = make_user()
    make_reply(answered, reader)
    with write():
        reading.mark_read(reader.id, thread.id, 1)

    found = {show: titles_in(reader, thread.topic, show) for show in Show}

    assert found == {
        Show.ALL: ["This one has a reply", TITLE],
        Show.NEW: ["This one has a reply"],
        Show.FOLLOWING: ["This one has a reply"],
        Show.UNANSWERED: [TITLE],
        Show.SOLVED: [],
        Show.MINE: [],
    }
    assert titles_in(author, thread.topic, Show.MINE) == ["This one has a reply", TITLE]


def test_muted_threads_are_not_new(thread: Thread, author: User) -> None:
    muter = make_user()
    with write():
        db.session.add(ThreadRead(user_id=muter.id, thread_id=thread.id, level=FollowLevel.MUTED))

    assert counts_by_topic(muter)[thread.topic_id].unread_count == 0


def test_following_by_button(thread: Thread, client_for: Callable[[User], FlaskClient]) -> None:
    reader = make_user()
    browser = client_for(reader)

    answer = browser.post(f"/threads/{thread.id}/follow", data={"level": "following"})
    page = browser.get(ADDRESS.format(thread.id)).text
    wrong = browser.post(f"/threads/{thread.id}/follow", data={"level": "stalking"})

    assert answer.location == ADDRESS.format(thread.id)
    assert 'value="normal" aria-pressed="true"' in page
    assert wrong.status_code == 400


def test_posts_of_people_who_left_can_be_unread(thread: Thread, author: User) -> None:
    reader = make_user()
    with write():
        reading.mark_read(reader.id, thread.id, 1)
    reply = make_reply(thread, make_user())
    with write():
        db.session.get_one(Post, reply.id).author_id = None

    assert rows_in(reader, thread.topic)[0].unread_count == 1
