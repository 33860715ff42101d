"""Closing the room before its time, and opening it again."""

from __future__ import annotations

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.webinars.changing import hold, touch
from app.webinars.enums import Phase, Status
from app.webinars.errors import NotRunning
from app.webinars.models import Webinar
from app.webinars.phases import ROOM_CLOSES, phase
from app.webinars.signals import webinar_updated

RUNNING = {Phase.LIVE, Phase.OVERRUN}


def can_be_ended(webinar: Webinar) -> bool:
    return webinar.status == Status.PUBLISHED and phase(webinar, utcnow()) in RUNNING


def can_be_reopened(webinar: Webinar) -> bool:
    """As long as the room would be open anyway."""
    return (
        webinar.status == Status.PUBLISHED
        and webinar.ended_at is not None
        and webinar.ends_at is not None
        and utcnow() < webinar.ends_at + ROOM_CLOSES
    )


def end_now(webinar: Webinar, actor: User) -> None:
    """Nobody is let in any more. Twice is once. Raise NotRunning."""
    hold(webinar)
    if webinar.ended_at is not None:
        return
    if not can_be_ended(webinar):
        raise NotRunning
    webinar.ended_at = utcnow()
    _note(webinar, actor, "webinars.end_now")


def reopen(webinar: Webinar, actor: User) -> None:
    hold(webinar)
    if webinar.ended_at is None:
        return
    if not can_be_reopened(webinar):
        raise NotRunning
    webinar.ended_at = None
    _note(webinar, actor, "webinars.reopen")


def _note(webinar: Webinar, actor: User, act: str) -> None:
    touch(webinar)
    record(actor.id, act, f"webinar:{webinar.id}")
    webinar_updated.send(webinar, fields=["ended_at"])
