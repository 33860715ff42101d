"""What the tests of pages rest on: a query for each row is counted as one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask, render_template_string

from app.core.db import db
from app.forum.models import Thread
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

Counter = Callable[[], AbstractContextManager[list[str]]]
LAZY = "{% for thread in threads %}{{ thread.author.display_name }}{% endfor %}"


@pytest.mark.parametrize(("count", "statements"), [(1, 2), (30, 31)])
def test_a_query_for_each_row_is_counted(
    app: Flask, count_statements: Counter, count: int, statements: int
) -> None:
    topic = make_topic()
    for number in range(count):
        make_thread(topic, make_user(f"Officer {number}"), f"Thread number {number}")
    db.session.expire_all()
    db.session.rollback()

    with count_statements() as made:
        render_template_string(LAZY, threads=db.session.scalars(db.select(Thread)).all())

    assert len(made) == statements
