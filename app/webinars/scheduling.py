"""Scheduling webinars: draft, move, change, cancel (the Organizer of RFC 5546)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import inviting, reminding, seats
from app.webinars.agenda import replace_agenda
from app.webinars.changing import (
    has_slot,
    hold,
    hold_version,
    require_not_archived,
    require_version,
    set_plain,
    set_slot,
    touch,
)
from app.webinars.details import WebinarDetails
from app.webinars.enums import RegistrationState, Status
from app.webinars.errors import (
    AlreadyCancelled,
    AlreadyOver,
    NotPublished,
    NumberNotTyped,
    ReasonMissing,
    ShortNotice,
)
from app.webinars.models import Registration, Webinar, WebinarOrganiser
from app.webinars.phases import is_coming, is_over
from app.webinars.queries import people_to_tell
from app.webinars.signals import webinar_cancelled, webinar_changed, webinar_updated
from app.webinars.speakers import replace_speakers
from app.webinars.times import Slot, require_notice

SHORT_NOTICE = timedelta(hours=24)
SEATS = {"capacity", "kept_per_city", "kept_until", "waiting"}
SEATED = [RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.ON_HOLD]


def new_uid(domain: str) -> str:
    """A UID for life. `domain` is the configured one, never the host of a request."""
    return f"webinar-{uuid.uuid4()}@{domain}"


def schedule(details: WebinarDetails, slot: Slot, organiser: User, *, uid: str) -> Webinar:
    """Create a draft that only its organisers see."""
    now = utcnow()
    webinar = Webinar(uid=uid, lock_version=1, created_at=now, updated_at=now)
    webinar.organisers.append(WebinarOrganiser(user_id=organiser.id, is_owner=True, added_at=now))
    set_slot(webinar, slot)
    _set_details(webinar, details)
    db.session.add(webinar)
    db.session.flush()
    record(organiser.id, "webinars.schedule", f"webinar:{webinar.id}")
    return webinar


def update_details(
    webinar: Webinar,
    details: WebinarDetails,
    actor: User,
    *,
    version: int,
    slot: Slot | None = None,
) -> None:
    """Change what the organisers said. `slot` moves a draft; a published one has `reschedule`.

    Raise StaleWebinar if somebody saved since `version`, AlreadyCancelled, ReadOnly.
    """
    hold_version(webinar, version)
    title = webinar.title
    changed = _set_details(webinar, details)
    if slot and webinar.status == Status.DRAFT:
        set_slot(webinar, slot)
    touch(webinar)
    record(actor.id, "webinars.update", f"webinar:{webinar.id}", fields=changed)
    note_changes(webinar, changed, title)


def note_changes(webinar: Webinar, changed: Collection[str], title_was: str) -> None:
    """What follows from changed details: people move up, a new title is mailed."""
    if SEATS & set(changed):
        seats.promote(webinar)
    if "title" in changed and is_coming(webinar, utcnow()):
        _tell_change(webinar, {"title": title_was})
    webinar_updated.send(webinar, fields=list(changed))


def reschedule(
    webinar: Webinar, slot: Slot, actor: User, *, version: int, is_sure: bool = False
) -> bool:
    """Move a published webinar and tell everybody. Return False when the time is the same.

    Raise StaleWebinar if it changed since `version`, ShortNotice if it would start within a day
    and the organiser is not sure.
    """
    hold(webinar)
    if has_slot(webinar, slot):
        return False
    require_version(webinar, version)
    before = _moved_fields(webinar, slot)
    _require_movable(webinar, slot, before)
    if "starts_at" in before and not is_sure:
        _require_time_to_tell(webinar)
    set_slot(webinar, slot)
    touch(webinar)
    reminding.plan(webinar)
    record(actor.id, "webinars.reschedule", f"webinar:{webinar.id}", **_readable(before))
    _tell_change(webinar, before)
    return True


def cancel(webinar: Webinar, reason: str, actor: User) -> bool:
    """Call a published webinar off and tell everybody, once. Return False when it is off already.

    Raise ReasonMissing, NotPublished, AlreadyOver, ReadOnly.
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


def seated_count(webinar: Webinar) -> int:
    """How many people have a seat, also while it is on hold."""
    held = select(func.count()).where(
        Registration.webinar_id == webinar.id, Registration.state.in_(SEATED)
    )
    return db.session.scalar(held) or 0


def require_number(webinar: Webinar, typed: int | None) -> None:
    """Raise NumberNotTyped unless whoever cancels knows how many people lose their seat."""
    hold(webinar)
    people = 0 if webinar.status == Status.CANCELLED else seated_count(webinar)
    if people and typed != people:
        raise NumberNotTyped(people)


def _set_details(webinar: Webinar, details: WebinarDetails) -> list[str]:
    changed = set_plain(webinar, details)
    replace_agenda(webinar, details.agenda)
    replace_speakers(webinar, details.speakers)
    return changed


def _moved_fields(webinar: Webinar, slot: Slot) -> dict[str, datetime | None]:
    """The moments that the slot would change, each as it is now."""
    now_is = {"starts_at": webinar.starts_at, "ends_at": webinar.ends_at}
    return {name: value for name, value in now_is.items() if value != getattr(slot, name)}


def _require_movable(webinar: Webinar, slot: Slot, fields: Collection[str]) -> None:
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    require_not_archived(webinar)
    if webinar.status != Status.PUBLISHED:
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
    hold(webinar)
    if webinar.status == Status.DRAFT:
        raise NotPublished
    require_not_archived(webinar)
    if webinar.status == Status.PUBLISHED and is_over(webinar, utcnow()):
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
