"""Asking once more for feedback."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.jobs import enqueue, job
from app.core.periodic import periodic
from app.feedback import nudging
from app.feedback.emails import nudge as nudge_mail
from app.webinars.jobs._posting import held, post_once, webinar_held


@periodic("feedback.plan_rounds", every=timedelta(hours=1))
def plan_rounds() -> None:
    nudging.plan_rounds()


@job("feedback.go_round")
def go_round(webinar_id: int, ends_at: str, after_id: int = 0) -> None:
    """Some hundred people at a time."""
    webinar = webinar_held(webinar_id)
    if not nudging.is_round_wanted(webinar, ends_at):
        return
    last_id = nudging.go_round(webinar, after_id)
    if last_id is not None:
        key = f"{webinar_id}:{ends_at}:{last_id}"
        facts: dict[str, Any] = {"webinar_id": webinar_id, "ends_at": ends_at}
        enqueue("feedback.go_round", key, **facts, after_id=last_id)


@job("feedback.nudge")
def nudge(registration_id: int, ends_at: str) -> None:
    registration, webinar = held(registration_id)
    if nudging.still_wanted(registration, webinar, ends_at):
        post_once(nudge_mail(registration), registration, f"feedback:{ends_at}")
