"""Acceptance test 20 of webinars: two editors who began from the same text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.notes.contents import revisions_of
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import add_organiser, make_organiser

BASE = "one\n\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("mine", "theirs", "code", "head"),
    [
        ("ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE", 302, "ONE\n\ntwo\n\nTHREE"),
        ("one\n\nmine\n\nthree", "one\n\ntheirs\n\nthree", 409, "one\n\ntheirs\n\nthree"),
    ],
)
def test_20_two_editors_are_joined_or_told_and_both_texts_are_kept(
    client_for: Callable[[User], FlaskClient], mine: str, theirs: str, code: int, head: str
) -> None:
    organiser, colleague = make_organiser(), make_user("Note taker")
    note_set = make_notes(organiser)
    add_organiser(note_set.webinar, colleague)
    note = note_at(note_set, 1)
    save(note, BASE, organiser)
    address = f"/webinars/{note_set.webinar_id}/notes/{note.id}/edit"

    def sent(person: User, body: str) -> int:
        data: dict[str, Any] = {"body": body, "base_revision": "1"}
        return client_for(person).post(address, data=data).status_code

    codes = [sent(colleague, theirs), sent(organiser, mine)]

    db.session.rollback()
    kept = {revision.body for revision in revisions_of(note)}
    assert codes == [302, code]
    assert {BASE, theirs, head} | ({mine} if code == 409 else set()) <= kept
    assert next(one.body for one in revisions_of(note) if one.number == note.head) == head
