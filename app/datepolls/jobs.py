"""What follows when a webinar that was polled is published."""

from __future__ import annotations

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Gone, job
from app.datepolls.inviting import invite_willing
from app.datepolls.models import DatePoll
from app.webinars.phases import is_coming


@job("datepolls.invite_willing")
def invite(poll_id: int) -> None:
    poll = db.session.get(DatePoll, poll_id)
    if poll is None or poll.chosen_slot_id is None:
        raise Gone
    if is_coming(poll.webinar, utcnow()):
        invite_willing(poll, poll.webinar)
