"""Who has the notes open, and which section they write in. Nobody is locked out by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _, ngettext
from app.core.prepared import dialect_insert
from app.notes.models import Note, NotePresence

FORGOTTEN_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Beat:
    """What a page is told each time: the newest text of each section, and who else is here.

    `heads` are revisions by section, in order; `editing` says by section who writes there.
    """

    heads: dict[int, int]
    editing: dict[int, str]
    here: str


def beat(set_id: int, person_id: int, note_id: int | None) -> Beat:
    """Say that this person is here, and hear what is new.

    It comes often: it is called with ids, so that no row is read anew for it.
    """
    heads = _heads(set_id)
    _remember(set_id, person_id, note_id if note_id in heads else None)
    others = _others(set_id, person_id)
    return Beat(heads, _editing(others), _here(others))


def leave(set_id: int, person_id: int) -> None:
    """The page is closed; those who have not been heard of for long are forgotten too."""
    own = NotePresence.user_id == person_id
    old = NotePresence.seen_at < utcnow() - FORGOTTEN_AFTER
    gone = delete(NotePresence).where(NotePresence.note_set_id == set_id, own | old)
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _heads(set_id: int) -> dict[int, int]:
    found = (
        select(Note.id, Note.head)
        .where(Note.note_set_id == set_id, Note.removed_at.is_(None))
        .order_by(Note.position)
    )
    return dict(db.session.execute(found).all())


def _remember(set_id: int, person_id: int, note_id: int | None) -> None:
    seen = {"note_id": note_id, "seen_at": utcnow()}
    key = {"note_set_id": set_id, "user_id": person_id}
    known = [NotePresence.note_set_id, NotePresence.user_id]
    row = dialect_insert(NotePresence).values(**key, **seen)
    db.session.execute(row.on_conflict_do_update(index_elements=known, set_=seen))


def _others(set_id: int, person_id: int) -> list[NotePresence]:
    found = (
        select(NotePresence)
        .where(NotePresence.note_set_id == set_id, NotePresence.user_id != person_id)
        .where(NotePresence.seen_at > utcnow() - FORGOTTEN_AFTER)
        .options(joinedload(NotePresence.user).load_only(User.display_name))
        .order_by(NotePresence.user_id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(found))


def _editing(others: list[NotePresence]) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for other in others:
        if other.note_id is not None:
            names.setdefault(other.note_id, []).append(other.user.display_name)
    return {note_id: _edit_words(who) for note_id, who in names.items()}


def _edit_words(names: list[str]) -> str:
    if len(names) == 1:
        return _("%(name)s is editing this part.", name=names[0])
    return ngettext(
        "%(name)s and %(num)s other person are editing this part.",
        "%(name)s and %(num)s other people are editing this part.",
        len(names) - 1,
        name=names[0],
    )


def _here(others: list[NotePresence]) -> str:
    if not others:
        return ""
    names = "; ".join(other.user.display_name for other in others)
    return _("Also here: %(names)s", names=names)
