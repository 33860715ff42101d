"""Who may read and write notes.

|                               | visitor | member | in the group | organiser, admin |
|-------------------------------|---------|--------|--------------|------------------|
| published summary             | yes     | yes    | yes          | yes              |
| its practitioners' part       | no      | no     | yes          | yes              |
| notes in review               | no      | yes    | yes          | yes              |
| their practitioners' part     | no      | no     | yes          | yes              |
| draft, history, writing       | no      | no     | no           | yes              |

Everything only for those who see the webinar. "Organiser" is one of this webinar; "the group" is
the webinar's own, or the practitioners where it has none; "member" is an approved one.
Older versions of a summary are read by organisers and admins alone.
"""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.queries import is_in_group, is_practitioner
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.webinars.models import Webinar
from app.webinars.permissions import can_manage


def can_write_notes(viewer: User | None, webinar: Webinar) -> bool:
    return can_manage(viewer, webinar)


def can_read_notes(viewer: User | None, note_set: NoteSet) -> bool:
    """The working notes, for somebody who sees the webinar."""
    if can_write_notes(viewer, note_set.webinar):
        return True
    in_review = note_set.status == NotesStatus.IN_REVIEW
    return viewer is not None and viewer.is_approved and in_review


def reads_practitioners_part(viewer: User | None, webinar: Webinar) -> bool:
    if viewer is None or not viewer.is_approved:
        return False
    if can_manage(viewer, webinar):
        return True
    group_id = webinar.group_id
    return is_in_group(viewer, group_id) if group_id else is_practitioner(viewer)
