"""How much and how fast one account may write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.rate_limit import DAY, HOUR, AllowanceSpent
from app.forum import limits, posting
from app.forum.errors import (
    FirstDayOver,
    SaidAlready,
    TooMany,
    TooManyLinks,
    TooManyMentions,
    TooSoon,
)
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.forum.queries import one_thread
from app.topics.models import Topic
from tests.factories import make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=90)


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


@pytest.fixture
def author(app: Flask) -> User:
    return make_user(approved_at=LONG_AGO)


@pytest.fixture
def newcomer(app: Flask) -> User:
    """Approved two hours before noon."""
    return make_user("Newcomer", approved_at=NOON - timedelta(hours=2))


def try_reply(person: User, thread: Thread, words: str = "Another text") -> DomainError | None:
    """What stands against it, if anything; what may be written is not written."""
    try:
        with write():
            limits.check_reply(person, thread, text_of(words))
    except DomainError as error:
        return error
    return None


def try_thread(person: User, topic: Topic, words: str = "Another text") -> DomainError | None:
    try:
        with write():
            limits.check_new_thread(person, topic, text_of(words))
    except DomainError as error:
        return error
    return None


def spent(check: Callable[..., None], person: User, times: int) -> list[int]:
    """Seconds to wait at each try."""
    waits = []
    for _ in range(times):
        try:
            with write():
                check(person)
            waits.append(0)
        except AllowanceSpent as error:
            waits.append(error.seconds)
    return waits


def wait_of(error: DomainError | None, kind: type[AllowanceSpent] = TooSoon) -> int:
    """Seconds, when it is exactly this refusal."""
    assert type(error) is kind
    assert isinstance(error, AllowanceSpent)
    return error.seconds


def test_replies_keep_five_seconds(topic: Topic, author: User) -> None:
    with at(0):
        thread = make_thread(topic, author)

    with at(2):
        told = try_reply(author, thread)
    assert wait_of(told) == 3
    assert told
    assert (told.message, told.field) == (
        "You wrote a moment ago. Send this again in 3 seconds.",
        "body",
    )
    with at(5):
        assert try_reply(author, thread) is None


def test_threads_keep_fifteen_seconds(topic: Topic, author: User) -> None:
    with at(0):
        make_thread(topic, author)

    with at(14):
        told = try_thread(author, topic)
    assert told
    assert told.message == "You wrote a moment ago. Send this again in 1 second."
    with at(15):
        assert try_thread(author, topic) is None


def test_new_members_keep_longer_gaps(topic: Topic, newcomer: User) -> None:
    with at(0):
        thread = make_thread(topic, newcomer)

    with at(10):
        assert wait_of(try_reply(newcomer, thread)) == 20
        assert wait_of(try_thread(newcomer, topic)) == 110
    with at(30):
        assert try_reply(newcomer, thread) is None
    with at(120):
        assert try_thread(newcomer, topic) is None


def test_same_text_waits_five_minutes(topic: Topic, author: User) -> None:
    with at(0):
        thread = make_thread(topic, author, body="We kept one counter open.")

    with at(61):
        told = try_reply(author, thread, "We kept one counter open.")
    assert wait_of(told, SaidAlready) == 239
    assert told
    assert told.message.endswith("send it again in 4 minutes.")
    with at(300):
        assert try_reply(author, thread, "We kept one counter open.") is None


def test_sixty_posts_an_hour(topic: Topic, author: User) -> None:
    with at(-3600):
        thread = make_thread(topic, author)
    with at(0):
        for _ in range(60):
            assert try_reply(author, thread) is None

    with at(3000):
        told = try_reply(author, thread)
    assert wait_of(told, TooMany) == 660
    assert told
    assert told.message == "You have written a lot. You can go on in 11 minutes."
    with at(3660):
        assert try_reply(author, thread) is None


def test_two_hundred_posts_and_twenty_threads_a_day() -> None:
    assert [(a.most, a.seconds) for a in limits.POSTS] == [(60, HOUR), (200, DAY)]
    assert [(a.most, a.seconds) for a in limits.THREADS] == [(20, DAY)]


def test_twenty_first_thread_of_a_day_waits(topic: Topic, author: User) -> None:
    with at(0):
        for _ in range(20):
            assert try_thread(author, topic) is None
        told = try_thread(author, topic)

    assert wait_of(told, TooMany) == 12 * HOUR + DAY // 20


def test_others_are_not_slowed_down(topic: Topic, author: User) -> None:
    with at(0):
        thread = make_thread(topic, author)
        make_reply(thread, author)
        other = make_user(approved_at=LONG_AGO)

        assert try_reply(other, thread, "We kept one counter open.") is None


def test_stewards_are_excepted_in_their_topic_only(topic: Topic, author: User) -> None:
    elsewhere = make_topic("housing")
    make_steward(topic, author)
    with at(0):
        here, there = make_thread(topic, author), make_thread(elsewhere, author)

        assert try_reply(author, here) is None
        assert try_reply(author, here, here_body(here)) is None
        assert try_thread(author, topic) is None
        assert wait_of(try_reply(author, there)) == 5
        assert wait_of(try_thread(author, elsewhere)) == 15


def here_body(thread: Thread) -> str:
    db.session.rollback()
    return db.session.query(Post.body).filter_by(thread_id=thread.id, number=1).scalar()


def test_first_day_has_three_threads(topic: Topic, newcomer: User) -> None:
    for number in range(3):
        with at(number * 200):
            make_thread(topic, newcomer, body=f"Text {number}")

    with at(600):
        told = try_thread(newcomer, topic)
    assert wait_of(told, FirstDayOver) == 22 * HOUR - 600
    assert told
    assert told.message == (
        "On your first day here you can start 3 threads and write 10 replies. "
        "You can go on in 22 hours."
    )
    with at(22 * HOUR):
        assert try_thread(newcomer, topic) is None


def test_first_day_has_ten_replies(topic: Topic, newcomer: User) -> None:
    with at(0):
        thread = make_thread(topic, make_user())
        for number in range(10):
            make_reply(thread, newcomer, body=f"Text {number}")

    with at(60):
        assert wait_of(try_reply(newcomer, thread), FirstDayOver) == 22 * HOUR - 60
        assert try_thread(newcomer, topic) is None


LINKS = "See https://example.org/a and https://example.org/b"
MORE_LINKS = f"{LINKS} and [this](https://example.org/c)"


def test_first_day_has_two_links_a_text(topic: Topic, newcomer: User, author: User) -> None:
    with at(0):
        told = try_thread(newcomer, topic, MORE_LINKS)

        assert isinstance(told, TooManyLinks)
        assert (told.message, told.field, told.status) == (
            "On your first day here a text can have 2 links. Take some out.",
            "body",
            422,
        )
        assert try_thread(newcomer, topic, LINKS) is None
        assert try_thread(author, topic, MORE_LINKS) is None


def test_mentions_are_ten_and_two_for_new_members(
    topic: Topic, newcomer: User, author: User
) -> None:
    def naming(count: int) -> str:
        return " ".join(f"@person-{number}" for number in range(count))

    with at(0):
        refused = [
            isinstance(try_thread(person, topic, naming(count)), TooManyMentions)
            for person, count in [(newcomer, 2), (newcomer, 3), (author, 10), (author, 11)]
        ]

    assert refused == [False, True, False, True]


def test_edit_cannot_smuggle_links_in(newcomer: User, topic: Topic) -> None:
    with at(0), write(), pytest.raises(TooManyLinks):
        limits.check_edit(newcomer, topic, text_of(MORE_LINKS))


@pytest.mark.parametrize(
    ("check", "most"),
    [(limits.check_edit, 30), (limits.check_response, 50), (limits.check_bookmark, 50)],
)
def test_acts_of_a_day(author: User, check: Callable[[User], None], most: int) -> None:
    with at(0):
        waits = spent(check, author, most + 1)

    assert waits == [0] * most + [12 * HOUR + DAY // most]


def test_steward_may_edit_and_respond_more_often(topic: Topic, author: User) -> None:
    make_steward(topic, author)
    thread = make_thread(topic, author)
    with at(0):
        assert spent(lambda person: limits.check_edit(person, topic), author, 31) == [0] * 31
        assert spent(lambda person: limits.check_response(person, thread), author, 51) == [0] * 51


def test_two_deletions_a_minute_ten_a_day(author: User) -> None:
    with at(0):
        assert spent(limits.check_deletion, author, 3) == [0, 0, 90]
    for minutes in (2, 4, 6, 8):
        with at(minutes * 60):
            assert spent(limits.check_deletion, author, 2) == [0, 0]
    with at(600):
        assert spent(limits.check_deletion, author, 1)[0] > HOUR


def test_five_prints_an_hour(author: User) -> None:
    with at(0):
        assert spent(limits.check_print, author, 6) == [0] * 5 + [HOUR + HOUR // 5]


def test_two_posts_at_once_in_two_threads_are_one(app: Flask, topic: Topic, author: User) -> None:
    """Both look for the newest post before either has written: the second has to wait."""
    threads = [make_thread(topic, make_user()), make_thread(topic, make_user())]
    answers: list[str] = []
    start = threading.Barrier(2)
    author_id = author.id

    def write_reply(thread_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with write():
                    person = db.session.get_one(User, author_id)
                    thread = first_or_404(one_thread(person, thread_id))
                    posting.lock_row(thread.id)
                    text = text_of(f"In thread {thread_id}")
                    limits.check_reply(person, thread, text)
                    posting.reply(thread, person, text)
                answers.append("posted")
            except TooSoon:
                answers.append("waits")

    workers = [threading.Thread(target=write_reply, args=(thread.id,)) for thread in threads]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(answers) == ["posted", "waits"]


def test_too_soon_keeps_the_text(author: User, client_for: Callable[[User], FlaskClient]) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        thread = make_thread(make_topic(), author)
        answer = client_for(author).post(
            f"/threads/{thread.id}/posts",
            data={"body": "My careful second thought", "language": "en"},
        )

    assert answer.status_code == 429
    assert "My careful second thought</textarea>" in answer.text
    assert "You wrote a moment ago." in answer.text


def test_too_many_links_keep_the_text(client_for: Callable[[User], FlaskClient]) -> None:
    thread = make_thread(make_topic(), make_user())
    newcomer = make_user(approved_at=datetime.now(UTC))
    answer = client_for(newcomer).post(
        f"/threads/{thread.id}/posts", data={"body": MORE_LINKS, "language": "en"}
    )

    assert answer.status_code == 422
    assert "On your first day here a text can have 2 links." in answer.text
    assert "and [this](https://example.org/c)</textarea>" in answer.text


def test_thirty_first_edit_of_a_day_keeps_the_text(
    author: User, client_for: Callable[[User], FlaskClient]
) -> None:
    thread = make_thread(make_topic(), author)
    spent(limits.check_edit, author, 30)
    browser = client_for(author)
    page = browser.get(f"/threads/{thread.id}/posts/1/edit").text
    based_on = page.split('name="based_on"')[1].split('value="')[1].split('"')[0]
    answer = browser.post(
        f"/threads/{thread.id}/posts/1/edit",
        data={"body": "A thirty-first version", "language": "en", "based_on": based_on},
    )

    assert answer.status_code == 429
    assert "A thirty-first version</textarea>" in answer.text
    assert "You have done this very often." in answer.text


def test_double_click_posts_once(author: User, client_for: Callable[[User], FlaskClient]) -> None:
    thread = make_thread(make_topic(), make_user())
    browser = client_for(author)
    sent = {"body": "We rang everybody up.", "language": "en"}

    codes = [browser.post(f"/threads/{thread.id}/posts", data=sent).status_code for _ in range(2)]

    assert codes == [302, 429]
