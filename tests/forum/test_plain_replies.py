"""A plain reply is read without its form: what comes of it is what the form would say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.forum.forms import LONGEST_BODY
from app.forum.models import Post, Thread
from tests.factories import make_topic
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
ODD = [
    {},
    {"body": ""},
    {"body": " \n\t "},
    {"body": "x"},
    {"body": "  We rang\r\neverybody up.\x00\x1e  "},
    {"body": "é" * LONGEST_BODY},
    {"body": "é" * (LONGEST_BODY + 1)},
    {"language": ""},
    {"language": "de"},
    {"language": "xx"},
    {"language": " en"},
    {"speaks_as": "person"},
    {"speaks_as": "city-1"},
    {"speaks_as": "\x00"},
    {"reply_to": "1"},
    {"reply_to": "2"},
    {"reply_to": "99"},
    {"reply_to": "0"},
    {"reply_to": "-1"},
    {"reply_to": "two"},
    {"reply_to": "٢"},
    {"reply_to": "1" * 30},
    {"draft_sequence": ""},
    {"draft_sequence": "7"},
    {"draft_sequence": "-7"},
    {"draft_sequence": "seven"},
]


@pytest.fixture
def thread(author: User) -> Thread:
    thread = make_thread(make_topic(), author)
    make_reply(thread, author, "We use a list.")
    return thread


def outcome(browser: FlaskClient, thread_id: int, sent: dict[str, str]) -> tuple[object, ...]:
    """The status, what was said beside the fields, and what was written."""
    db.session.rollback()
    before = db.session.scalar(sa.select(sa.func.max(Post.id)))
    answer = browser.post(f"/threads/{thread_id}/posts", data=sent)
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Post.body, Post.html, Post.language, Post.reply_to, Post.seat_id).where(
            Post.id > before
        )
    )
    said = re.findall(r'class="field-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return answer.status_code, said, [tuple(row) for row in rows]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:40])
def test_without_its_form_a_reply_becomes_what_it_is_with_it(
    client_for: SignIn, author: User, thread: Thread, odd: dict[str, str]
) -> None:
    browser = client_for(author)
    sent = {"body": "We rang everybody up.", "language": "en", **odd}

    with_form = outcome(browser, thread.id, {**sent, "of_no_meaning": "1"})

    assert outcome(browser, thread.id, sent) == with_form
