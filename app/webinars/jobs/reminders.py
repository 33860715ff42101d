"""Reminders, each sent once (spec/webinars 6.3)."""

from __future__ import annotations

from datetime import datetime

from app.core.jobs import job
from app.webinars import reminding
from app.webinars.emails import reminders
from app.webinars.jobs._posting import held, post_once
from app.webinars.reminding import Reminder


@job("webinars.send_reminder")
def send_reminder(registration_id: int, kind: str, starts_at: str) -> None:
    registration, _ = held(registration_id)
    start = datetime.fromisoformat(starts_at)
    if reminding.still_wanted(registration, Reminder(kind), start):
        fact = f"reminder:{kind}:{starts_at}"
        post_once(reminders.reminder(registration, kind), registration, fact)
