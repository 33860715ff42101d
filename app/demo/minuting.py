"""The notes of all that took place: written, agreed, published and followed up, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from app.accounts.models import User
from app.core.clock import standing_at
from app.core.markup import render
from app.core.queue import forget_due
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.demo.year import sessions_of
from app.notes.deciding import Owner, decide, finish, promise
from app.notes.models import Note, NoteSet
from app.notes.publishing import publish, summarise
from app.notes.writing import add_part, describe, open_notes, save_note

NOTE_TAKER = "organiser@demo.invalid"
WRITTEN = timedelta(days=22)
TOLD = ("notes.", "notifications.tell_of_summary")
"""The jobs that tell people of notes. What is due by now, they heard on its day."""

Event = tuple[datetime, Callable[[], None]]


def minute(cast: Cast) -> None:
    """One thing after the other, so that numbers grow with the days."""
    for moment, happen in sorted(_events(cast), key=lambda event: event[0]):
        with standing_at(moment):
            happen()
    for names in TOLD:
        forget_due(names, cast.now)


def _events(cast: Cast) -> Iterator[Event]:
    yield cast.now - WRITTEN, lambda: _write_founding_ones(cast)
    for entry in chapter("year")["webinars"]:
        for session in sessions_of(entry, cast):
            yield from session.events()


def _write_founding_ones(cast: Cast) -> None:
    for entry in chapter("notes")["notes"]:
        _write(entry, cast, cast.people[NOTE_TAKER])


def _write(entry: Entry, cast: Cast, writer: User) -> None:
    note_set = open_notes(cast.webinars[entry["webinar"]], writer)
    parts = {note.heading: note for note in note_set.notes}
    for part in entry["parts"]:
        note = parts.get(part["heading"]) or add_part(note_set, part["heading"])
        _fill(note, part, writer)
    for decision in entry["decisions"]:
        decide(note_set, decision["text"])
    for action in entry["actions"]:
        _promise(action, note_set, cast)
    summarise(note_set, entry["at_a_glance"], note_set.lock_version)
    publish(note_set, writer)


def _fill(note: Note, part: Entry, writer: User) -> None:
    body = part["body"].strip()
    save_note(note, body, render(body).html, note.head, writer)
    describe(note, is_for_practitioners=part.get("practitioners_only", False), is_treated=True)


def _promise(entry: Entry, note_set: NoteSet, cast: Cast) -> None:
    action = promise(note_set, entry["text"], Owner(label=entry["owner"]), _due_on(entry, cast))
    if entry["state"] == "done":
        finish(action, action.lock_version)


def _due_on(entry: Entry, cast: Cast) -> date:
    if "due_in_days" in entry:
        return (cast.now + timedelta(days=entry["due_in_days"])).date()
    return (cast.now - WRITTEN + timedelta(weeks=entry["weeks"])).date()
