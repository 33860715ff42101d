"""Who organises a webinar: its owner, and people with the same rights on this event only."""

from __future__ import annotations

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.webinars.changing import hold
from app.webinars.errors import LastOrganiser, OwnerStays
from app.webinars.models import Webinar, WebinarOrganiser


def add_organiser(webinar: Webinar, person: User, actor: User) -> bool:
    """Let somebody organise this webinar too. False when they do already."""
    hold(webinar)
    db.session.refresh(webinar, ["organisers"])
    if any(seat.user_id == person.id for seat in webinar.organisers):
        return False
    webinar.organisers.append(WebinarOrganiser(user_id=person.id, added_at=utcnow()))
    record(actor.id, "webinars.add_organiser", f"webinar:{webinar.id}", person=person.id)
    db.session.flush()
    return True


def remove_organiser(webinar: Webinar, person_id: int, actor: User) -> bool:
    """Take the rights back, or leave. False when the person has none.

    When the owner leaves, whoever was added first owns it. Raise OwnerStays, LastOrganiser.
    """
    hold(webinar)
    db.session.refresh(webinar, ["organisers"])
    seat = next((one for one in webinar.organisers if one.user_id == person_id), None)
    if seat is None:
        return False
    if seat.is_owner and person_id != actor.id:
        raise OwnerStays
    others = [one for one in webinar.organisers if one is not seat]
    if not others:
        raise LastOrganiser
    if seat.is_owner and not any(one.is_owner for one in others):
        min(others, key=_since).is_owner = True
    webinar.organisers.remove(seat)
    record(actor.id, "webinars.remove_organiser", f"webinar:{webinar.id}", person=person_id)
    db.session.flush()
    return True


def _since(seat: WebinarOrganiser) -> tuple[str, int]:
    return (seat.added_at.isoformat() if seat.added_at else "", seat.user_id)
