"""How fast one account may write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import write
from app.forum import limits, posting
from app.forum.errors import SaidAlready, TooMany, TooSoon
from app.forum.posting import text_of
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


@pytest.fixture
def author(app: object) -> User:
    return make_user()


def test_replies_keep_five_seconds(author: User) -> None:
    with at(0):
        make_thread(make_topic(), author)

    with at(2), pytest.raises(TooSoon) as told:
        limits.check_reply(author, "Another text")
    assert (told.value.seconds, told.value.message) == (
        3,
        "You wrote a moment ago. Send this again in 3 seconds.",
    )
    with at(5):
        limits.check_reply(author, "Another text")


def test_threads_keep_fifteen_seconds(author: User) -> None:
    with at(0):
        make_thread(make_topic(), author)

    with at(14), pytest.raises(TooSoon) as told:
        limits.check_new_thread(author, "Another text")
    assert told.value.message == "You wrote a moment ago. Send this again in 1 second."
    with at(15):
        limits.check_new_thread(author, "Another text")


def test_same_text_waits_five_minutes(author: User) -> None:
    with at(0):
        make_thread(make_topic(), author, body="We kept one counter open.")

    with at(61), pytest.raises(SaidAlready) as told:
        limits.check_reply(author, "We kept one counter open.")
    assert told.value.message.endswith("send it again in 4 minutes.")
    with at(300):
        limits.check_reply(author, "We kept one counter open.")


def test_sixty_posts_an_hour(author: User) -> None:
    with at(0):
        thread = make_thread(make_topic(), author)
        with write():
            for number in range(59):
                posting.reply(thread, author, text_of(f"Number {number}"))

    with at(3000), pytest.raises(TooMany) as told:
        limits.check_reply(author, "One more")
    assert told.value.message == "That was a lot in one hour. You can post again in 10 minutes."
    with at(3601):
        limits.check_reply(author, "One more")


def test_others_are_not_slowed_down(author: User) -> None:
    with at(0):
        thread = make_thread(make_topic(), author)
        make_reply(thread, author)

        limits.check_reply(make_user(), "We kept one counter open.")


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


def test_double_click_posts_once(author: User, client_for: Callable[[User], FlaskClient]) -> None:
    thread = make_thread(make_topic(), make_user())
    browser = client_for(author)
    sent = {"body": "We rang everybody up.", "language": "en"}

    codes = [browser.post(f"/threads/{thread.id}/posts", data=sent).status_code for _ in range(2)]

    assert codes == [302, 429]
