"""Who writes the notes of a webinar besides its organisers."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db
from app.notes.errors import CannotSeeWebinar
from app.notes.models import NoteTaker
from app.notes.signals import note_taker_named
from app.webinars.changing import hold
from app.webinars.models import Webinar
from app.webinars.permissions import can_manage
from app.webinars.queries import webinar_is_visible


def note_takers_of(webinar: Webinar) -> list[User]:
    """In the order in which they were named."""
    found = (
        select(NoteTaker)
        .where(NoteTaker.webinar_id == webinar.id)
        .options(joinedload(NoteTaker.user))
        .order_by(NoteTaker.added_at, NoteTaker.user_id)
    )
    return [taker.user for taker in db.session.scalars(found)]


def name_note_taker(webinar: Webinar, person: User, actor: User) -> bool:
    """Let somebody write the notes. False when they do already. Raise CannotSeeWebinar."""
    if can_manage(person, webinar):
        return False
    if not webinar_is_visible(person, webinar.id):
        raise CannotSeeWebinar(person.display_name)
    hold(webinar)
    if db.session.get(NoteTaker, (webinar.id, person.id)) is not None:
        return False
    taker = NoteTaker(webinar_id=webinar.id, user_id=person.id, added_by_id=actor.id)
    taker.added_at = utcnow()
    db.session.add(taker)
    _record(actor, "notes.name_note_taker", webinar, person.id)
    note_taker_named.send(webinar, person=person, actor=actor)
    return True


def release_note_taker(webinar: Webinar, person_id: int, actor: User) -> bool:
    """Take the right back. What they wrote stays, with their name. False when they had none."""
    mine = (NoteTaker.webinar_id == webinar.id, NoteTaker.user_id == person_id)
    gone = delete(NoteTaker).where(*mine).returning(NoteTaker.user_id)
    if db.session.scalar(gone) is None:
        return False
    _record(actor, "notes.release_note_taker", webinar, person_id)
    return True


def _record(actor: User, what: str, webinar: Webinar, person_id: int) -> None:
    audit.record(actor.id, what, f"webinar:{webinar.id}", person=person_id)
