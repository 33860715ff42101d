"""Writing notes: nobody's text is ever lost."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.core.jobs import insert_once
from app.core.markup import render
from app.notes.enums import NoteKind, NotesStatus, RevisionKind
from app.notes.errors import ReviewNotPossible
from app.notes.merging import Conflict, Piece, merge, paragraphs
from app.notes.models import Note, NoteRevision, NoteSet
from app.webinars.models import AgendaItem, Webinar


@dataclass(frozen=True)
class Saved:
    """The text is the newest one; or it was so already and `revision` is what stood there."""

    revision: NoteRevision


@dataclass(frozen=True)
class Merged:
    """The text was joined with changes of others, made since it was opened."""

    revision: NoteRevision
    theirs: NoteRevision


@dataclass(frozen=True)
class Clash:
    """Both changed the same paragraph. The text is kept as `branch`; the head stays theirs."""

    branch: NoteRevision
    theirs: NoteRevision
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """A paragraph in a comparison: mark is "same", "added" or "removed"."""

    mark: str
    text: str


def open_notes(webinar: Webinar, actor: User) -> NoteSet:
    """Give each agenda item a note, and the whole a general one. Doing it again adds new items."""
    values = {
        "webinar_id": webinar.id,
        "status": NotesStatus.DRAFT,
        "language": webinar.language,
        "attribution": webinar.attribution,
        "at_a_glance": "",
        "lock_version": 1,
        "created_at": utcnow(),
    }
    insert_once(NoteSet, values)
    note_set = db.session.scalars(
        locked(select(NoteSet).where(NoteSet.webinar_id == webinar.id))
    ).one()
    _follow_agenda(note_set, webinar.agenda)
    return note_set


def add_part(note_set: NoteSet, heading: str) -> Note:
    """Add a part that was not on the agenda, at the end."""
    note = _add_note(note_set, NoteKind.EXTRA, len(note_set.notes), heading)
    db.session.flush()
    db.session.expire(note_set, ["notes"])
    return note


def _follow_agenda(note_set: NoteSet, agenda: list[AgendaItem]) -> None:
    known = {note.agenda_item_id: note for note in note_set.notes}
    if not any(note.position == 0 for note in note_set.notes):
        _add_note(note_set, NoteKind.GENERAL, 0, _("General"))
    for position, item in enumerate(agenda, start=1):
        note = known.get(item.id) or _add_note(note_set, NoteKind.ITEM, position, item.title)
        note.agenda_item_id, note.heading, note.position = item.id, item.title, position
    gone = [n for n in note_set.notes if n.position and n.agenda_item_id is None]
    for position, note in enumerate(gone, start=len(agenda) + 1):
        note.position = position
    db.session.flush()
    db.session.expire(note_set, ["notes"])


def _add_note(note_set: NoteSet, kind: NoteKind, position: int, heading: str) -> Note:
    note = Note(note_set_id=note_set.id, kind=kind, position=position, heading=heading)
    db.session.add(note)
    return note


def save_note(note: Note, body: str, html: str, base: int, author: User) -> Saved | Merged | Clash:
    """Save a text that was written on top of revision `base` (0: on an empty note).

    `html` is the rendered `body`. An unknown base counts as 0, so that no text is refused.
    """
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    theirs = revision_of(note, note.head)
    head_body = theirs.body if theirs else ""
    if theirs is None:
        return Saved(_advance(note, body, html, RevisionKind.SAVED, 0, author))
    if body == head_body:
        return Saved(theirs)
    if base == note.head:
        return Saved(_advance(note, body, html, RevisionKind.SAVED, base, author))
    return _join(note, theirs, body, html, base, author)


def _join(
    note: Note, theirs: NoteRevision, body: str, html: str, base: int, author: User
) -> Saved | Merged | Clash:
    started_from = revision_of(note, base)
    if started_from is None or started_from.kind == RevisionKind.BRANCH:
        started_from, base = None, 0
    merged = merge(started_from.body if started_from else "", body, theirs.body)
    if isinstance(merged, Conflict):
        branch = _add_revision(note, body, html, RevisionKind.BRANCH, base, author)
        return Clash(branch, theirs, merged.pieces)
    if merged.text == theirs.body:
        return Saved(theirs)
    joined_html = render(merged.text).html
    joined = _advance(note, merged.text, joined_html, RevisionKind.MERGED, base, author)
    return Merged(joined, theirs)


def restore(revision: NoteRevision, note: Note, actor: User) -> NoteRevision:
    """Put an earlier text on top again, as a new revision."""
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    head = revision_of(note, note.head)
    if head and head.body == revision.body:
        return head
    kind = RevisionKind.RESTORED
    return _advance(note, revision.body, revision.html, kind, revision.number, actor)


def revision_of(note: Note, number: int) -> NoteRevision | None:
    found = select(NoteRevision).where(
        NoteRevision.note_id == note.id, NoteRevision.number == number
    )
    return db.session.scalars(found).first()


def compare(earlier: str, later: str) -> list[Change]:
    """What happened between two texts, paragraph by paragraph."""
    before, after = paragraphs(earlier), paragraphs(later)
    changes: list[Change] = []
    for tag, a, aend, b, bend in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            changes += [Change("same", text) for text in before[a:aend]]
        else:
            changes += [Change("removed", text) for text in before[a:aend]]
            changes += [Change("added", text) for text in after[b:bend]]
    return changes


def describe(note: Note, *, is_for_practitioners: bool, is_treated: bool) -> None:
    """Say who may read this part, and whether there was time for it."""
    note.is_for_practitioners = is_for_practitioners
    note.is_treated = is_treated


def ask_for_review(note_set: NoteSet) -> None:
    """Let the members read the draft before it is published."""
    _turn(note_set, NotesStatus.IN_REVIEW)


def back_to_draft(note_set: NoteSet) -> None:
    _turn(note_set, NotesStatus.DRAFT)


def _turn(note_set: NoteSet, status: NotesStatus) -> None:
    note_set = db.session.scalars(locked(select(NoteSet).where(NoteSet.id == note_set.id))).one()
    if note_set.status == NotesStatus.PUBLISHED:
        raise ReviewNotPossible
    note_set.status = status


def _advance(
    note: Note, body: str, html: str, kind: RevisionKind, base: int, author: User
) -> NoteRevision:
    revision = _add_revision(note, body, html, kind, base, author)
    note.head = revision.number
    return revision


def _add_revision(
    note: Note, body: str, html: str, kind: RevisionKind, base: int, author: User
) -> NoteRevision:
    """The note's row is locked: the next number is ours."""
    highest = select(func.max(NoteRevision.number)).where(NoteRevision.note_id == note.id)
    revision = NoteRevision(
        note_id=note.id,
        number=(db.session.scalar(highest) or 0) + 1,
        base=base,
        kind=kind,
        body=body,
        html=html,
        author_id=author.id,
        created_at=utcnow(),
    )
    db.session.add(revision)
    db.session.flush()
    return revision
