"""Editors who do everything that notes offer, in any order: the rules of a state machine.

What each act may leave behind is asked of `history`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any, ClassVar, NamedTuple

import time_machine
from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db, write
from app.notes import proposing, reviewing, sectioning
from app.notes.enums import CorrectionState, NotesStatus
from app.notes.models import Correction, Note, NoteRevision, NoteSet
from app.notes.note_takers import name_note_taker
from app.notes.proposing import Proposer
from tests.databases import Database
from tests.factories import make_user
from tests.factories_notes import make_notes
from tests.factories_webinars import make_organiser
from tests.notes.history import History, Row, parts

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


class Acts(RuleBasedStateMachine):
    rows: ClassVar[Database]
    clock: ClassVar[time_machine.Traveller]
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
        """No draft is written over by somebody who has not seen it, two seconds after a key."""
        self.clock.shift(2)
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
        self.settle(name, text, sequence)

    def settle(self, name: str, text: str, sequence: int) -> None:
        """What was sent needs no draft."""
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
        self.settle(name, self.history.newest, 0)

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

    def status(self) -> NotesStatus:
        db.session.rollback()
        return db.session.get_one(NoteSet, self.set_id).status

    def stored(self) -> list[Row]:
        return stored(self.note_id)


def stored(note_id: int) -> list[Row]:
    db.session.rollback()
    columns = (NoteRevision.number, NoteRevision.kind, NoteRevision.body, NoteRevision.base)
    found = select(*columns).where(NoteRevision.note_id == note_id).order_by(NoteRevision.number)
    return [Row(n, kind.value, body, base) for n, kind, body, base in db.session.execute(found)]
