"""What is known before anybody writes, as Markdown in the language of the notes.

The texts name nobody whom the published summary may not name: they are what everybody may read.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from sqlalchemy import select

from app.core.db import db
from app.core.i18n import LANGUAGES, _, speaking
from app.core.templating import day
from app.notes.carrying import open_actions_before
from app.notes.deciding import number_of
from app.notes.documents.markdown import safe
from app.notes.enums import Naming
from app.notes.models import Action, Note, NoteRevision, NoteSet
from app.notes.naming import load_owners, naming_of, owner_words, strictest
from app.questions.queries import unanswered_at
from app.webinars.models import Speaker, Webinar


def in_language_of(note_set: NoteSet) -> AbstractContextManager[None]:
    """Inside this block words are those of the notes, as far as we speak their language."""
    return speaking(note_set.language if note_set.language in LANGUAGES else "en")


def general_text(note_set: NoteSet) -> str:
    """Purpose and speakers, as announced; empty when neither is known."""
    webinar = note_set.webinar
    parts = []
    if webinar.description.strip():
        parts += [f"# {_('Purpose')}", webinar.description.strip()]
    if announced := speakers(webinar, naming_of(note_set, public=True)):
        parts += [f"# {_('Speakers')}", "\n".join(f"- {words}" for words in announced)]
    return "\n\n".join(parts)


def question_lines(note_set: NoteSet, known: str) -> list[str]:
    """What the audience asked and got no answer to, by votes, unless `known` has it already.

    Their words alone, never who asked; in quotation marks, so that none is taken for a decision,
    and with their own marks as plain text.
    """
    asked = [
        " ".join(question.body.split())
        for question in db.session.scalars(unanswered_at(note_set.webinar_id))
    ]
    new = [body for body in dict.fromkeys(asked) if not _is_quoted(body, known)]
    return [f"- {_('“%(question)s”', question=safe(body))}" for body in new]


def _is_quoted(body: str, known: str) -> bool:
    """As we quote it, or as somebody put it there with its marks."""
    return any(_("“%(question)s”", question=words) in known for words in (safe(body), body))


def earlier_lines(note_set: NoteSet, known: str) -> list[str]:
    """Open actions of earlier sessions, soonest due first, unless `known` has them already."""
    actions = [
        action
        for action in open_actions_before(note_set.webinar)
        if f"{number_of(action)}:" not in known
    ]
    load_owners(actions)
    ours = naming_of(note_set, public=True)
    return [_earlier(action, ours) for action in actions]


def ever_written(note: Note) -> str:
    """All texts that this section had: what somebody took out is not laid in again."""
    bodies = select(NoteRevision.body).where(NoteRevision.note_id == note.id)
    return "\n".join(db.session.scalars(bodies))


def joined(head: str, lines: Iterable[str]) -> str:
    """The text with these lines after it."""
    return "\n\n".join(part for part in (head.rstrip(), "\n".join(lines)) if part)


def speakers(webinar: Webinar, naming: Naming) -> list[str]:
    """Where only cities are named, what speakers are announced for; no one where none are."""
    if naming in {Naming.ACTOR, Naming.NOBODY}:
        return []
    if naming == Naming.CITY:
        return list(dict.fromkeys(one.affiliation for one in webinar.speakers if one.affiliation))
    return [_speaker(one) for one in webinar.speakers]


def _speaker(speaker: Speaker) -> str:
    return ", ".join(part for part in (speaker.name, speaker.affiliation) if part)


def _earlier(action: Action, ours: Naming) -> str:
    owner = owner_words(action, strictest(ours, naming_of(action.note_set, public=True)))
    due = _("due %(day)s", day=day(action.due_on)) if action.due_on else ""
    rest = ", ".join(part for part in (owner, due) if part)
    words = f"{number_of(action)}: {' '.join(action.text.split())}"
    return f"- {words} ({rest})" if rest else f"- {words}"
