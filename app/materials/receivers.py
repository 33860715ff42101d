"""What follows for materials from what happens to webinars."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.materials.models import WebinarRecording
from app.materials.shelving import copy_reusable
from app.materials.telling import moment_of
from app.webinars.models import Webinar


def on_webinar_copied(fresh: Webinar, like: Webinar, actor: User, **_: Any) -> None:
    copy_reusable(like, fresh, actor)


def on_recording_published(recording: WebinarRecording, **_: Any) -> None:
    """Whoever had a place hears of it, unless it is taken off at once."""
    published_at = moment_of(recording)
    key = f"{recording.webinar_id}:{published_at}"
    enqueue("materials.tell_recording", key, run_at=utcnow() + quiet_time(),
            webinar_id=recording.webinar_id, published_at=published_at)  # fmt: skip
