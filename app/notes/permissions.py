"""Who may read and write notes.

|                            | visitor | member | group | was there | note taker | organiser |
|----------------------------|---------|--------|-------|-----------|------------|-----------|
| published summary          | yes     | yes    | yes   | yes       | yes        | yes       |
| its practitioners' part    | no      | no     | yes   | no        | no         | yes       |
| draft in review            | no      | no     | no    | yes       | yes        | yes       |
| its practitioners' part    | no      | no     | no    | no        | yes        | yes       |
| draft, history, writing    | no      | no     | no    | no        | yes        | yes       |
| review, publishing, takers | no      | no     | no    | no        | no         | yes       |
| unpublishing               | no      | no     | no    | no        | no         | admin     |

Everything only for those who see the webinar; guests who were there read the draft by their
personal link. "Organiser" is one of this webinar, or an admin; "group" is the webinar's own, or the
practitioners where it has none; "member" is an approved one. "Was there": a confirmed registration,
or a speaker. Who was there and is in the group reads all of the draft in review. What was
unpublished is a draft again. Older versions of a summary are read by those who write it.
"""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.queries import is_in_group, is_practitioner
from app.core.db import db
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet, NoteTaker
from app.webinars.models import Webinar
from app.webinars.permissions import can_manage
from app.webinars.queries import took_part


def can_write_notes(viewer: User | None, webinar: Webinar) -> bool:
    return can_manage(viewer, webinar) or takes_notes(viewer, webinar)


def can_publish_notes(viewer: User | None, webinar: Webinar) -> bool:
    """Also: ask for a review, answer for naming people, say who takes notes."""
    return can_manage(viewer, webinar)


def can_unpublish_notes(viewer: User | None, webinar: Webinar) -> bool:
    return can_manage(viewer, webinar) and viewer is not None and viewer.role == SiteRole.ADMIN


def can_read_notes(viewer: User | None, note_set: NoteSet) -> bool:
    """The working notes, for somebody who sees the webinar."""
    if can_write_notes(viewer, note_set.webinar):
        return True
    in_review = note_set.status == NotesStatus.IN_REVIEW
    return in_review and viewer is not None and was_there(viewer, note_set.webinar)


def reads_practitioners_part(viewer: User | None, webinar: Webinar) -> bool:
    if viewer is None or not viewer.is_approved:
        return False
    if can_manage(viewer, webinar):
        return True
    group_id = webinar.group_id
    return is_in_group(viewer, group_id) if group_id else is_practitioner(viewer)


def reads_whole_draft(viewer: User | None, webinar: Webinar) -> bool:
    """Whether somebody who may read the working notes reads their practitioners' part too."""
    return can_write_notes(viewer, webinar) or reads_practitioners_part(viewer, webinar)


def takes_notes(viewer: User | None, webinar: Webinar) -> bool:
    if viewer is None or not viewer.is_approved:
        return False
    mine = select(NoteTaker.user_id).where(
        NoteTaker.webinar_id == webinar.id, NoteTaker.user_id == viewer.id
    )
    return db.session.scalar(mine) is not None


def was_there(viewer: User, webinar: Webinar) -> bool:
    return bool(db.session.scalar(select(took_part(viewer, webinar.id))))
