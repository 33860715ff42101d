"""Scheduling webinars: draft, publish, move, change, cancel (the Organizer of RFC 5546)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.webinars import inviting, reminding
from app.webinars.agenda import replace_agenda
from app.webinars.details import PLAIN_FIELDS, WebinarDetails
from app.webinars.enums import Status
from app.webinars.errors import (
    AlreadyCancelled,
    AlreadyOver,
    NotPublished,
    ReasonMissing,
    ShortNotice,
    StaleWebinar,
)
from app.webinars.models import Webinar, WebinarOrganiser
from app.webinars.phases import is_coming, is_over
from app.webinars.preflight import require_ready
from app.webinars.queries import people_to_tell
from app.webinars.signals import (
    webinar_cancelled,
    webinar_changed,
    webinar_published,
    webinar_updated,
)
from app.webinars.speakers import replace_speakers
from app.webinars.times import Slot, require_notice

SHORT_NOTICE = timedelta(hours=24)


def new_uid(domain: str) -> str:
    """A UID for life. `domain` is the configured one, never the host of a request."""
    return f"webinar-{uuid.uuid4()}@{domain}"


def schedule(details: WebinarDetails, slot: Slot, organiser: User, *, uid: str) -> Webinar:
    """Create a draft that only its organisers see."""
    now = utcnow()
    webinar = Webinar(uid=uid, lock_version=1, created_at=now, updated_at=now)
    webinar.organisers.append(WebinarOrganiser(user_id=organiser.id))
    _set_slot(webinar, slot)
    _set_details(webinar, details)
    db.session.add(webinar)
    db.session.flush()
    record(organiser.id, "webinars.schedule", f"webinar:{webinar.id}")
    return webinar


def add_organiser(webinar: Webinar, person: User, actor: User) -> None:
    """Let somebody organise this webinar too."""
    if all(seat.user_id != person.id for seat in webinar.organisers):
        webinar.organisers.append(WebinarOrganiser(user_id=person.id))
        record(actor.id, "webinars.add_organiser", f"webinar:{webinar.id}", person=person.id)


def update_details(
    webinar: Webinar,
    details: WebinarDetails,
    actor: User,
    *,
    version: int,
    slot: Slot | None = None,
) -> None:
    """Change what the organisers said. `slot` moves a draft; a published one has `reschedule`.

    Raise StaleWebinar if somebody saved since `version`, AlreadyCancelled.
    """
    _hold(webinar, version)
    changed = [name for name in PLAIN_FIELDS if getattr(webinar, name) != getattr(details, name)]
    _set_details(webinar, details)
    if slot and webinar.status == Status.DRAFT:
        _set_slot(webinar, slot)
    _touch(webinar)
    record(actor.id, "webinars.update", f"webinar:{webinar.id}", fields=changed)
    if "title" in changed and is_coming(webinar, utcnow()):
        _tell_change(webinar, ["title"])
    webinar_updated.send(webinar, fields=changed)


def publish(webinar: Webinar, actor: User) -> None:
    """Open a draft to its readers. Raise NotReady with the point still to do."""
    _lock(webinar)
    if webinar.status == Status.PUBLISHED:
        return
    if webinar.status != Status.DRAFT:
        raise AlreadyCancelled
    now = utcnow()
    require_ready(webinar, now)
    webinar.status, webinar.sequence, webinar.published_at = Status.PUBLISHED, 0, now
    _touch(webinar)
    reminding.plan(webinar)
    record(actor.id, "webinars.publish", f"webinar:{webinar.id}")
    webinar_published.send(webinar)


def reschedule(
    webinar: Webinar, slot: Slot, actor: User, *, version: int, is_sure: bool = False
) -> bool:
    """Move a published webinar and tell everybody. Return False when the time is the same.

    Raise StaleWebinar if it changed since `version`, ShortNotice if it would start within a day
    and the organiser is not sure.
    """
    _lock(webinar)
    if _has_slot(webinar, slot):
        return False
    _require_version(webinar, version)
    fields = _moved_fields(webinar, slot)
    _require_movable(webinar, slot, fields)
    if "start" in fields and not is_sure:
        _require_time_to_tell(webinar)
    before = webinar.start_local
    _set_slot(webinar, slot)
    _touch(webinar)
    reminding.plan(webinar)
    _note_move(webinar, before, actor)
    _tell_change(webinar, fields)
    return True


def cancel(webinar: Webinar, reason: str, actor: User) -> bool:
    """Call a published webinar off and tell everybody, once. Return False when it is off already.

    Raise ReasonMissing, NotPublished, AlreadyOver.
    """
    if not reason.strip():
        raise ReasonMissing
    _require_cancellable(webinar)
    if not _mark_cancelled(webinar, reason):
        return False
    record(actor.id, "webinars.cancel", f"webinar:{webinar.id}", reason=reason)
    inviting.tell_cancelled(webinar)
    webinar_cancelled.send(webinar)
    return True


def _lock(webinar: Webinar) -> None:
    db.session.scalars(locked(select(Webinar).where(Webinar.id == webinar.id))).one()


def _hold(webinar: Webinar, version: int) -> None:
    _lock(webinar)
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    _require_version(webinar, version)


def _require_version(webinar: Webinar, version: int) -> None:
    if webinar.lock_version != version:
        raise StaleWebinar


def _touch(webinar: Webinar) -> None:
    webinar.lock_version += 1
    webinar.updated_at = utcnow()
    db.session.flush()


def _set_details(webinar: Webinar, details: WebinarDetails) -> None:
    for name in PLAIN_FIELDS:
        setattr(webinar, name, getattr(details, name))
    replace_agenda(webinar, details.agenda)
    replace_speakers(webinar, details.speakers)


def _set_slot(webinar: Webinar, slot: Slot) -> None:
    webinar.start_local, webinar.end_local = slot.start_local, slot.end_local
    webinar.starts_at, webinar.ends_at = slot.starts_at, slot.ends_at
    webinar.tzid, webinar.sorts_at = slot.tzid, slot.starts_at


def _has_slot(webinar: Webinar, slot: Slot) -> bool:
    now_has = (webinar.start_local, webinar.end_local, webinar.tzid)
    return now_has == (slot.start_local, slot.end_local, slot.tzid)


def _moved_fields(webinar: Webinar, slot: Slot) -> list[str]:
    moved = {
        "start": webinar.starts_at != slot.starts_at,
        "end": webinar.ends_at != slot.ends_at,
    }
    return [name for name, has_moved in moved.items() if has_moved]


def _require_movable(webinar: Webinar, slot: Slot, fields: list[str]) -> None:
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    if webinar.status == Status.DRAFT:
        raise NotPublished
    if is_over(webinar, utcnow()):
        raise AlreadyOver
    if "start" in fields:
        require_notice(slot.starts_at, utcnow())


def _require_time_to_tell(webinar: Webinar) -> None:
    people = people_to_tell(webinar)
    if people and webinar.starts_at and webinar.starts_at - utcnow() < SHORT_NOTICE:
        raise ShortNotice(people)


def _note_move(webinar: Webinar, before: datetime | None, actor: User) -> None:
    moved = {"was": str(before), "now": str(webinar.start_local), "tzid": webinar.tzid}
    record(actor.id, "webinars.reschedule", f"webinar:{webinar.id}", **moved)


def _tell_change(webinar: Webinar, fields: list[str]) -> None:
    """Every change that is mailed raises SEQUENCE, and nothing else does (spec/calendar 2.5)."""
    if fields:
        webinar.sequence += 1
        webinar.changed_at = utcnow()
        db.session.flush()
        inviting.tell_change(webinar, fields)
        webinar_changed.send(webinar, fields=fields)


def _require_cancellable(webinar: Webinar) -> None:
    _lock(webinar)
    if webinar.status == Status.DRAFT:
        raise NotPublished
    if webinar.status != Status.CANCELLED and is_over(webinar, utcnow()):
        raise AlreadyOver


def _mark_cancelled(webinar: Webinar, reason: str) -> bool:
    now = utcnow()
    marked: CursorResult[None] = db.session.execute(
        update(Webinar)
        .where(Webinar.id == webinar.id, Webinar.status != Status.CANCELLED)
        .values(
            status=Status.CANCELLED,
            sequence=Webinar.sequence + 1,
            lock_version=Webinar.lock_version + 1,
            cancel_reason=reason,
            cancelled_at=now,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(webinar)
    return marked.rowcount == 1
