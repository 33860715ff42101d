"""Counters equal a recount; a command says and mends where they do not."""

from __future__ import annotations

from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.forum.counting import recount
from app.forum.curating import hiding
from app.forum.curating.holding import hold
from app.forum.models import Thread
from tests.factories_forum import make_replies
from tests.forum.curated import nothing_is_miscounted, post_at


def test_recount_counts_what_can_be_read(thread: Thread, member: User, steward: User) -> None:
    make_replies(thread, member, 2)
    with write():
        hold(thread.id)
        hiding.hide(post_at(thread, 3), steward, "Personal data")

    opening, reply = post_at(thread, 1), post_at(thread, 2)
    assert (thread.reply_count, thread.last_number) == (1, 3)
    assert (thread.last_post_at, thread.last_author_id) == (reply.created_at, member.id)
    with write():
        hold(thread.id)
        reply.deleted_at = opening.deleted_at = opening.created_at
        recount(thread)
    assert (thread.reply_count, thread.last_author_id) == (0, None)
    assert thread.last_post_at == thread.created_at
    assert nothing_is_miscounted()


def test_command_says_and_mends_what_differs(app: Flask, thread: Thread, member: User) -> None:
    make_replies(thread, member, 2)
    run = app.test_cli_runner().invoke
    with write():
        thread.reply_count, thread.event_count, post_at(thread, 2).response_count = 9, 4, 7

    checked = run(args=["forum", "recount", "--check"])
    mended = run(args=["forum", "recount"])
    again = run(args=["forum", "recount", "--check"])

    assert (checked.exit_code, mended.exit_code, again.exit_code) == (1, 0, 0)
    assert f"thread {thread.id}: reply_count says 9, counted 2" in checked.output
    assert "3 numbers differ." in checked.output
    assert "3 numbers mended." in mended.output
    assert "0 numbers differ." in again.output
    db.session.refresh(thread)
    assert (thread.reply_count, thread.event_count, post_at(thread, 2).response_count) == (2, 0, 0)
