"""What the notes page shows of the agreement: corrections that wait, the review, the naming."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.accounts.models import User
from app.core.markup import render
from app.notes.checking import Gap, doubts
from app.notes.correcting import Waiting, waiting
from app.notes.enums import NotesStatus
from app.notes.merging import paragraphs
from app.notes.models import Note, NoteRevision, NoteSet
from app.notes.permissions import can_publish_notes, can_unpublish_notes
from app.notes.reviewing import days_until, end_words, is_over, takes_corrections


@dataclass(frozen=True)
class Part:
    """A paragraph as HTML, and what waits beside it."""

    number: int
    html: str
    corrections: list[Waiting]


@dataclass(frozen=True)
class Agreement:
    """The end of the review, which is to come or was; in words, or empty."""

    waiting: list[Waiting]
    can_publish: bool
    can_unpublish: bool
    is_running: bool
    until: str
    over_since: str
    days: int
    doubts: list[Gap]

    def at(self, note: Note) -> list[Waiting]:
        return [one for one in self.waiting if one.correction.note_id == note.id]

    def parts(self, note: Note, head: NoteRevision | None) -> list[Part]:
        """The text with the corrections beside their paragraphs; what moved stands at the end."""
        beside: dict[int | None, list[Waiting]] = defaultdict(list)
        for one in self.at(note):
            beside[one.place].append(one)
        texts = paragraphs(head.body) if head else []
        parts = [Part(at, render(text).html, beside[at]) for at, text in enumerate(texts)]
        return [*parts, Part(len(texts), "", beside[None])]


@dataclass(frozen=True)
class Paragraph:
    """One that somebody who was there reads."""

    number: int
    html: str


@dataclass(frozen=True)
class ReadSection:
    note: Note
    base: int
    paragraphs: list[Paragraph]

    @property
    def anchor(self) -> str:
        return f"note-{self.note.position}"


def agreement(viewer: User | None, note_set: NoteSet) -> Agreement:
    """For somebody who writes the notes."""
    return Agreement(
        waiting=waiting(note_set),
        can_publish=can_publish_notes(viewer, note_set.webinar),
        can_unpublish=can_unpublish_notes(viewer, note_set.webinar)
        and note_set.status == NotesStatus.PUBLISHED,
        is_running=takes_corrections(note_set),
        until=end_words(note_set) if not is_over(note_set) else "",
        over_since=end_words(note_set) if is_over(note_set) else "",
        days=days_until(note_set),
        doubts=doubts(note_set),
    )


def read_sections(
    note_set: NoteSet, heads: dict[int, NoteRevision], *, whole: bool
) -> list[ReadSection]:
    """What is written, paragraph by paragraph; `whole`: with the practitioners' part."""
    shown = [note for note in note_set.notes if is_read(note, whole=whole) and note.id in heads]
    return [_read(note, heads[note.id]) for note in shown if heads[note.id].body.strip()]


def is_read(note: Note, *, whole: bool) -> bool:
    """Whether somebody who was there reads this part of the draft."""
    return note.removed_at is None and (whole or not note.is_for_practitioners)


def _read(note: Note, head: NoteRevision) -> ReadSection:
    texts = enumerate(paragraphs(head.body))
    return ReadSection(note, head.number, [Paragraph(at, render(text).html) for at, text in texts])
