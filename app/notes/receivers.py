"""What follows for and from notes."""

from __future__ import annotations

from typing import Any

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.notes.deciding import hand_over_actions
from app.notes.models import SummaryVersion


def on_seat_handed_over(seat: Seat, successor: User, actor: User) -> None:
    hand_over_actions(seat.user_id, successor)


def on_summary_published(version: SummaryVersion, **_: Any) -> None:
    """Whoever had a place hears of the first version; corrections are told to nobody."""
    if (version.major, version.minor) == (1, 0):
        webinar_id = version.note_set.webinar_id
        enqueue("notes.tell_summary", str(version.id), run_at=utcnow() + quiet_time(),
                webinar_id=webinar_id, version_id=version.id)  # fmt: skip
