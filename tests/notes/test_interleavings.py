"""Whatever editors do, in whatever order: no text is lost, and the head is what the rules say."""

from __future__ import annotations

import json
import os
import random
import re
import threading
from collections.abc import Callable
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.accounts.models import Draft, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.notes import writing
from app.notes.enums import CorrectionState, NotesStatus
from app.notes.errors import NotPublished
from app.notes.models import Correction, Note, SummaryVersion
from tests.databases import Database
from tests.factories import make_user
from tests.factories_notes import make_notes
from tests.notes.acting import WRITERS, Acts, chief, stored
from tests.notes.history import History, Row, parts

EXAMPLES = int(os.environ.get("NOTES_EXAMPLES", "0"))
"""How many random walks to try; 0: the same few each time, for the suite."""


class Writers(Acts):
    @rule(name=chief)
    def publish(self, name: str) -> None:
        """Nothing is frozen while somebody waits for an answer."""
        path = self.path.rsplit("/", 2)[0] + "/summary"
        answer = self.browsers[name].post(path, data={"change_note": f"Version {self.said}"})
        waiting = select(Correction.id).where(Correction.state == CorrectionState.OPEN)
        if answer.status_code == 422 and db.session.scalars(waiting).first():
            return
        assert answer.status_code == 302, answer.text
        whole = json.dumps(self.frozen()[-1])
        said = [] if self.history.is_removed else re.findall(r"Point \d+\b", self.history.newest)
        assert [one for one in said if f'{one}"' not in whole] == []
        assert len(self.frozen()) == len(self.versions) + 1
        self.versions = [*self.versions, self.frozen()[-1]]

    @rule()
    def unpublish(self) -> None:
        """Whoever is too late is told so."""
        path, before = self.path.rsplit("/", 2)[0] + "/summary/unpublish", self.status()
        answer = self.browsers["admin"].post(path, data={"reason": "A name stood there."})
        is_out = before == NotesStatus.PUBLISHED
        assert answer.status_code == (302 if is_out else NotPublished().status), answer.text
        assert self.status() == (NotesStatus.DRAFT if is_out else before)

    @invariant()
    def everything_holds(self) -> None:
        assert self.history.news(self.stored()) == []
        note = db.session.get_one(Note, self.note_id)
        self.history.holds(note.head)
        assert (note.removed_at is not None) == self.history.is_removed
        assert self.frozen() == self.versions
        assert [row[1:3] for row in self.versions] == [(1, n) for n in range(len(self.versions))]
        found = db.session.scalars(select(Draft)).all()
        kept = {one.user_id: (one.fields["body"], one.sequence) for one in found}
        assert kept == {self.ids[name]: (d.text, d.sequence) for name, d in self.drafts.items()}

    def teardown(self) -> None:
        """Each text that was typed is there to be read."""
        page = self.browsers["organiser"].get(f"{self.path}/history").text
        shown = {int(number) for number in re.findall(r"/history\?[^\"]*\bto=(\d+)\"", page)}
        assert {row.number for row in self.history.rows} - shown == set()

    def frozen(self) -> list[tuple[Any, ...]]:
        table: Any = SummaryVersion.__table__
        order = (table.c.major, table.c.minor)
        return [
            tuple(row)
            for row in db.session.execute(
                select(
                    table.c.id,
                    *order,
                    table.c.document,
                    table.c.public_document,
                    table.c.change_note,
                ).order_by(*order)
            )
        ]


def test_whatever_editors_do_no_text_is_lost(
    app: Flask, rows: Database, client_for: Callable[[User], FlaskClient]
) -> None:
    Writers.rows, Writers.sign_in = rows, staticmethod(client_for)
    walks = settings(
        max_examples=EXAMPLES or 5,
        stateful_step_count=25 if EXAMPLES else 16,
        derandomize=not EXAMPLES,
        phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with time_machine.travel(utcnow()) as clock:
        Writers.clock = clock
        run_state_machine_as_test(Writers, settings=walks)


def test_three_people_saving_at_once_lose_nothing(app: Flask) -> None:
    """Real threads, each with its own connection: as if each save had come by itself."""
    chances = [random.Random(name) for name in WRITERS]
    note_set = make_notes(items=())
    note_id, author_id = note_set.notes[0].id, make_user().id
    history, barrier, said = History(), threading.Barrier(len(WRITERS)), []
    first = "\n\n".join(f"Paragraph {n}" for n in range(8))
    history.saved(first, 0, save_by(app, note_id, author_id, first, 0), clashed=False)

    def write_ten_times(number: int) -> None:
        barrier.wait()
        for turn in range(10):
            with app.app_context():
                known = [row for row in stored(note_id) if row.kind != "branch"]
            start = chances[number].choice(known[-4:])
            texts = parts(start.text)
            texts[chances[number].randrange(8)] = f"Turn {turn} of {number}"
            text = "\n\n".join(texts)
            said.append(text)
            save_by(app, note_id, author_id, text, start.number)

    threads = [threading.Thread(target=write_ten_times, args=[n]) for n in range(len(WRITERS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = stored(note_id)
    assert len(said) == 30
    assert {*said, first} - {row.text for row in rows} == set()
    told_again(history, rows)
    history.holds(db.session.get_one(Note, note_id).head)


def save_by(app: Flask, note_id: int, author_id: int, text: str, base: int) -> list[Row]:
    with app.app_context():
        with write() as session:
            note, author = session.get_one(Note, note_id), session.get_one(User, author_id)
            writing.save_note(note, text, text, base, author)
        rows = stored(note_id)
        db.session.remove()
    return rows


def told_again(history: History, rows: list[Row]) -> None:
    """Each save in the order of the numbers: what it left is what it leaves when it is alone."""
    at = len(history.rows)
    while at < len(rows):
        row = rows[at]
        is_joined = row.kind == "branch" and rows[at + 1 : at + 2] != []
        is_joined = is_joined and (rows[at + 1].kind, rows[at + 1].base) == ("merged", row.number)
        at += 2 if is_joined else 1
        clashed = row.kind == "branch" and not is_joined
        history.saved(row.text, row.base, rows[:at], clashed=clashed)
