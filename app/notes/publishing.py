"""From working notes to a summary that stays."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import User
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.notes.composing import compose
from app.notes.deciding import number_of
from app.notes.documents.blocks import to_json
from app.notes.enums import ActionState, NotesStatus
from app.notes.errors import ChangedMeanwhile, ChangeNoteMissing, NotReadyToPublish
from app.notes.gathering import material_of
from app.notes.models import Action, NoteSet, SummaryVersion
from app.notes.queries import actions_of, heads_of, versions_of
from app.notes.signals import summary_published


@dataclass(frozen=True)
class Gap:
    """What is missing before publishing, and the place on the notes page where it is mended."""

    sentence: str
    anchor: str


def gaps(note_set: NoteSet) -> list[Gap]:
    """Every agenda item has text or was not treated; every open action has owner and date."""
    return [*_silent_items(note_set), *_loose_actions(actions_of(note_set))]


def publish(note_set: NoteSet, actor: User, change_note: str = "") -> SummaryVersion:
    """Freeze the notes as the next version. Raise NotReadyToPublish or ChangeNoteMissing."""
    note_set = db.session.scalars(locked(select(NoteSet).where(NoteSet.id == note_set.id))).one()
    earlier = versions_of(note_set)
    if gaps(note_set):
        raise NotReadyToPublish
    if earlier and not change_note:
        raise ChangeNoteMissing
    version = _freeze(note_set, earlier[0] if earlier else None, actor, change_note)
    note_set.status = NotesStatus.PUBLISHED
    audit.record(
        actor.id, "notes.publish", f"note_set:{note_set.id}", version=version_name(version)
    )
    summary_published.send(version, actor=actor)
    return version


def summarise(note_set: NoteSet, at_a_glance: str, lock_version: int) -> None:
    """Set the short text on top. Raise ChangedMeanwhile when somebody else did since."""
    note_set = db.session.scalars(locked(select(NoteSet).where(NoteSet.id == note_set.id))).one()
    if note_set.at_a_glance == at_a_glance:
        return
    if note_set.lock_version != lock_version:
        raise ChangedMeanwhile
    note_set.at_a_glance = at_a_glance
    note_set.lock_version += 1


def version_name(version: SummaryVersion) -> str:
    return f"{version.major}.{version.minor}"


def _freeze(
    note_set: NoteSet, last: SummaryVersion | None, actor: User, change_note: str
) -> SummaryVersion:
    now = utcnow()
    major, minor = (last.major, last.minor + 1) if last else (1, 0)
    material = material_of(note_set)
    name = f"{major}.{minor}"
    whole, public = (
        to_json(compose(material, public=public, version=name, published_on=now.date()))
        for public in (False, True)
    )
    version = SummaryVersion(
        note_set_id=note_set.id,
        major=major,
        minor=minor,
        document=whole,
        public_document=public,
        change_note=change_note,
        published_by_id=actor.id,
        published_at=now,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _silent_items(note_set: NoteSet) -> list[Gap]:
    heads = heads_of(note_set)
    return [
        Gap(
            _(
                "“%(heading)s” has no text. Write it, or mark it as not treated.",
                heading=note.heading,
            ),
            f"note-{note.position}",
        )
        for note in note_set.notes
        if note.agenda_item_id and note.is_treated
        if note.id not in heads or not heads[note.id].body.strip()
    ]


def _loose_actions(actions: list[Action]) -> list[Gap]:
    found = []
    for action in actions:
        if action.state != ActionState.OPEN:
            continue
        number, anchor = number_of(action), f"action-{action.id}"
        if not (action.owner_user_id or action.owner_city_id or action.owner_label):
            found.append(Gap(_("%(number)s has no owner.", number=number), anchor))
        if not action.due_on:
            found.append(Gap(_("%(number)s has no due date.", number=number), anchor))
    return found
