"""Scheduling webinars: draft, publish, move, change, cancel (the Organizer of RFC 5546)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.webinars import inviting, reminding, seats
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
    webinar.organisers.append(WebinarOrganiser(user_id=organiser.id, is_owner=True, added_at=now))
    _set_slot(webinar, slot)
    _set_details(webinar, details)
    db.session.add(webinar)
    db.session.flush()
    record(organiser.id, "webinars.schedule", f"webinar:{webinar.id}")
    return webinar


def add_organiser(webinar: Webinar, person: User, actor: User) -> None:
    """Let somebody organise this webinar too."""
    if all(seat.user_id != person.id for seat in webinar.organisers):
        webinar.organisers.append(WebinarOrganiser(user_id=person.id, added_at=utcnow()))
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
    title = webinar.title
    changed = [name for name in PLAIN_FIELDS if getattr(webinar, name) != getattr(details, name)]
    _set_details(webinar, details)
    if slot and webinar.status == Status.DRAFT:
        _set_slot(webinar, slot)
    _touch(webinar)
    record(actor.id, "webinars.update", f"webinar:{webinar.id}", fields=changed)
    if "capacity" in changed:
        seats.promote(webinar)
    if "title" in changed and is_coming(webinar, utcnow()):
        _tell_change(webinar, {"title": title})
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
    before = _moved_fields(webinar, slot)
    _require_movable(webinar, slot, before)
    if "starts_at" in before and not is_sure:
        _require_time_to_tell(webinar)
    _set_slot(webinar, slot)
    _touch(webinar)
    reminding.plan(webinar)
    record(actor.id, "webinars.reschedule", f"webinar:{webinar.id}", **_readable(before))
    _tell_change(webinar, before)
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


def _moved_fields(webinar: Webinar, slot: Slot) -> dict[str, datetime | None]:
    """The moments that the slot would change, each as it is now."""
    now_is = {"starts_at": webinar.starts_at, "ends_at": webinar.ends_at}
    return {name: value for name, value in now_is.items() if value != getattr(slot, name)}


def _require_movable(webinar: Webinar, slot: Slot, fields: Collection[str]) -> None:
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    if webinar.status == Status.DRAFT:
        raise NotPublished
    if is_over(webinar, utcnow()):
        raise AlreadyOver
    if "starts_at" in fields:
        require_notice(slot.starts_at, utcnow())


def _require_time_to_tell(webinar: Webinar) -> None:
    people = people_to_tell(webinar)
    if people and webinar.starts_at and webinar.starts_at - utcnow() < SHORT_NOTICE:
        raise ShortNotice(people)


def _readable(before: Mapping[str, datetime | None]) -> dict[str, str]:
    return {f"{name}_was": str(value) for name, value in before.items()}


def _tell_change(webinar: Webinar, before: Mapping[str, Any]) -> None:
    """`inviting` raises SEQUENCE: every change that is mailed does, and nothing else."""
    if before:
        db.session.flush()
        inviting.tell_change(webinar, before)
        webinar_changed.send(webinar, fields=list(before))


def _require_cancellable(webinar: Webinar) -> None:
    _lock(webinar)
    if webinar.status == Status.DRAFT:
        raise NotPublished
    if webinar.status != Status.CANCELLED and is_over(webinar, utcnow()):
        raise AlreadyOver


def _mark_cancelled(webinar: Webinar, reason: str) -> bool:
    now = utcnow()
    marked = db.session.execute(
        update(Webinar)
        .where(Webinar.id == webinar.id, Webinar.status != Status.CANCELLED)
        .values(
            status=Status.CANCELLED,
            lock_version=Webinar.lock_version + 1,
            cancel_reason=reason,
            cancelled_at=now,
            updated_at=now,
        )
        .returning(Webinar.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.refresh(webinar)
    return bool(marked)
