"""What time does to conversations. Each is safe to do twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.jobs import job
from app.core.periodic import periodic
from app.forum import bookmarking, deleting, reading, timeboxing


@job("forum.half_time")
def half_time(thread_id: int, event_id: int) -> None:
    timeboxing.pass_half_time(thread_id, event_id)


@job("forum.time_is_up")
def time_is_up(thread_id: int, event_id: int) -> None:
    timeboxing.end_time(thread_id, event_id)


@job("forum.remind_bookmark")
def remind_bookmark(bookmark_id: int, when: str) -> None:
    bookmarking.remind(bookmark_id, datetime.fromisoformat(when))


@periodic("forum.purge_removed", every=timedelta(days=1))
def purge_removed() -> None:
    deleting.purge_removed()


@periodic("forum.forget_markings", every=timedelta(hours=1))
def forget_markings() -> None:
    reading.forget_markings()
