"""Telling people that a summary is there."""

from __future__ import annotations

from typing import Any

from app.core.db import db
from app.core.i18n import speaking
from app.core.jobs import enqueue, job
from app.notes import carrying, catching_up
from app.notes.emails import catch_up
from app.webinars import reminding
from app.webinars.jobs._posting import has_been_posted, held, post_once, webinar_held
from app.webinars.succession import session_by_id


@job("notes.tell_summary")
def tell_summary(webinar_id: int, version_id: int, after_id: int = 0) -> None:
    """Some hundred people at a time."""
    webinar = webinar_held(webinar_id)
    last_id = catching_up.go_round(webinar, version_id, after_id)
    if last_id is not None:
        facts: dict[str, Any] = {"webinar_id": webinar_id, "version_id": version_id}
        enqueue("notes.tell_summary", f"{webinar_id}:{version_id}:{last_id}", **facts,
                after_id=last_id)  # fmt: skip


@job("notes.send_summary")
def send_summary(registration_id: int, version_id: int) -> None:
    """Once for each person; later versions are told to nobody."""
    registration, _ = held(registration_id)
    fact = f"summary:{version_id}"
    if has_been_posted(registration, fact) or not reminding.wants_mail(registration):
        return
    if reminding.quiet_until(registration) is not None:
        catching_up.queue_mail(registration, version_id)
        return
    with speaking(registration.language):
        found = catching_up.catch_up_for(registration)
    if found is not None:
        post_once(catch_up(registration, found), registration, fact)


@job("notes.carry")
def carry(webinar_id: int) -> None:
    """The programme of the next session says what is open."""
    webinar = db.session.scalars(session_by_id(webinar_id)).one_or_none()
    if webinar is not None:
        carrying.carry(webinar)
