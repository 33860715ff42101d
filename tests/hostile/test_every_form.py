"""Every form of the product, filled in with nonsense by everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from tests.hostile.nonsense import Sent, large, nonsense
from tests.hostile.people import (
    EACH_ROLE,
    address,
    browser_of,
    fault,
    real_values,
    row_counts,
    share,
)

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]

READING = ("SELECT", "PRAGMA", "BEGIN", "SET ")
PARTS = 4  # so that several processes share the work
LARGE_TO = ("/preview", "/drafts", "/threads/new", "/webinars/new", "/sign-up", "/settings")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def writable(app: Flask) -> list[str]:
    """The addresses of all forms, those that end the visit last."""
    values = real_values()[0]
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return sorted({address(rule, values) for rule in rules})


def send(browser: FlaskClient, path: str, sent: Sent, before: dict[str, int]) -> tuple[str, Any]:
    """Post once; what is wrong with the answer, and the row counts afterwards."""
    with watched() as writes:
        answer = browser.post(path, **sent.content)
    after = row_counts() if writes else before
    wrong = fault(answer)
    if not wrong and answer.status_code >= 400 and after != before:
        kept = {"note_revision"} if answer.status_code == 409 else set()  # a text that clashed
        changed = {
            name: (before[name], after[name])
            for name in after
            if after[name] != before[name] and name not in kept
        }
        wrong = f"{answer.status_code}, yet rows changed: {changed}" if changed else ""
    return wrong, after


@contextmanager
def watched() -> Iterator[list[str]]:
    """All statements that may change rows: where there are none, nobody needs to count."""
    writes: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(READING):
            writes.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield writes
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", EACH_ROLE)
def test_nonsense_gets_a_page_and_leaves_nothing_half_done(
    demo: Flask, client: FlaskClient, client_for: SignIn, role: str, part: int
) -> None:
    faults = []
    rows = row_counts()

    for turn, path in enumerate(writable(demo)[part::PARTS]):
        browser = browser_of(role, client, client_for)
        for sent in share(role, nonsense())[turn % 2 :: 2]:  # neighbours get the other half
            wrong, rows = send(browser, path, sent, rows)
            if wrong:
                faults.append((path, sent.label, wrong))

    assert faults == []


def test_a_megabyte_gets_a_page(demo: Flask, client: FlaskClient, client_for: SignIn) -> None:
    values = real_values()[0]
    reply = f"/threads/{values['thread_id']}/posts"
    note = f"/webinars/{values['webinar_id']}/notes/{values['note_id']}/edit"
    browser, rows, faults = browser_of("admin", client, client_for), row_counts(), []

    for path in (*LARGE_TO, reply, note):
        wrong, rows = send(browser, path, large(), rows)
        if wrong:
            faults.append((path, wrong))

    assert faults == []


def test_more_than_the_limit_is_refused(
    demo: Flask, client: FlaskClient, client_for: SignIn
) -> None:
    browser, before = browser_of("organiser", client, client_for), row_counts()
    much = b"body=" + b"x" * (2 * 1024 * 1024)
    whole = {"data": much, "content_type": "application/x-www-form-urlencoded"}
    in_parts = {"data": {"body": much.decode()}, "content_type": "multipart/form-data"}

    answers = [
        browser.post(path, **sent)
        for path in ("/threads/new", "/preview", "/drafts", "/settings", "/webinars/new")
        for sent in (whole, in_parts)
    ]

    assert [answer.status_code for answer in answers] == [413] * 10
    assert [fault(answer) for answer in answers if fault(answer)] == []
    assert row_counts() == before
