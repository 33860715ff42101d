"""Mails that come by the clock, each sent once (spec/webinars 6.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.core.jobs import enqueue, job
from app.core.periodic import periodic
from app.webinars import reminding, speaking
from app.webinars.emails import reminders
from app.webinars.jobs._posting import held, post_once, webinar_held
from app.webinars.mail_plan import Reminder


@job("webinars.remind")
def remind(
    webinar_id: int, kind: str, starts_at: str, armed_at: str = "", after_id: int = 0
) -> None:
    """A round of one kind: queue the mail of each person, some hundred people at a time."""
    webinar, of_kind, start = webinar_held(webinar_id), Reminder(kind), _moment(starts_at)
    if not reminding.is_round_wanted(webinar, of_kind, start):
        return
    if of_kind in speaking.BY_CLOCK and not after_id:
        speaking.queue_by_clock(webinar, of_kind, start)
    if of_kind is Reminder.BRIEFING:
        return
    last_id = reminding.go_round(webinar, of_kind, _moment(armed_at), after_id)
    if last_id is not None:
        facts: dict[str, Any] = {"webinar_id": webinar_id, "kind": kind, "starts_at": starts_at}
        key = f"{webinar_id}:{kind}:{starts_at}:{webinar.lock_version}:{last_id}"
        enqueue("webinars.remind", key, **facts, armed_at=armed_at, after_id=last_id)


@job("webinars.send_reminder")
def send_reminder(registration_id: int, kind: str, starts_at: str) -> None:
    registration, _ = held(registration_id)
    of_kind = Reminder(kind)
    if reminding.still_wanted(registration, of_kind, _moment(starts_at)):
        fact = f"reminder:{kind}:{starts_at}"
        post_once(reminders.reminder(registration, of_kind), registration, fact)


@periodic("webinars.plan_reminders", timedelta(hours=1))
def plan_reminders() -> None:
    """For webinars that came here without a plan, say from an older release."""
    reminding.plan_forgotten()


def _moment(read: str) -> datetime:
    return datetime.fromisoformat(read)
