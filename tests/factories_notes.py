"""Notes that many tests need."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.core.db import db, write
from app.core.markup import render
from app.notes import publishing, writing
from app.notes.models import Note, NoteSet, SummaryVersion
from app.webinars.models import Webinar
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar


def make_notes(
    organiser: User | None = None, items: tuple[str, ...] = ("Welcome",), **changes: Any
) -> NoteSet:
    """Opened notes of a new webinar with these agenda items, and nothing that fills them in."""
    organiser = organiser or make_organiser()
    webinar = make_webinar(organiser=organiser, **({"description": ""} | changes))
    for position, title in enumerate(items, start=1):
        make_agenda_item(webinar, title, position=position)
    return open_notes(webinar, organiser)


def open_notes(webinar: Webinar, actor: User) -> NoteSet:
    with write():
        note_set = writing.open_notes(webinar, actor)
    db.session.refresh(note_set)
    return note_set


def note_at(note_set: NoteSet, position: int) -> Note:
    return next(note for note in note_set.notes if note.position == position)


def save(
    note: Note, body: str, author: User, base: int | None = None
) -> writing.Saved | writing.Merged | writing.Clash:
    """Save on top of the newest text, or of another."""
    with write():
        started = note.head if base is None else base
        return writing.save_note(note, body, render(body).html, started, author)


def make_summary(
    organiser: User | None = None,
    body: str = "Everybody **met**.",
    closed: str = "",
    **changes: Any,
) -> SummaryVersion:
    """A published summary; `closed` is the text of a second part for practitioners only."""
    organiser = organiser or make_organiser()
    items = ("Welcome", "Hardest partner") if closed else ("Welcome",)
    note_set = make_notes(organiser, items, **changes)
    save(note_at(note_set, 1), body, organiser)
    if closed:
        save(note_at(note_set, 2), closed, organiser)
        with write():
            writing.describe(note_at(note_set, 2), is_for_practitioners=True, is_treated=True)
    return publish(note_set, organiser)


def publish(note_set: NoteSet, actor: User, change_note: str = "") -> SummaryVersion:
    with write():
        version = publishing.publish(note_set, actor, change_note)
    db.session.refresh(version)
    return version
