"""Telling people that a recording is there."""

from __future__ import annotations

from typing import Any

from app.core.jobs import enqueue, job
from app.materials import telling
from app.materials.emails import recording_there
from app.materials.recording import the_recording
from app.webinars import reminding
from app.webinars.jobs._posting import has_been_posted, held, post_once, webinar_held

RECORDING = "recording"


@job("materials.tell_recording")
def tell_recording(webinar_id: int, published_at: str, after_id: int = 0) -> None:
    """Some hundred people at a time; nobody when it was taken off again meanwhile."""
    webinar = webinar_held(webinar_id)
    if telling.moment_of(the_recording(webinar)) != published_at:
        return
    last_id = telling.go_round(webinar, published_at, after_id)
    if last_id is not None:
        facts: dict[str, Any] = {"webinar_id": webinar_id, "published_at": published_at}
        key = f"{webinar_id}:{published_at}:{last_id}"
        enqueue("materials.tell_recording", key, **facts, after_id=last_id)


@job("materials.send_recording")
def send_recording(registration_id: int, published_at: str) -> None:
    """Once for each person, however often it is published."""
    registration, _ = held(registration_id)
    if has_been_posted(registration, RECORDING):
        return
    if not telling.still_wanted(registration, published_at):
        return
    if reminding.quiet_until(registration) is not None:
        telling.queue_mail(registration, published_at)
        return
    post_once(recording_there(registration), registration, RECORDING)
