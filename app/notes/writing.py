"""Writing notes: nobody's text is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.core.jobs import insert_once
from app.core.markup import render
from app.notes import arranging, line_records, prefilling
from app.notes.aligning import Alignment
from app.notes.enums import NoteKind, NotesStatus, RevisionKind
from app.notes.merging import Conflict, Piece, merge, paragraphs
from app.notes.models import Note, NoteRevision, NoteSet
from app.webinars.models import Webinar


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
    """Give each agenda item a note, and the whole a general one, with what is known already.

    Doing it again adds what is new since.
    """
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
    with prefilling.in_language_of(note_set):
        arranging.follow_agenda(note_set, _("General"), webinar.agenda)
        _lay_in(note_set, actor)
    return note_set


def add_part(note_set: NoteSet, heading: str, kind: NoteKind = NoteKind.EXTRA) -> Note:
    """Add a part that was not on the agenda, at the end."""
    return arranging.add_note(note_set, kind, heading, len(note_set.notes))


def _lay_in(note_set: NoteSet, actor: User) -> None:
    """What is known before anybody writes: nothing where somebody wrote, and nothing twice."""
    general = _of_kind(note_set, NoteKind.GENERAL)
    if general is not None and general.head == 0:
        _prefill(general, prefilling.general_text(note_set), actor)
    _add_lines(note_set, NoteKind.EARLIER, prefilling.earlier_lines, actor)
    _add_lines(note_set, NoteKind.QUESTIONS, prefilling.question_lines, actor)


def _add_lines(
    note_set: NoteSet, kind: NoteKind, lines_for: Callable[[NoteSet, str], list[str]], actor: User
) -> None:
    """Lines that the section of this kind never had; a section that was removed stays so."""
    note = _of_kind(note_set, kind)
    lines = lines_for(note_set, prefilling.ever_written(note) if note else "")
    if not lines or (note is not None and note.removed_at is not None):
        return
    note = note or _section_for(note_set, kind)
    head = revision_of(note, note.head)
    _prefill(note, prefilling.joined(head.body if head else "", lines), actor)


def _section_for(note_set: NoteSet, kind: NoteKind) -> Note:
    if kind == NoteKind.EARLIER:
        return arranging.add_note(note_set, kind, _("What became of earlier actions"), 1)
    return add_part(note_set, _("Open questions"), kind)


def _of_kind(note_set: NoteSet, kind: NoteKind) -> Note | None:
    return next((note for note in note_set.notes if note.kind == kind), None)


def _prefill(note: Note, body: str, actor: User) -> None:
    seen = note.head
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    if body and note.head == seen:  # nobody saved while we looked
        _advance(note, body, render(body).html, RevisionKind.PREFILLED, note.head, actor)


def save_note(
    note: Note,
    body: str,
    html: str,
    base: int,
    author: User,
    kind: RevisionKind = RevisionKind.SAVED,
) -> Saved | Merged | Clash:
    """Save a text that was written on top of revision `base` (0: on an empty note).

    `html` is the rendered `body`. An unknown base counts as 0, so that no text is refused. `kind`
    says where the text comes from; one that was joined on the way is MERGED, if it says nothing.
    What was typed is kept word for word: a joined text has it as its base, a branch of its own.
    A section that was removed meanwhile is back: somebody writes in it.
    """
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    if note.removed_at is not None:
        back = unbury(note, author)
        base = back.number if base == back.base else base
    theirs = revision_of(note, note.head)
    head_body = theirs.body if theirs else ""
    if theirs is None:
        return Saved(_advance(note, body, html, kind, 0, author))
    if body == head_body:
        return Saved(theirs)
    if base == note.head:
        return Saved(_advance(note, body, html, kind, base, author))
    return _join(note, theirs, body, html, base, author, kind)


def _join(
    note: Note,
    theirs: NoteRevision,
    body: str,
    html: str,
    base: int,
    author: User,
    kind: RevisionKind,
) -> Saved | Merged | Clash:
    started_from = revision_of(note, base)
    if started_from is None or started_from.kind == RevisionKind.BRANCH:
        started_from, base = None, 0
    merged = merge(started_from.body if started_from else "", body, theirs.body)
    if isinstance(merged, Conflict):
        branch = _kept_beside(note, body, base, author) or _add_revision(
            note, body, html, RevisionKind.BRANCH, base, author
        )
        return Clash(branch, theirs, merged.pieces)
    known = (merged.text, started_from.body if started_from else "")
    if kind == RevisionKind.SAVED and body not in known:
        base = _add_revision(note, body, html, RevisionKind.BRANCH, base, author).number
    if merged.text == theirs.body:
        return Saved(theirs)
    joined_html = render(merged.text).html
    kind = RevisionKind.MERGED if kind == RevisionKind.SAVED else kind
    joined = _advance(note, merged.text, joined_html, kind, base, author)
    return Merged(joined, theirs)


def _kept_beside(note: Note, body: str, base: int, author: User) -> NoteRevision | None:
    """Who saves once more what clashed already has it kept once."""
    found = select(NoteRevision).where(
        NoteRevision.note_id == note.id,
        NoteRevision.kind == RevisionKind.BRANCH,
        NoteRevision.base == base,
        NoteRevision.author_id == author.id,
        NoteRevision.body == body,
    )
    return db.session.scalars(found.order_by(NoteRevision.number.desc())).first()


def restore(revision: NoteRevision, note: Note, actor: User) -> NoteRevision:
    """Put an earlier text on top again, as a new revision; a removed section is back with it."""
    note = db.session.scalars(locked(select(Note).where(Note.id == note.id))).one()
    note.removed_at = None
    head = revision_of(note, note.head)
    if head and head.body == revision.body:
        return head
    kind = RevisionKind.RESTORED
    return _advance(note, revision.body, revision.html, kind, revision.number, actor)


def bury(note: Note, actor: User) -> None:
    """End a locked section with an empty text; what stood there is the base of it."""
    _advance(note, "", "", RevisionKind.REMOVED, note.head, actor)


def unbury(note: Note, actor: User) -> NoteRevision:
    """Put the text on top again that stood there before the section was removed."""
    tomb = revision_of(note, note.head)
    base = tomb.base if tomb and tomb.kind == RevisionKind.REMOVED else note.head
    text = revision_of(note, base)
    body, html = (text.body, text.html) if text else ("", "")
    note.removed_at = None
    return _advance(note, body, html, RevisionKind.RESTORED, base, actor)


def revision_of(note: Note, number: int) -> NoteRevision | None:
    found = select(NoteRevision).where(
        NoteRevision.note_id == note.id, NoteRevision.number == number
    )
    return db.session.scalars(found).first()


def compare(earlier: str, later: str) -> list[Change]:
    """What happened between two texts, paragraph by paragraph."""
    before, after = paragraphs(earlier), paragraphs(later)
    changes: list[Change] = []
    for tag, a, aend, b, bend in Alignment(None, before, after).get_opcodes():
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


def _advance(
    note: Note, body: str, html: str, kind: RevisionKind, base: int, author: User
) -> NoteRevision:
    revision = _add_revision(note, body, html, kind, base, author)
    line_records.sync(note, body)
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
