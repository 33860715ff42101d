"""Opening a draft to its readers, now or at a moment that was planned."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.errors import DomainError
from app.core.jobs import enqueue
from app.webinars import reminding
from app.webinars.changing import hold, touch
from app.webinars.enums import Status
from app.webinars.errors import AlreadyCancelled, IsTemplate, PlanInThePast, PlanTooLate
from app.webinars.models import Webinar
from app.webinars.preflight import require_ready
from app.webinars.signals import webinar_published
from app.webinars.times import NOTICE

A_MOMENT = timedelta(minutes=1)


def publish(webinar: Webinar, actor: User | None) -> None:
    """Open a draft to its readers. Twice is once. Raise NotReady with the point still to do."""
    _publish(webinar, actor.id if actor else None)


def plan_publication(webinar: Webinar, at: datetime, actor: User) -> None:
    """Publish it at this moment. A newer plan takes the place of the older one.

    Raise NotReady if something is missing today, PlanInThePast, PlanTooLate.
    """
    hold(webinar)
    if not _is_draft(webinar):
        return
    if at < utcnow() + A_MOMENT:
        raise PlanInThePast
    if webinar.starts_at is not None and at > webinar.starts_at - NOTICE:
        raise PlanTooLate
    require_ready(webinar, utcnow())
    webinar.publish_at = at
    touch(webinar)
    record(actor.id, "webinars.plan_publication", f"webinar:{webinar.id}", at=at.isoformat())
    facts = {"webinar_id": webinar.id, "at": at.isoformat(), "planned_by": actor.id}
    enqueue("webinars.publish_planned", f"{webinar.id}:{at.isoformat()}", run_at=at, **facts)


def withdraw_plan(webinar: Webinar, actor: User) -> None:
    hold(webinar)
    if webinar.publish_at is not None:
        webinar.publish_at = None
        touch(webinar)
        record(actor.id, "webinars.withdraw_plan", f"webinar:{webinar.id}")


def publish_planned(webinar: Webinar, at: datetime, planned_by: int | None) -> None:
    """Do what was planned for this moment, if it still is.

    What stands in the way by now is mailed to the organisers, and the plan is over.
    """
    hold(webinar)
    if webinar.status != Status.DRAFT or webinar.publish_at != at or webinar.deleted_at:
        return
    try:
        _publish(webinar, planned_by)
    except DomainError as error:
        _tell_not_published(webinar, at, error.message)


def _publish(webinar: Webinar, actor_id: int | None) -> None:
    hold(webinar)
    if not _is_draft(webinar):
        return
    now = utcnow()
    require_ready(webinar, now)
    webinar.status, webinar.sequence, webinar.published_at = Status.PUBLISHED, 0, now
    webinar.publish_at = None
    touch(webinar)
    reminding.plan(webinar)
    record(actor_id, "webinars.publish", f"webinar:{webinar.id}")
    webinar_published.send(webinar)


def _is_draft(webinar: Webinar) -> bool:
    """False when it is published already. Raise IsTemplate, AlreadyCancelled."""
    if webinar.is_template:
        raise IsTemplate
    if webinar.status in {Status.CANCELLED, Status.ARCHIVED}:
        raise AlreadyCancelled
    return webinar.status == Status.DRAFT


def _tell_not_published(webinar: Webinar, at: datetime, missing: str) -> None:
    webinar.publish_at = None
    touch(webinar)
    record(None, "webinars.not_published", f"webinar:{webinar.id}", missing=missing)
    for seat in webinar.organisers:
        enqueue(
            "webinars.send_not_published",
            f"{webinar.id}:{seat.user_id}:{at.isoformat()}",
            webinar_id=webinar.id,
            user_id=seat.user_id,
            at=at.isoformat(),
        )
