"""Decisions and actions follow the lines of a note; the text itself is never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.notes import deciding
from app.notes.calling import Directory, role
from app.notes.contents import heads_of
from app.notes.deciding import Owner
from app.notes.enums import ActionState, DecisionStatus
from app.notes.line_matching import changed_pairs
from app.notes.line_owners import Surety
from app.notes.lines import Line, LineKind, lines_of
from app.notes.models import Action, Decision, Note, NoteRevision, SummaryVersion
from app.notes.signals import action_turned
from app.webinars.models import Webinar

Record = Decision | Action
TABLES: dict[LineKind, type[Decision] | type[Action]] = {
    LineKind.DECISION: Decision,
    LineKind.ACTION: Action,
}


@dataclass(frozen=True)
class Meant:
    """What a line says, with its owner found."""

    text: str
    owner: Owner
    due_on: date | None
    is_done: bool


def sync(note: Note, body: str) -> None:
    """Let the records of a locked note follow the text that becomes its newest.

    Call it while `note.head` is still the text before. A new line makes a record, a changed line
    changes its record in what changed, a line that is gone ends it, one that is back opens it
    again. After a publication nothing ends: the record only forgets its line. What a form changed
    stays until the line itself says something else.
    """
    day = day_of(note.note_set.webinar)
    before, after = lines_of(_head_of(note), day), lines_of(body, day)
    if not before and not after:
        return
    known = Directory(note.note_set.webinar)
    for kind in LineKind:  # decisions first, always: who waits for a number holds no later one
        older = [line for line in before if line.kind == kind]
        newer = [line for line in after if line.kind == kind]
        if older or newer:
            _Following(note, kind, older, known).follow(older, newer)
    db.session.flush()


def day_of(webinar: Webinar) -> date:
    """The day of the meeting, where it happened; today while nobody knows it."""
    return webinar.start_local.date() if webinar.start_local else utcnow().date()


def made_with(revision: NoteRevision) -> list[Record]:
    """What was recorded when this text was saved, in the order of the numbers."""
    lines = {line.raw for line in lines_of(revision.body, revision.created_at.date())}
    found: list[Record] = []
    for table in TABLES.values() if lines else ():
        fresh = select(table).where(
            table.note_id == revision.note_id, table.created_at >= revision.created_at
        )
        rows: Any = db.session.scalars(fresh.order_by(table.year, table.number))
        found += [record for record in rows if record.line in lines]
    return found


class _Following:
    """The records of one kind in one note, on their way from one text to the next."""

    def __init__(self, note: Note, kind: LineKind, before: list[Line], known: Directory) -> None:
        self._note, self._table, self._known = note, TABLES[kind], known
        self._of_line = _records_of(note, self._table)
        strays = {line.raw for line in before} - self._of_line.keys()
        self._of_line |= _astray(note, self._table, strays) if strays else {}

    def follow(self, before: list[Line], after: list[Line]) -> None:
        olds, news = {line.raw for line in before}, {line.raw for line in after}
        held = [line for line in before if line.raw in self._of_line]
        pairs = [
            (old, new)
            for old, new in changed_pairs(held, after)
            if new.raw not in olds and new.raw not in self._of_line
        ]
        became = {old.raw for old, _ in pairs}
        came_from = {new.raw for _, new in pairs}
        for old, new in pairs:
            self._change(self._of_line[old.raw], old, new)
        for line in held:
            if line.raw not in news and line.raw not in became:
                self._end(self._of_line[line.raw])
        for line in after:
            if line.raw not in olds and line.raw not in came_from:
                self._begin(line)

    def _begin(self, line: Line) -> None:
        """A record that had this line before opens again; else a new one gets a number."""
        meant = _meant(line, self._known)
        found = self._of_line.get(line.raw) or _waiting_for(line, meant, self._note, self._table)
        record = found or self._recorded(meant)
        record.note_id, record.line = self._note.id, line.raw
        if found is not None:
            _open_again(found)

    def _recorded(self, meant: Meant) -> Any:
        note_set = self._note.note_set
        if self._table is Decision:
            return deciding.decide(note_set, meant.text, self._note)
        action = deciding.promise(note_set, meant.text, meant.owner, meant.due_on, self._note)
        if meant.is_done:
            action.state, action.done_at = ActionState.DONE, utcnow()
        return action

    def _change(self, record: Any, old: Line, new: Line) -> None:
        """Only in what the line says differently now: the rest may be a form's words."""
        was, now = _meant(old, self._known), _meant(new, self._known)
        record.line = new.raw
        if was == now:
            return
        record.text = now.text if was.text != now.text else record.text
        if isinstance(record, Action):
            _change_promise(record, was, now)
        record.lock_version += 1

    def _end(self, record: Any) -> None:
        if self._was_published:
            record.line = ""
        elif isinstance(record, Decision):
            _declare(record, DecisionStatus.WITHDRAWN)
        elif record.state == ActionState.OPEN:
            _turn(record, ActionState.DROPPED)

    @cached_property
    def _was_published(self) -> bool:
        versions = select(SummaryVersion.id).where(
            SummaryVersion.note_set_id == self._note.note_set_id
        )
        return db.session.scalar(versions.limit(1)) is not None


