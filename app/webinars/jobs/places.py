"""Mails about places, and requests that lapse. Each is safe to do twice."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import utcnow
from app.core.jobs import job
from app.webinars import registering
from app.webinars.emails import places
from app.webinars.enums import RegistrationState, Status
from app.webinars.jobs._posting import held, post_once
from app.webinars.phases import is_over


@job("webinars.send_not_held")
def send_not_held(registration_id: int) -> None:
    registration, webinar = held(registration_id)
    if webinar.status == Status.CANCELLED:
        post_once(places.not_held(registration), registration, "not_held")


@job("webinars.send_confirm_link")
def send_confirm_link(registration_id: int, asked: str) -> None:
    registration, webinar = held(registration_id)
    if registration.state == RegistrationState.PENDING_EMAIL and not is_over(webinar, utcnow()):
        post_once(places.confirm_address(registration), registration, f"confirm:{asked}")


@job("webinars.send_own_link")
def send_own_link(registration_id: int, asked: str) -> None:
    registration, webinar = held(registration_id)
    if registration.state in registering.PLACED and not is_over(webinar, utcnow()):
        post_once(places.own_link(registration), registration, f"own_link:{asked}")


@job("webinars.send_waitlisted")
def send_waitlisted(registration_id: int) -> None:
    registration, _ = held(registration_id)
    if registration.state == RegistrationState.WAITLISTED:
        fact = f"waitlisted:{registration.queued_at.isoformat()}"
        post_once(places.waitlisted(registration), registration, fact)


@job("webinars.expire")
def expire(registration_id: int, queued_at: str) -> None:
    registration, _ = held(registration_id)
    registering.expire(registration, datetime.fromisoformat(queued_at))
