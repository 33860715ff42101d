"""What a person's own page leads to once the notes of their webinar can be read."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import db
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.webinars.models import Registration
from app.webinars.speakers import SEATED

READ_BY_LINK = {NotesStatus.IN_REVIEW, NotesStatus.PUBLISHED}


def notes_open_to(registration: Registration) -> NotesStatus | None:
    """In review: their draft; published: the page to catch up. None: nothing yet, or no place."""
    if registration.state not in SEATED:
        return None
    here = select(NoteSet.status).where(NoteSet.webinar_id == registration.webinar_id)
    status = db.session.scalar(here)
    return status if status in READ_BY_LINK else None
