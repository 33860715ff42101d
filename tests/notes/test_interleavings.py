"""Whatever editors do, in whatever order: no text is lost, and the head is what the rules say."""

from __future__ import annotations

import json
import os
import random
import re
import threading
from collections.abc import Callable
from html import unescape
from typing import Any, ClassVar, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.notes import proposing, reviewing, sectioning, writing
from app.notes.enums import CorrectionState, NotesStatus
from app.notes.models import Correction, Note, NoteRevision, NoteSet, SummaryVersion
from app.notes.note_takers import name_note_taker
from app.notes.proposing import Proposer
from tests.databases import Database
from tests.factories import make_user
from tests.factories_notes import make_notes
from tests.factories_webinars import make_organiser
from tests.notes.history import History, Row, parts

EXAMPLES = int(os.environ.get("NOTES_EXAMPLES", "0"))
"""How many random walks to try; 0: the same few each time, for the suite."""

WRITERS = ("organiser", "note taker", "admin")
TEXTAREA = re.compile(r"<textarea[^>]*name=\"body\"[^>]*>\r?\n?(.*?)</textarea>", re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*name="(base_revision|draft_sequence|theirs)"[^>]*value="(\d+)"')
CHOICE = re.compile(r'name="(choice\d+)"')

who, tab, many = st.sampled_from(WRITERS), st.integers(0, 1), st.integers(0, 30)
chief = st.sampled_from(("organiser", "admin"))
change = st.tuples(st.sampled_from(("change", "change", "add", "add", "drop")), st.integers(0, 7))
changes = st.lists(change, min_size=1, max_size=3)


class Kept(NamedTuple):
    """An unfinished text, as the server has it."""

    sequence: int
    text: str
    base: int


class Tab:
    """One open section: what it started from, what is typed there, which draft it continues."""

    def __init__(self, base: int, text: str, sequence: int) -> None:
        self.base, self.text, self.sequence = base, text, sequence


class Writers(RuleBasedStateMachine):
    rows: ClassVar[Database]
    sign_in: ClassVar[Callable[[User], FlaskClient]]

    def __init__(self) -> None:
        super().__init__()
        db.session.remove()
        self.rows.empty()
        people = {
            "organiser": make_organiser(),
            "note taker": make_user("Documentation officer"),
            "admin": make_user("Network office", role=SiteRole.ADMIN),
        }
        note_set = make_notes(people["organiser"], ())
        with write():
            name_note_taker(note_set.webinar, people["note taker"], people["organiser"])
            note = sectioning.add_section(note_set, "What cities shared")
        self.ids = {name: person.id for name, person in people.items()}
        self.set_id, self.note_id = note_set.id, note.id
        self.path = f"/webinars/{note_set.webinar_id}/notes/{note.id}"
        self.browsers = {name: self.sign_in(person) for name, person in people.items()}
        self.history, self.said = History(), 0
        self.tabs: dict[tuple[str, int], Tab] = {}
        self.drafts: dict[str, Kept] = {}
        self.versions: list[tuple[Any, ...]] = []
        self.send("organiser", "\n\n".join(f"Paragraph {n}" for n in range(6)), 0, 0)

    @rule(name=who, tab=tab)
    def open(self, name: str, tab: int) -> None:
        """What comes back is the newest text, or what this person had not sent yet."""
        if self.history.is_removed:
            return  # nobody writes in what is not there; who wrote in it before may still save
        page = self.browsers[name].get(f"{self.path}/edit")
        assert page.status_code == 200
        body = TEXTAREA.search(page.text)
        assert body is not None
        sent = dict(HIDDEN.findall(page.text))
        self.tabs[name, tab] = found = Tab(
            int(sent["base_revision"]), unescape(body[1]), int(sent["draft_sequence"])
        )
        draft = self.drafts.get(name)
        if draft is not None and draft.text != self.history.newest:
            assert (found.text, found.base) == (draft.text, draft.base)
        else:
            assert (found.text, found.base) == (self.history.newest, self.history.head)
        assert found.sequence == (draft.sequence if draft else 0)

    @rule(name=who, tab=tab, changes=changes)
    def type(self, name: str, tab: int, changes: list[tuple[str, int]]) -> None:
        found = self.tab(name, tab)
        texts = parts(found.text)
        for act, place in changes:
            self.said += 1
            new = [f"**Point {self.said}** of the {name}, and *why*."] * (act != "drop")
            start = place % (len(texts) + 1)
            texts[start : start + (act != "add")] = new
        found.text = "\n\n".join(texts)

    @rule(name=who, tab=tab)
    def autosave(self, name: str, tab: int) -> None:
        """No draft is written over by somebody who has not seen it."""
        mine, kept = self.tab(name, tab), self.drafts.get(name)
        sent = {"body": mine.text, "base_revision": str(mine.base)}
        answer = self.browsers[name].post(
            "/drafts",
            json={"context": f"note:{self.note_id}", "sequence": mine.sequence, **sent},
        )
        seen = kept is None or kept.sequence == mine.sequence or kept[1:] == (mine.text, mine.base)
        assert answer.status_code == (200 if seen else 409), answer.text
        if seen:
            mine.sequence = answer.json["sequence"]
            assert kept is None or mine.sequence > kept.sequence
            self.drafts[name] = Kept(mine.sequence, mine.text, mine.base)

    @rule(name=who, tab=tab)
    def save(self, name: str, tab: int) -> None:
        mine = self.tab(name, tab)
        self.send(name, mine.text, mine.base, mine.sequence)
        self.tabs.pop((name, tab))

    @rule(name=who, tab=tab, changes=changes)
    def type_and_save(self, name: str, tab: int, changes: list[tuple[str, int]]) -> None:
        self.type(name, tab, changes)
        self.save(name, tab)

    @rule(names=st.permutations(WRITERS), changes=st.tuples(changes, changes))
    def save_beside(self, names: list[str], changes: tuple[Any, Any]) -> None:
        """Two people open the section, then each saves."""
        for name in names[:2]:
            self.open(name, 0)
        for name, mine in zip(names, changes, strict=False):
            self.type_and_save(name, 0, mine)

    @rule(name=who, changes=st.tuples(changes, changes))
    def save_beside_a_draft(self, name: str, changes: tuple[Any, Any]) -> None:
        """One person in two tabs: what the other tab holds is no draft of what is sent."""
        for tab in (0, 1):
            self.open(name, tab)
            self.type(name, tab, changes[tab])
        self.autosave(name, 0)
        self.save(name, 1)

    @rule(name=who, tab=tab, base=many)
    def save_on_any(self, name: str, tab: int, base: int) -> None:
        """On top of a revision that is old, a branch, or none at all."""
        self.send(name, self.tab(name, tab).text, base, 0)

    def send(self, name: str, text: str, base: int, sequence: int) -> None:
        sent = {"body": text, "base_revision": str(base), "draft_sequence": str(sequence)}
        answer = self.browsers[name].post(f"{self.path}/edit", data=sent)
        assert answer.status_code in {302, 409}
        self.history.saved(text, base, self.stored(), clashed=answer.status_code == 409)
        draft = self.drafts.get(name)
        if draft and (draft.sequence <= sequence or text.startswith(draft.text)):
            del self.drafts[name]

    @rule(name=who, number=many)
    def restore(self, name: str, number: int) -> None:
        rows = self.history.rows
        if rows:
            row = rows[number % len(rows)]
            self.post(name, f"/history/{row.number}/restore")
            self.history.restored(row.number, self.stored())

    @rule(name=who, number=many, choice=st.sampled_from(("mine", "theirs", "both")))
    def resolve(self, name: str, number: int, choice: str) -> None:
        branches = [row for row in self.history.rows if row.kind == "branch"]
        if not branches or self.history.is_removed:
            return
        branch = branches[number % len(branches)].number
        path = f"{self.path}/clashes/{branch}"
        page = self.browsers[name].get(path).text
        chosen = dict.fromkeys(CHOICE.findall(page), choice)
        theirs = dict(HIDDEN.findall(page))["theirs"]
        assert theirs == str(self.history.head)
        answer = self.browsers[name].post(path, data={**chosen, "theirs": theirs})
        assert answer.status_code == 302, answer.text
        self.history.settled(branch, choice, self.stored())

    @rule(name=who, number=many)
    def resolve_late(self, name: str, number: int) -> None:
        """The choices were made beside a text that is no longer the newest: nothing happens."""
        branches = [row for row in self.history.rows if row.kind == "branch"]
        if branches:
            path = f"{self.path}/clashes/{branches[number % len(branches)].number}"
            late = {"theirs": str(self.history.head - 1), "choice0": "mine", "choice1": "mine"}
            assert self.browsers[name].post(path, data=late).status_code == 409
            assert self.history.news(self.stored()) == []

    @rule(name=who)
    def remove(self, name: str) -> None:
        self.post(name, "/remove")
        self.history.removed(self.stored())

    @rule(name=who)
    def bring_back(self, name: str) -> None:
        self.post(name, "/back")
        self.history.brought_back(self.stored())

    @rule(name=chief, number=many, place=many, is_gone=st.booleans())
    def correct(self, name: str, number: int, place: int, is_gone: bool) -> None:
        """Somebody who was there proposes other words for a paragraph of any text; accepted."""
        rows = [row for row in self.history.rows if row.kind != "branch" and row.text]
        if not rows or self.in_review() is None:
            return
        row = rows[number % len(rows)]
        texts = parts(row.text)
        place %= len(texts)
        self.said += 1
        words = "" if is_gone else f"Correction {self.said}, in other words."
        with write() as session:
            note, person = session.get_one(Note, self.note_id), self.person(name)
            asked = proposing.propose(note, row.number, place, words, "", Proposer(person))
        address = f"/corrections/{asked.id}/accept"
        answer = self.browsers[name].post(self.path + address, data={"lock_version": "1"})
        assert answer.status_code in {302, 409}, answer.text
        texts[place : place + 1] = [words] * bool(words)
        clashed = answer.status_code == 409
        self.history.corrected("\n\n".join(texts), row.number, self.stored(), clashed=clashed)
        state = db.session.get_one(Correction, asked.id).state
        assert state == (CorrectionState.OPEN if clashed else CorrectionState.ACCEPTED)

    @rule(name=chief)
    def publish(self, name: str) -> None:
        path = self.path.rsplit("/", 2)[0] + "/summary"
        answer = self.browsers[name].post(path, data={"change_note": f"Version {self.said}"})
        waiting = select(Correction.id).where(Correction.state == CorrectionState.OPEN)
        if answer.status_code == 422 and db.session.scalars(waiting).first():
            return  # somebody waits for an answer: nothing is frozen, which is looked at later
        assert answer.status_code == 302, answer.text
        whole = json.dumps(self.frozen()[-1])
        said = [] if self.history.is_removed else re.findall(r"Point \d+\b", self.history.newest)
        assert [one for one in said if f'{one}"' not in whole] == []
        assert len(self.frozen()) == len(self.versions) + 1
        self.versions = [*self.versions, self.frozen()[-1]]

    @rule()
    def unpublish(self) -> None:
        if self.versions:
            path = self.path.rsplit("/", 2)[0] + "/summary/unpublish"
            self.browsers["admin"].post(path, data={"reason": "A name stood there."})

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

    def tab(self, name: str, tab: int) -> Tab:
        """Opened if need be; an empty one of long ago while the section is away."""
        if (name, tab) not in self.tabs:
            self.open(name, tab)
        return self.tabs.setdefault((name, tab), Tab(0, "", 0))

    def post(self, name: str, address: str) -> None:
        assert self.browsers[name].post(self.path + address).status_code == 302

    def person(self, name: str) -> User:
        return db.session.get_one(User, self.ids[name])

    def in_review(self) -> NoteSet | None:
        """The set while corrections are taken; a draft is opened for them first."""
        db.session.rollback()
        note_set = db.session.get_one(NoteSet, self.set_id)
        if note_set.status == NotesStatus.PUBLISHED:
            return None
        if note_set.status == NotesStatus.DRAFT:
            with write():
                reviewing.open_review(note_set, 7, self.person("organiser"))
        return note_set

    def stored(self) -> list[Row]:
        return stored(self.note_id)

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


def stored(note_id: int) -> list[Row]:
    db.session.rollback()
    columns = (NoteRevision.number, NoteRevision.kind, NoteRevision.body, NoteRevision.base)
    found = select(*columns).where(NoteRevision.note_id == note_id).order_by(NoteRevision.number)
    return [Row(n, kind.value, body, base) for n, kind, body, base in db.session.execute(found)]


def test_whatever_editors_do_no_text_is_lost(
    app: Flask, rows: Database, client_for: Callable[[User], FlaskClient]
) -> None:
    Writers.rows, Writers.sign_in = rows, staticmethod(client_for)
    run_state_machine_as_test(
        Writers,
        settings=settings(
            max_examples=EXAMPLES or 8,
            stateful_step_count=25,
            derandomize=not EXAMPLES,
            phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


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
