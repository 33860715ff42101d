"""Notes of webinars that took place, with decisions, actions and a published summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.accounts.models import User
from app.core.clock import standing_at
from app.core.markup import render
from app.demo.crowd.size import Crowd
from app.demo.crowd.writing import Writer
from app.notes.deciding import Owner, decide, promise
from app.notes.publishing import publish, summarise
from app.notes.writing import open_notes, save_note
from app.webinars.models import Webinar

DECISIONS, ACTIONS = 3, 4


def write_notes(
    crowd: Crowd, held: list[Webinar], writer_of_all: User, writer: Writer
) -> Iterator[int]:
    for webinar in held[: min(crowd.size.notes, len(held) // 2)]:
        with standing_at(crowd.now - timedelta(days=1)):
            _write(webinar, writer_of_all, writer)
        yield 1


def _write(webinar: Webinar, author: User, writer: Writer) -> None:
    note_set = open_notes(webinar, author)
    language = note_set.language
    for note in note_set.notes:
        body = writer.text(language).body
        save_note(note, body, render(body).html, note.head, author)
    for _ in range(DECISIONS):
        decide(note_set, writer.sentence(language))
    for number in range(ACTIONS):
        due_on = (webinar.sorts_at + timedelta(weeks=number + 4)).date()
        promise(note_set, writer.sentence(language), Owner(label="City officer"), due_on)
    summarise(note_set, writer.paragraph(language), note_set.lock_version)
    publish(note_set, author)
