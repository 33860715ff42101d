"""From working notes to a summary that stays."""

from __future__ import annotations

from app.accounts.models import User
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db
from app.notes.checking import gaps
from app.notes.composing import compose
from app.notes.contents import versions_of
from app.notes.documents.blocks import to_json
from app.notes.enums import NotesStatus
from app.notes.errors import ChangedMeanwhile, ChangeNoteMissing, NotReadyToPublish
from app.notes.gathering import material_of
from app.notes.models import NoteSet, SummaryVersion
from app.notes.reviewing import hold
from app.notes.signals import summary_published


def publish(
    note_set: NoteSet, actor: User, change_note: str = "", *, tells_everybody: bool = False
) -> SummaryVersion:
    """Freeze the notes as the next version. Raise NotReadyToPublish or ChangeNoteMissing.

    The first version is told to whoever was registered, a later one if `tells_everybody`.
    """
    note_set = hold(note_set)
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
    summary_published.send(version, actor=actor, tells_everybody=tells_everybody)
    return version


def summarise(note_set: NoteSet, at_a_glance: str, lock_version: int) -> None:
    """Set the short text on top. Raise ChangedMeanwhile when somebody else did since."""
    note_set = hold(note_set)
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