def _meant(line: Line, known: Directory) -> Meant:
    """Words that name somebody we know are taken out; others stay where they may be no name."""
    is_handle = bool(line.owner) and f"@{line.owner.split()[0]}" in line.raw
    found = known.find(line.owner, is_handle=is_handle) if line.owner else None
    owner, text = Owner(), line.whole
    if found is not None:
        owner, text = found.owner, line.text if found.is_all else line.whole
    elif line.owner and line.surety != Surety.PERHAPS:
        owner = role(line.owner)
        text = line.text if line.surety == Surety.MARKED else line.whole
    return Meant(text, owner, line.due_on, line.is_done)


def _change_promise(action: Action, was: Meant, now: Meant) -> None:
    if was.owner != now.owner:
        deciding.give(action, now.owner)
    if was.due_on != now.due_on:
        action.due_on = now.due_on
    if was.is_done != now.is_done:
        _turn(action, ActionState.DONE if now.is_done else ActionState.OPEN)


def _open_again(record: Any) -> None:
    if isinstance(record, Decision) and record.status == DecisionStatus.WITHDRAWN:
        _declare(record, DecisionStatus.ADOPTED)
    elif isinstance(record, Action) and record.state == ActionState.DROPPED:
        _turn(record, ActionState.OPEN)


def _declare(decision: Decision, status: DecisionStatus) -> None:
    decision.status = status
    decision.lock_version += 1


def _turn(action: Action, state: ActionState) -> None:
    action.state = state
    action.done_at = utcnow() if state == ActionState.DONE else None
    action.lock_version += 1
    action_turned.send(action)


def _head_of(note: Note) -> str:
    head = select(NoteRevision.body).where(
        NoteRevision.note_id == note.id, NoteRevision.number == note.head
    )
    return db.session.scalar(head) or ""


def _records_of(note: Note, table: type[Record]) -> dict[str, Any]:
    """By the line they were made from, locked in the order in which everybody locks them."""
    found = select(table).where(table.note_id == note.id, table.line != "").order_by(table.id)
    records: Any = db.session.scalars(locked(found))
    return {record.line: record for record in records}


def _astray(note: Note, table: type[Record], raws: set[str]) -> dict[str, Any]:
    """Records of these lines that no other part's text has: a form counts them to another part,
    or their line was taken out there.
    """
    found = (
        select(table)
        .where(table.note_set_id == note.note_set_id, table.line.in_(raws))
        .where(table.note_id.is_distinct_from(note.id))
        .order_by(table.id)
    )
    records: Any = db.session.scalars(locked(found)).all()
    others = _other_lines(note) if records else set()
    return {record.line: record for record in records if record.line not in others}


def _waiting_for(line: Line, meant: Meant, note: Note, table: type[Record]) -> Any:
    """A record of these words without a line; or one whose line was taken out of another part."""
    same = select(table).where(table.note_id == note.id, table.line == "", table.text == meant.text)
    found: Any = db.session.scalars(locked(same.order_by(table.id).limit(1))).first()
    return found or _astray(note, table, {line.raw}).get(line.raw)


def _other_lines(note: Note) -> set[str]:
    """All lines of the other parts."""
    heads = heads_of(note.note_set)
    bodies = [head.body for note_id, head in heads.items() if note_id != note.id]
    return {line.strip() for body in bodies for line in body.split("\n")}
