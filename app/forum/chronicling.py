"""What was done to a thread, kept for its readers and for the people responsible."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.forum.enums import EventKind
from app.forum.models import Thread, ThreadEvent


def note_event(
    thread: Thread,
    kind: EventKind,
    actor: User | None,
    *,
    unseen: dict[str, Any] | None = None,
    **details: Any,
) -> ThreadEvent:
    """Leave an event after the last post, and a line of the audit log. Call holding the thread row.

    `actor` None: nobody pressed anything, time did it. `details`: numbers, ids, old and new
    values as JSON knows them, never names of what a reader of the thread may not see; what only
    the audit log may say is `unseen`.
    """
    event = ThreadEvent(
        thread_id=thread.id,
        kind=kind,
        actor_id=actor.id if actor else None,
        after_number=thread.last_number,
        details=details,
        at=utcnow(),
    )
    db.session.add(event)
    thread.event_count += 1
    thread.revision += 1
    about = details | (unseen or {})
    record(event.actor_id, f"forum.{kind.value}", f"thread:{thread.id}", **about)
    db.session.flush()
    return event
