"""What follows from a webinar's changes for those who speak at it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.webinars import speaking
from app.webinars.enums import Status
from app.webinars.models import Webinar


def on_published(webinar: Webinar, **_: Any) -> None:
    """Whoever was not asked before is asked now."""
    speaking.ask(webinar)


def on_changed(webinar: Webinar, fields: Collection[str] = (), **_: Any) -> None:
    """Speakers hear once of changes that come together; of "put off" at once."""
    waits = webinar.status == Status.PUBLISHED and "status" not in fields
    _tell_speakers(webinar, waits=waits)


def on_cancelled(webinar: Webinar, **_: Any) -> None:
    _tell_speakers(webinar, waits=False)


def _tell_speakers(webinar: Webinar, *, waits: bool) -> None:
    enqueue(
        "webinars.tell_speakers",
        f"{webinar.id}:{webinar.sequence}:{webinar.status}",
        run_at=utcnow() + quiet_time() if waits else None,
        webinar_id=webinar.id,
        sequence=webinar.sequence,
        status=webinar.status.value,
    )
