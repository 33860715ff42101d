"""What follows for and from notes."""

from __future__ import annotations

from typing import Any

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.forum.models import Post
from app.notes import carrying, following_up
from app.notes.deciding import hand_over_actions
from app.notes.models import Action, NoteSet, SummaryVersion
from app.webinars.models import Webinar


def on_seat_handed_over(seat: Seat, successor: User, actor: User) -> None:
    hand_over_actions(seat.user_id, successor)


def on_summary_published(version: SummaryVersion, tells_everybody: bool = False, **_: Any) -> None:
    """Whoever had a place, and followers of the topic who want mail, hear of the first version,
    and of a later one if somebody says so."""
    if tells_everybody or (version.major, version.minor) == (1, 0):
        webinar_id = version.note_set.webinar_id
        enqueue("notes.tell_summary", str(version.id), run_at=utcnow() + quiet_time(),
                webinar_id=webinar_id, version_id=version.id)  # fmt: skip
        enqueue("notes.tell_followers", str(version.id), run_at=utcnow() + quiet_time(),
                version_id=version.id)  # fmt: skip


def on_post_created(post: Post, **_: Any) -> None:
    """An opening post that leads to a summary begins the conversation after it."""
    if post.number == 1:
        following_up.join(post)


def on_published_to_carry(version: SummaryVersion, **_: Any) -> None:
    _carry(version.note_set.webinar_id, f"version:{version.id}")


def on_unpublished_to_carry(note_set: NoteSet, **_: Any) -> None:
    """What is taken back may not stand on a programme; it may be taken back more than once."""
    _carry(note_set.webinar_id, f"unpublished:{note_set.id}:{utcnow().isoformat()}")


def on_action_turned(action: Action, **_: Any) -> None:
    """Done, dropped, open again: the next session's programme says how it is."""
    _carry(action.note_set.webinar_id, f"action:{action.id}:{action.lock_version}")


def on_webinar_copied(fresh: Webinar, like: Webinar, **_: Any) -> None:
    carrying.follow_copy(like, fresh)
    _carry(fresh.id, "copied")


def on_webinar_moved(webinar: Webinar, **_: Any) -> None:
    """Another session may be the next one now."""
    _carry(webinar.id, f"moved:{webinar.lock_version}")


def _carry(webinar_id: int, fact: str) -> None:
    """By a job: it holds several webinars, in the order that everybody holds them."""
    enqueue("notes.carry", f"{webinar_id}:{fact}", webinar_id=webinar_id)
