"""Keeping numbers before rows go; mails to cities that were not reached."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Gone, enqueue, job
from app.core.outbox import post_mail
from app.core.periodic import periodic
from app.network.queries import city_by_id
from app.statistics import emails
from app.statistics.freezing import freeze_old
from app.statistics.nudging import contacts, nudged_ids
from app.webinars.answerers import webinar_by_id


@periodic("statistics.freeze", every=timedelta(days=1))
def freeze() -> None:
    """In portions: the first run of a large network has years of webinars to keep."""
    if freeze_old():
        enqueue("statistics.freeze_more", utcnow().isoformat())


@job("statistics.freeze_more")
def freeze_more() -> None:
    freeze()


@job("statistics.nudge")
def nudge(webinar_id: int, city_id: int) -> None:
    """One mail to each of the city's people who may see the webinar now."""
    webinar = webinar_by_id(webinar_id)
    city = db.session.scalars(city_by_id(city_id)).first()
    if webinar is None or city is None or city_id not in nudged_ids(webinar_id):
        raise Gone
    for person in contacts(city_id, webinar_id):
        message = emails.nudge(webinar, city, person)
        post_mail(message, person.email, f"statistics.nudge:{webinar_id}:{city_id}:{person.id}")
