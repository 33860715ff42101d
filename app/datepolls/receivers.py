"""What date polls do when something happens to webinars."""

from __future__ import annotations

from typing import Any

from app.core.jobs import enqueue
from app.datepolls.queries import poll_of
from app.webinars.models import Webinar


def on_webinar_published(webinar: Webinar, **_: Any) -> None:
    """Whoever could come to the chosen date is invited by a worker."""
    poll = poll_of(webinar.id)
    if poll is not None and poll.chosen_slot_id is not None:
        enqueue("datepolls.invite_willing", f"{poll.id}:{poll.chosen_slot_id}", poll_id=poll.id)
