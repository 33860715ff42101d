"""Scenario 18 of the specification, as one walk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Draft, User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.models import Post
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread


def test_18_two_tabs_one_draft_no_loss(
    app: Flask, client_for: Callable[[User], FlaskClient]
) -> None:
    thread = make_thread(make_topic(), make_user())
    context, address = f"reply:{thread.id}", f"/threads/{thread.id}/posts"
    browser = client_for(make_user())

    def save(body: str, sequence: int) -> tuple[int, dict[str, object]]:
        sent = {"context": context, "sequence": sequence, "fields": {"body": body}}
        answer = browser.post("/drafts", json=sent)
        return answer.status_code, answer.get_json()

    # Both tabs opened the empty form. One saves, the other is told and overwrites nothing.
    number = save("Written in the first tab", 0)[1]["sequence"]
    assert isinstance(number, int)
    status, newer = save("Written in the second tab", 0)
    assert (status, newer["fields"]) == (409, {"body": "Written in the first tab"})

    # The same by the button, without a script: both texts are on the page.
    sent = {"body": "Written in the second tab", "save_draft": "1", "draft_sequence": "0"}
    page = browser.post(address, data=sent)
    assert page.status_code == 422
    assert "Written in the first tab</textarea>" in page.text
    assert "Written in the second tab</textarea>" in page.text
    assert f'name="draft_sequence" type="hidden" value="{number}"' in page.text

    # The second tab chooses its own text, knowing the other one.
    assert save("Written in the second tab", number)[1]["sequence"] == number + 1

    # The first tab sends what it has: the later draft of the second tab stays.
    browser.post(address, data={"body": "Written in the first tab", "draft_sequence": str(number)})
    assert db.session.scalars(select(Post.body).where(Post.number == 2)).all() == [
        "Written in the first tab"
    ]
    kept = db.session.scalars(select(Draft)).one()
    assert (kept.sequence, kept.fields) == (number + 1, {"body": "Written in the second tab"})

    # Sent from where it was saved last, the draft is done with.
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        browser.post(address, data={"body": "Both of them", "draft_sequence": str(number + 1)})
    assert db.session.scalars(select(Draft)).all() == []
