"""Once, three days after the thanks, to people who came and did not answer (spec/webinars 6.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.attendance.presence import attending_people, was_there
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.feedback.asking import may_answer, survey_open
from app.webinars.mail_plan import Reminder, due
from app.webinars.models import Registration, Webinar
from app.webinars.queries import held_between
from app.webinars.speakers import speaks

AT_ONCE = 500
AFTER_THANKS = timedelta(days=3)
ROUND_AFTER = timedelta(days=2)
"""After the end it is looked at who gets one: before it is due in any zone."""
ROUND_UNTIL = timedelta(days=6)
"""A worker that stood still for days makes up for it."""


def plan_rounds() -> None:
    """Queue the round of each webinar that ended some days ago. Twice is once."""
    now = utcnow()
    for webinar in db.session.scalars(held_between(now - ROUND_UNTIL, now - ROUND_AFTER)):
        ended = _moment_of(webinar)
        enqueue("feedback.go_round", f"{webinar.id}:{ended}", webinar_id=webinar.id, ends_at=ended)


def go_round(webinar: Webinar, after_id: int, *, at_once: int = AT_ONCE) -> int | None:
    """Queue the mail of each person who did not answer; where to go on, None at the end."""
    silent = attending_people(webinar).where(
        Registration.gave_feedback.is_(False),
        Registration.wants_reminders,
        Registration.id > after_id,
    )
    people = list(
        db.session.scalars(silent.order_by(None).order_by(Registration.id).limit(at_once))
    )
    ended = _moment_of(webinar)
    for person in people:
        enqueue(
            "feedback.nudge",
            f"{person.id}:{ended}",
            run_at=nudge_at(webinar, person.timezone),
            registration_id=person.id,
            ends_at=ended,
        )
    return people[-1].id if len(people) == at_once else None


def nudge_at(webinar: Webinar, tzid: str) -> datetime:
    over_at = webinar.ends_at or utcnow()
    return due(Reminder.AFTER, over_at, tzid, over_at) + AFTER_THANKS


def is_round_wanted(webinar: Webinar, ends_at: str) -> bool:
    """Not where the webinar moved since, was cancelled, or asks nothing."""
    return _moment_of(webinar) == ends_at and survey_open(webinar)


def still_wanted(registration: Registration, webinar: Webinar, ends_at: str) -> bool:
    return (
        is_round_wanted(webinar, ends_at)
        and may_answer(registration)
        and not registration.gave_feedback
        and registration.wants_reminders
        and was_there(registration)
        and not speaks(registration, webinar)
    )


def _moment_of(webinar: Webinar) -> str:
    return webinar.ends_at.isoformat() if webinar.ends_at else ""
