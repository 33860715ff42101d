"""A review: those who were there propose other words, and one of them is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from app.accounts.models import User
from app.demo.cast import Cast
from app.demo.reading import Entry
from app.notes.correcting import accept
from app.notes.models import Note, NoteSet
from app.notes.proposing import Proposer, propose
from app.notes.reviewing import USUAL_DAYS, open_review

Event = tuple[datetime, Callable[[], None]]
NoteOf = Callable[[Entry], Note]


def review(told: Entry, actor: User, cast: Cast, note_of: NoteOf) -> Iterator[Event]:
    """Days count back from the moment the story is told: the review still runs."""
    opened = cast.now - timedelta(days=told["review_opened"])
    yield opened, lambda: open_review(_note_set(told, note_of), USUAL_DAYS, actor)
    for entry in told["corrections"]:
        proposed = cast.now - timedelta(days=entry["days_ago"])
        yield proposed, partial(_correct, entry, actor, cast, note_of)


def _note_set(told: Entry, note_of: NoteOf) -> NoteSet:
    return note_of(told["parts"][0]).note_set


def _correct(entry: Entry, actor: User, cast: Cast, note_of: NoteOf) -> None:
    note, who = note_of(entry), Proposer(user=cast.people[entry["by"]])
    correction = propose(
        note, note.head, entry["paragraph"], entry["proposed"], entry["reason"], who
    )
    if "accepted" in entry:
        accept(correction, correction.lock_version, actor, entry["accepted"])
