"""What is known besides, put into a section as text that people go on writing in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.attendance.presence import was_there
from app.core.db import db, locked
from app.core.i18n import _, ngettext
from app.core.markup import render
from app.notes import prefilling, writing
from app.notes.documents.blocks import Table, text_of
from app.notes.documents.markdown import safe
from app.notes.enums import Naming
from app.notes.errors import NothingToInsert
from app.notes.gathering import people_of
from app.notes.models import Note
from app.notes.naming import naming_of
from app.notes.participants import participants
from app.webinars.models import Registration


def insert(note: Note, what: str, author: User) -> None:
    """Put it at the end of the section, in the language of the notes, as everybody may read it.

    What stands there stays as it is; what the text has already is not put in again. Raise
    NothingToInsert when nothing is left to say.
    """
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    head = writing.revision_of(note, note.head)
    body = head.body if head else ""
    with prefilling.in_language_of(note.note_set):
        lines = KINDS[what](note, body)
    if not lines:
        raise NothingToInsert
    body = prefilling.joined(body, lines)
    writing.save_note(note, body, render(body).html, note.head, author)


def _attendance(note: Note, known: str) -> list[str]:
    """One block: where anything in it changed, the whole comes below the older one."""
    people = people_of(note.note_set.webinar)
    naming = naming_of(note.note_set, public=True)
    if naming == Naming.NOBODY:
        lines = _counts(people)
    else:
        table = participants(people, naming)
        lines = _rows(table) if table else []
    return [] if "\n".join(lines) in known else lines


def _speakers(note: Note, known: str) -> list[str]:
    naming = naming_of(note.note_set, public=True)
    speakers = prefilling.speakers(note.note_set.webinar, naming)
    return _unknown((f"- {words}" for words in speakers), known)


def _questions(note: Note, known: str) -> list[str]:
    return prefilling.question_lines(note.note_set, known)


def _actions(note: Note, known: str) -> list[str]:
    return prefilling.earlier_lines(note.note_set, known)


KINDS: dict[str, Callable[[Note, str], list[str]]] = {
    "attendance": _attendance,
    "speakers": _speakers,
    "questions": _questions,
    "actions": _actions,
}


def _counts(people: Sequence[Registration]) -> list[str]:
    """How many, and from how many cities, but not which."""
    came = [one for one in people if was_there(one)]
    if not came:
        return []
    cities = {_place(one) for one in came} - {""}
    said = ngettext("%(num)d person was there", "%(num)d people were there", len(came))
    if not cities:
        return [f"{said}."]
    return [_("%(said)s, from %(cities)s.", said=said,
              cities=ngettext("%(num)d city", "%(num)d cities", len(cities)))]  # fmt: skip


def _place(person: Registration) -> str:
    return f"city {person.city_id}" if person.city_id else person.city_label.strip().casefold()


def _rows(table: Table) -> list[str]:
    """As a table of Markdown."""
    head, *rows = ([text_of(cell) for cell in row] for row in (table.head, *table.rows))
    return [_row(head), "|" + " --- |" * len(head), *(_row(row) for row in rows)]


def _row(cells: Iterable[str]) -> str:
    """What people called themselves is no mark of ours."""
    return "| " + " | ".join(safe(" ".join(cell.split())) for cell in cells) + " |"


def _unknown(lines: Iterable[str], known: str) -> list[str]:
    there = {line.strip() for line in known.split("\n")}
    return [line for line in dict.fromkeys(lines) if line not in there]
