"""Each night, and when a worker starts on new zone data: which webinars moved with the rules."""

from __future__ import annotations

from datetime import timedelta

from app.core.jobs import enqueue, job
from app.core.periodic import periodic
from app.core.zone_data import read_zones_anew, zone_data_version
from app.webinars import zone_watch
from app.webinars.jobs._posting import webinar_held


@periodic("webinars.watch_zones", timedelta(days=1), at_start=zone_data_version)
def watch_zones() -> None:
    read_zones_anew()
    for webinar_id, starts_at in zone_watch.moved():
        key = f"{webinar_id}:{zone_data_version()}:{starts_at.isoformat()}"
        enqueue("webinars.follow_zone", key, webinar_id=webinar_id)
    zone_watch.note_version()


@job("webinars.follow_zone")
def follow_zone(webinar_id: int) -> None:
    zone_watch.follow(webinar_held(webinar_id))
